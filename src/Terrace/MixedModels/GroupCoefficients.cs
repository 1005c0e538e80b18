using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>The coefficients of each level of one grouping factor: the fixed effects, with the modes of that factor's effects added.</summary>
/// <param name="Group">The grouping factor.</param>
/// <param name="Levels">Its levels.</param>
/// <param name="Names">The fixed effects, then the random-effects covariates that are no fixed effect.</param>
/// <param name="Values">Levels × names.</param>
public sealed record GroupCoefficients(string Group, IReadOnlyList<string> Levels, IReadOnlyList<string> Names, Matrix Values)
{
    internal static IReadOnlyList<GroupCoefficients> Of(MixedModelFit fit) => [.. fit.Terms.GroupBy(t => t.Group).Select(g => Of(fit, [.. g]))];

    private static GroupCoefficients Of(MixedModelFit fit, RandomTermFit[] terms)
    {
        var names = fit.Estimated.Select(j => fit.FixedNames[j]).ToList();
        var values = fit.Estimated.Select(j => fit.Beta[j]).ToList();
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
