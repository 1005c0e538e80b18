using Terrace.LinearModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.NonlinearModels;

/// <summary>
/// Initial values of a self-starting function: every shape s of a coarse grid is tried with its linear coefficients a by least squares, and the shapes with the smallest
/// residual sum of squares r(s) = min_a Σ w (y − Σ a_j g_j(x; s))² start the search over all parameters.
/// </summary>
/// <remarks>
/// <para>Golub and Pereyra (1973), The differentiation of pseudo-inverses and nonlinear least squares problems whose variables separate, for r(s). R's functions start from
/// transformed linear regressions instead; the optimum is the same. Symbols: s -> shape; g -> basis; a -> linear. The linear
/// problem are solved; three or more do not occur.</para>
/// <para>Check: SelfStartingFunctionTests (recovers curves of many shapes, and R's nls fits).</para>
/// </remarks>
internal static class StartSearch
{
    private const int Candidates = 6;

    /// <summary>Full parameter vectors to start from, the best first, each with what <paramref name="given"/> fixes put in its place.</summary>
    /// <exception cref="ModelException">A parameter has no start value and the mean finds none itself.</exception>
    public static IReadOnlyList<double[]> Of(NonlinearProblem problem, IReadOnlyDictionary<string, double> given)
    {
        IReadOnlyList<string> names = problem.Mean.Parameters;
        string[] missing = [.. names.Where(name => !given.ContainsKey(name))];
        if (given.FirstOrDefault(start => !double.IsFinite(start.Value)) is { Key: not null } bad) throw new ModelException($"The start value of {bad.Key} is not finite.");
        if (missing.Length == 0) return [[.. names.Select(name => given[name])]];
        if (problem.Mean.SelfStart is not { } function)
            throw new ModelException($"The mean function does not find its own start values, and {string.Join(", ", missing)} {(missing.Length == 1 ? "has" : "have")} none; give {(missing.Length == 1 ? "it" : "them")}, as in --start {missing[0]}=1.");
        List<double[]> found = Search(problem, function);
        if (found.Count == 0) throw new ModelException($"{function.Name}() finds no start values for these data: no curve of its kind can be computed for all rows. Check the inputs, or give start values for {string.Join(", ", names)}.");
        IReadOnlyList<int> place = problem.Mean.SelfStartParameters;
        return [.. found.Select(start => names.Select((name, k) => given.GetValueOrDefault(name, start[place.ToList().IndexOf(k)])).ToArray())];
    }

    private static List<double[]> Search(NonlinearProblem problem, SelfStartingFunction function)
    {
        double[] inputs = Select(problem);
        int width = function.Inputs.Count, m = function.LinearCount;
        var basis = new Matrix(problem.Count, m);
        var found = new List<(double Squares, double[] Parameters)>();
        foreach (double[] shape in function.Shapes(InputRange.Of(inputs, width)))
        {
            if (!FillBasis(function, inputs, width, shape, basis)) continue;
            double squares = Regress(problem, basis, out double[] linear);
            if (double.IsFinite(squares) && function.ToParameters(shape, linear) is { } parameters && parameters.All(double.IsFinite)) found.Add((squares, parameters));
        }
        return [.. found.OrderBy(start => start.Squares).Take(Candidates).Select(start => start.Parameters)];
    }

    private static double[] Select(NonlinearProblem problem)
    {
        IReadOnlyList<int> chosen = problem.Mean.SelfStartInputs;
        var inputs = new double[problem.Count * chosen.Count];
        for (int i = 0; i < problem.Count; i++)
            for (int j = 0; j < chosen.Count; j++) inputs[i * chosen.Count + j] = problem.InputsOf(i)[chosen[j]];
        return inputs;
    }

    private static bool FillBasis(SelfStartingFunction function, double[] inputs, int width, double[] shape, Matrix basis)
    {
        Span<double> row = stackalloc double[4];
        row = row[..basis.Columns];
        for (int i = 0; i < basis.Rows; i++)
        {
            function.Basis(inputs.AsSpan(i * width, width), shape, row);
            for (int j = 0; j < row.Length; j++)
            {
                if (!double.IsFinite(row[j])) return false;
                basis[i, j] = row[j];
            }
        }
        return true;
    }

    /// <summary>The residual sum of squares of the regression on the basis; infinite where its columns depend on each other.</summary>
    private static double Regress(NonlinearProblem problem, Matrix basis, out double[] linear)
    {
        var squares = new WeightedLeastSquares(basis, problem.Observations.Weight, problem.Observations.Y, 1e-6);
        linear = squares.Coefficients;
        if (squares.Qr.Rank < basis.Columns) return double.PositiveInfinity;
        return problem.ResidualSquares(WeightedLeastSquares.LinearPredictor(basis, linear, new double[basis.Rows]));
    }
}
