using Terrace.Data;
using Terrace.Design.Terms;
using Terrace.Formulas;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Design;

/// <summary>
/// Builds the columns of a factor with k levels. Treatment: the indicators of all levels but the reference. Sum: indicator of level j minus that of level k.
/// Helmert: column j is −1 for levels 1 … j, j for level j + 1. Polynomial: orthonormal polynomials of degree 1 … k − 1 in 1 … k. Simple: treatment less 1/k.
/// </summary>
/// <remarks>Chambers and Hastie (1992), Statistical Models in S, section 2.3.2. Tests: ContrastsTests, against R's values and names.</remarks>
internal static class Contrasts
{
    /// <summary>The values (levels × columns) and the suffixes of the columns' names.</summary>
    /// <exception cref="ModelException">The reference is no level of <paramref name="variable"/>.</exception>
    public static (Matrix Values, string[] Names) Columns(ContrastCoding coding, IReadOnlyList<string> levels, string variable) => coding.Kind switch
    {
        ContrastKind.Treatment => Treatment(levels, ReferenceCode(coding, levels, variable)),
        ContrastKind.Sum => (Sum(levels.Count), Numbers(levels.Count - 1)),
        ContrastKind.Simple => Simple(levels),
        ContrastKind.Helmert => (Helmert(levels.Count), Numbers(levels.Count - 1)),
        _ => (Polynomial(levels.Count), PolynomialNames(levels.Count - 1)),
    };

    /// <summary>One column for each level.</summary>
    public static (Matrix Values, string[] Names) Indicators(IReadOnlyList<string> levels) => (Matrix.Identity(levels.Count), [.. levels]);

    private static int ReferenceCode(ContrastCoding coding, IReadOnlyList<string> levels, string variable)
    {
        if (coding.Reference is not { } reference) return 0;
        for (int i = 0; i < levels.Count; i++)
            if (levels[i] == reference) return i;
        throw new ModelException($"The reference '{reference}' is no level of '{variable}'.{NearestName.Hint(reference, levels)}"
            + $" Its levels are: {string.Join(", ", levels.Take(20))}.");
    }

    private static string[] Numbers(int count) => [.. Enumerable.Range(1, count).Select(i => Deparser.Number(i))];

    private static (Matrix, string[]) Treatment(IReadOnlyList<string> levels, int reference)
    {
        var values = new Matrix(levels.Count, levels.Count - 1);
        var names = new string[levels.Count - 1];
        for (int level = 0, j = 0; level < levels.Count; level++)
        {
            if (level == reference) continue;
            values[level, j] = 1;
            names[j++] = levels[level];
        }
        return (values, names);
    }

    private static (Matrix, string[]) Simple(IReadOnlyList<string> levels)
    {
        (Matrix values, string[] names) = Treatment(levels, 0);
        for (int i = 0; i < values.Values.Length; i++) values.Values[i] -= 1.0 / levels.Count;
        return (values, names);
    }

    private static Matrix Sum(int k)
    {
        var values = new Matrix(k, k - 1);
        for (int j = 0; j < k - 1; j++)
        {
            values[j, j] = 1;
            values[k - 1, j] = -1;
        }
        return values;
    }

    private static Matrix Helmert(int k)
    {
        var values = new Matrix(k, k - 1);
        for (int j = 0; j < k - 1; j++)
        {
            for (int level = 0; level <= j; level++) values[level, j] = -1;
            values[j + 1, j] = j + 1;
        }
        return values;
    }

    private static Matrix Polynomial(int k)
    {
        double[] scores = [.. Enumerable.Range(1, k).Select(i => (double)i)];
        double[][] columns = PolynomialBasis.Learn(scores, k - 1).Evaluate(scores);
        return new Matrix(k, k - 1, [.. columns.SelectMany(column => column)]);
    }

    private static string[] PolynomialNames(int count) => [.. Enumerable.Range(1, count).Select(i => i switch { 1 => ".L", 2 => ".Q", 3 => ".C", _ => $"^{i}" })];
}
