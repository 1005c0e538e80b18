using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>Estimates and standard errors under the names that users of lme4 and arm know: <c>fixef</c>, <c>ranef</c>, <c>VarCorr</c>, <c>se.fixef</c>, <c>se.ranef</c>, <c>se.coef</c>.</summary>
/// <remarks>Bates et al. (2015), section 5; Gelman and Hill (2007), section 12.4, for arm's functions. Check: DisplayTextTests (numbers of R).</remarks>
public static class EstimateAccessors
{
    /// <summary>The fixed effects by name, aliased ones left out.</summary>
    public static IReadOnlyDictionary<string, double> Fixef(this MixedModelFit fit) => fit.Estimated.ToDictionary(j => fit.FixedNames[j], j => fit.Beta[j]);

    /// <summary>The standard errors of the fixed effects by name.</summary>
    public static IReadOnlyDictionary<string, double> SeFixef(this MixedModelFit fit) => fit.Estimated.Select((j, k) => (j, k)).ToDictionary(p => fit.FixedNames[p.j], p => Math.Sqrt(fit.BetaCovariance[p.k, p.k]));

    /// <summary>The modes of the random effects, one table for each grouping factor.</summary>
    public static IReadOnlyList<GroupTable> Ranef(this MixedModelFit fit) => Tables(fit, (term, level, j) => term.Modes[level, j]);

    /// <summary>The conditional standard deviations of the random effects, one table for each grouping factor.</summary>
    public static IReadOnlyList<GroupTable> SeRanef(this MixedModelFit fit) => Tables(fit, (term, level, j) => term.ConditionalStandardDeviation(level, j));

    /// <summary>Both kinds of standard errors.</summary>
    public static (IReadOnlyDictionary<string, double> Fixef, IReadOnlyList<GroupTable> Ranef) SeCoef(this MixedModelFit fit) => (fit.SeFixef(), fit.SeRanef());

    /// <summary>Variances and covariances with standard deviations and correlations, as the rows of <c>as.data.frame(VarCorr(fit))</c>: of each term the variances, then the covariances, last the residual variance where there is one.</summary>
    public static IReadOnlyList<VarCorrRow> VarCorr(this MixedModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var rows = new List<VarCorrRow>();
        foreach (RandomTermFit term in fit.Terms)
        {
            string group = GroupName(fit, term);
            for (int j = 0; j < term.TermNames.Count; j++) rows.Add(new VarCorrRow(group, term.TermNames[j], null, term.Covariance[j, j], term.StandardDeviation(j)));
            for (int i = 0; i < term.TermNames.Count; i++)
            {
                for (int j = i + 1; j < term.TermNames.Count; j++) rows.Add(new VarCorrRow(group, term.TermNames[i], term.TermNames[j], term.Covariance[i, j], term.Correlation(i, j)));
            }
        }
        if (!fit.Family.HasKnownDispersion) rows.Add(new VarCorrRow("Residual", null, null, fit.Sigma * fit.Sigma, fit.Sigma));
        return rows;
    }

    /// <summary>The grouping factor, with .1, .2 … where it has several terms.</summary>
    internal static string GroupName(MixedModelFit fit, RandomTermFit term)
    {
        int before = fit.Terms.TakeWhile(t => t != term).Count(t => t.Group == term.Group);
        return before == 0 ? term.Group : $"{term.Group}.{before}";
    }

    private static GroupTable[] Tables(MixedModelFit fit, Func<RandomTermFit, int, int, double> value)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return [.. fit.Terms.GroupBy(t => t.Group).Select(terms =>
        {
            (RandomTermFit Term, int Component)[] columns = [.. terms.SelectMany(t => Enumerable.Range(0, t.TermNames.Count).Select(j => (t, j)))];
            var values = new Matrix(terms.First().Levels.Count, columns.Length);
            for (int c = 0; c < columns.Length; c++)
            {
                for (int l = 0; l < values.Rows; l++) values[l, c] = value(columns[c].Term, l, columns[c].Component);
            }
            return new GroupTable(terms.Key, terms.First().Levels, [.. columns.Select(c => c.Term.TermNames[c.Component])], values);
        })];
    }
}

/// <summary>Numbers for the levels and effects of a grouping factor.</summary>
/// <param name="Group">The grouping factor.</param>
/// <param name="Levels">Its levels: the rows.</param>
/// <param name="Terms">The effects: the columns.</param>
/// <param name="Values">Levels × effects.</param>
public sealed record GroupTable(string Group, IReadOnlyList<string> Levels, IReadOnlyList<string> Terms, Matrix Values);

/// <summary>A row of <c>as.data.frame(VarCorr(fit))</c>, with R's names.</summary>
/// <param name="Grp">The grouping factor, or <c>Residual</c>.</param>
/// <param name="Var1">The effect; null for the residual.</param>
/// <param name="Var2">The second effect of a covariance; otherwise null.</param>
/// <param name="Vcov">The variance or covariance.</param>
/// <param name="Sdcor">The standard deviation or correlation.</param>
public sealed record VarCorrRow(string Grp, string? Var1, string? Var2, double Vcov, double Sdcor);
