using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>The coefficients of each level of one grouping factor: the fixed effects, with the modes of that factor's effects added.</summary>
/// <param name="Group">The grouping factor.</param>
/// <param name="Levels">Its levels.</param>
/// <param name="Names">The fixed effects, then the random-effects covariates that are no fixed effect.</param>
/// <param name="Values">Levels × names.</param>
public sealed record GroupCoefficients(string Group, IReadOnlyList<string> Levels, IReadOnlyList<string> Names, Matrix Values)
{
    internal static IReadOnlyList<GroupCoefficients> Of(MixedModelFit fit) => Of(fit.Terms, fit.FixedNames, fit.Beta);

    /// <summary>From the terms and the fixed effects by name, NaN where aliased.</summary>
    internal static IReadOnlyList<GroupCoefficients> Of(IReadOnlyList<RandomTermFit> terms, IReadOnlyList<string> fixedNames, double[] beta) =>
        [.. terms.GroupBy(t => t.Group).Select(g => OfGroup([.. g], fixedNames, beta))];

    private static GroupCoefficients OfGroup(RandomTermFit[] terms, IReadOnlyList<string> fixedNames, double[] beta)
    {
        var names = fixedNames.Where((_, j) => !double.IsNaN(beta[j])).ToList();
        var values = beta.Where(value => !double.IsNaN(value)).ToList();
        foreach (string name in terms.SelectMany(t => t.TermNames))
        {
            if (names.Contains(name)) continue;
            names.Add(name);
            values.Add(0);
        }
        var table = new Matrix(terms[0].Levels.Count, names.Count);
        for (int j = 0; j < names.Count; j++) table.Column(j).Fill(values[j]);
        foreach (var term in terms)
        {
            for (int j = 0; j < term.TermNames.Count; j++)
            {
                var column = table.Column(names.IndexOf(term.TermNames[j]));
                for (int l = 0; l < column.Length; l++) column[l] += term.Modes[l, j];
            }
        }
        return new GroupCoefficients(terms[0].Group, terms[0].Levels, names, table);
    }
}
