using Terrace.MixedModels;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.SavedFits;

/// <summary>What there is to say about a mixed model.</summary>
public static class MixedFitReport
{
    /// <summary>The report of <paramref name="fit"/>, with intervals of probability <paramref name="level"/>: t intervals with <paramref name="tests"/>, otherwise Wald intervals.</summary>
    public static FitReport Of(MixedModelFit fit, FitContext context, double level = 0.95, CoefficientTests? tests = null) => new()
    {
        Formula = context.Formula,
        Family = fit.Family.Name,
        Link = fit.Family.Link.Name,
        Engine = fit.Engine,
        RequestedEngine = context.RequestedEngine,
        Rows = context.Rows,
        Cells = context.Cells,
        Omitted = context.Omitted,
        FixedEffects = tests is null ? FixedEffects(fit, level) : FixedEffects(fit, tests, level),
        CovarianceTerms = [.. fit.Estimated.Select(j => fit.FixedNames[j])],
        Covariance = tests?.Covariance ?? fit.BetaCovariance,
        RandomEffects = [.. fit.Terms.SelectMany(term => term.TermNames.Select((name, j) => new RandomEffectSd(term.Group, name, term.StandardDeviation(j))))],
        Correlations = [.. fit.Terms.SelectMany(Correlations)],
        Groups = [.. fit.Terms.DistinctBy(term => term.Group).Select(term => new GroupSize(term.Group, term.Levels.Count))],
        Parameters = FamilyParameters.Of(fit.Family, fit.Sigma * fit.Sigma),
        ResidualSd = fit.Family.IsGaussian ? fit.Sigma : null,
        Icc = fit.Icc,
        LogLikelihood = fit.LogLikelihood,
        Deviance = fit.RemlCriterion is null ? fit.Deviance : null,
        RemlCriterion = fit.RemlCriterion,
        Aic = fit.Aic,
        Bic = fit.Bic,
        ResidualDf = fit.ResidualDegreesOfFreedom,
        Modes = [.. fit.Terms.GroupBy(term => term.Group).Select(terms => Modes([.. terms]))],
        Coefficients = [.. fit.Coefficients().Select(group => new GroupEffects(group.Group, group.Levels, group.Names, group.Values))],
        Converged = fit.Converged,
        Singular = fit.Singular,
        GradientNorm = fit.GradientNorm,
        Evaluations = fit.Evaluations,
        Factorisation = fit.Factorisation.ToString().ToLowerInvariant(),
        LogLikelihoodError = fit.LogLikelihoodError,
        Warnings = fit.Warnings,
    };

    private static FixedEffect[] FixedEffects(MixedModelFit fit, double level)
    {
        double[] errors = fit.StandardErrors();
        double quantile = Normal.Quantile(0.5 + 0.5 * level);
        return [.. fit.FixedNames.Select((name, j) => FixedEffectOf(name, fit.Beta[j], errors[j], quantile, hasPValue: QuadratureEngine.PointsOf(fit.Engine) is not null))];
    }

    private static FixedEffect[] FixedEffects(MixedModelFit fit, CoefficientTests tests, double level) =>
        [.. fit.FixedNames.Select((name, j) =>
        {
            if (double.IsNaN(fit.Beta[j])) return new FixedEffect(name, null, null, null, null, null, null, null);
            var (lower, upper) = tests.Interval(j, level);
            return new FixedEffect(name, fit.Beta[j], tests.StandardErrors[j], tests.Statistic(j), tests.DegreesOfFreedom[j], tests.PValue(j), lower, upper);
        })];

    private static FixedEffect FixedEffectOf(string name, double estimate, double error, double quantile, bool hasPValue)
    {
        if (double.IsNaN(estimate)) return new FixedEffect(name, null, null, null, null, null, null, null);
        double statistic = estimate / error;
        double? p = hasPValue ? 2 * Normal.UpperTail(Math.Abs(statistic)) : null;
        return new FixedEffect(name, estimate, error, statistic, null, p, estimate - quantile * error, estimate + quantile * error);
    }

    internal static IEnumerable<RandomEffectCorrelation> Correlations(RandomTermFit term) =>
        from i in Enumerable.Range(0, term.TermNames.Count)
        from j in Enumerable.Range(i + 1, term.TermNames.Count - i - 1)
        select new RandomEffectCorrelation(term.Group, term.TermNames[i], term.TermNames[j], term.Correlation(i, j));

    /// <summary>The modes of all terms of one grouping factor side by side, as lme4's <c>ranef</c> has them.</summary>
    internal static GroupEffects Modes(RandomTermFit[] terms)
    {
        string[] names = Distinct([.. terms.SelectMany(term => term.TermNames)]);
        var estimates = new Matrix(terms[0].Levels.Count, names.Length);
        var sds = new Matrix(terms[0].Levels.Count, names.Length);
        int column = 0;
        foreach (RandomTermFit term in terms)
        {
            for (int j = 0; j < term.TermNames.Count; j++, column++)
            {
                for (int level = 0; level < estimates.Rows; level++)
                {
                    estimates[level, column] = term.Modes[level, j];
                    sds[level, column] = term.ConditionalStandardDeviation(level, j);
                }
            }
        }
        return new GroupEffects(terms[0].Group, terms[0].Levels, names, estimates, sds);
    }

    /// <summary>A name that comes again, as in (1 | g) + (1 | g), gets .1, .2, … so that every effect has a name of its own.</summary>
    private static string[] Distinct(string[] names)
    {
        var taken = new HashSet<string>(names, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return Array.ConvertAll(names, name =>
        {
            string own = name;
            for (int k = 1; seen.Contains(own) || (own != name && taken.Contains(own)); k++) own = FormattableString.Invariant($"{name}.{k}");
            seen.Add(own);
            return own;
        });
    }
}
