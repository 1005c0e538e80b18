using Terrace.LinearModels;
using Terrace.MixedModels;

namespace Terrace.SavedFits;

/// <summary>Puts intervals of another kind in the place of a report's Wald intervals: of fixed effects, standard deviations, correlations and what the family adds.</summary>
public static class ReportIntervals
{
    /// <summary>Profile-likelihood intervals of a mixed model; <paramref name="kind"/> is <c>profile</c> or <c>restricted-profile</c>.</summary>
    public static FitReport With(FitReport report, MixedModelFit fit, ProfileLikelihood profile, string kind = "profile")
    {
        double level = profile.Profiles.Count == 0 ? double.NaN : profile.Profiles[0].Level;
        var limits = profile.Profiles.ToDictionary(p => p.Parameter, p => (p.Lower, p.Upper));
        return With(report, fit, limits, new IntervalSummary(kind, level)) with { Warnings = [.. report.Warnings, .. profile.Warnings] };
    }

    /// <summary>Percentile intervals of a parametric bootstrap of a mixed model's parameters.</summary>
    public static FitReport With(FitReport report, MixedModelFit fit, BootstrapResult bootstrap, double level)
    {
        var limits = ParametricBootstrap.DefaultParameters(fit).Select((parameter, k) => (parameter, k)).ToDictionary(p => p.parameter, p => bootstrap.Interval(p.k, level));
        var summary = new IntervalSummary("bootstrap", level) { Replicates = bootstrap.Replicates, Failed = bootstrap.Failed.Count, Singular = bootstrap.Singular };
        return With(report, fit, limits, summary) with { Warnings = [.. report.Warnings, .. Failures(bootstrap)] };
    }

    /// <summary>Profile-likelihood intervals of a generalised linear model; of a linear one they are its t intervals.</summary>
    public static FitReport With(FitReport report, IReadOnlyList<CoefficientProfile> profiles, double level)
    {
        string[] open = [.. profiles.Where((p, j) => report.FixedEffects[j].Estimate is not null && (double.IsNaN(p.Lower) || double.IsNaN(p.Upper))).Select(p => p.Term)];
        ModelWarning[] warnings = open.Length == 0 ? [] : [new ModelWarning("profile-open", $"The profile of {string.Join(", ", open)} does not reach the interval's deviance as far as it could be followed; that limit is not given.")];
        return report with
        {
            FixedEffects = [.. report.FixedEffects.Select((effect, j) => effect with { Lower = Number(profiles[j].Lower), Upper = Number(profiles[j].Upper) })],
            Intervals = new IntervalSummary("profile", level),
            Warnings = [.. report.Warnings, .. warnings],
        };
    }

    private static FitReport With(FitReport report, MixedModelFit fit, Dictionary<ModelParameter, (double Lower, double Upper)> limits, IntervalSummary summary)
    {
        var ofTerm = limits.Where(p => p.Key.TermIndex >= 0).ToDictionary(p => (p.Key.TermIndex, p.Key.Row, p.Key.Column), p => p.Value);
        var sds = fit.Terms.SelectMany((term, t) => term.TermNames.Select((_, j) => ofTerm.GetValueOrDefault((t, j, j), (double.NaN, double.NaN)))).ToArray();
        var correlations = fit.Terms.SelectMany((term, t) => Pairs(term.TermNames.Count).Select(pair => ofTerm.GetValueOrDefault((t, pair.Later, pair.Earlier), (double.NaN, double.NaN)))).ToArray();
        var coefficients = limits.Where(p => p.Key.Coefficient >= 0).ToDictionary(p => p.Key.Coefficient, p => p.Value);
        var sigma = limits.FirstOrDefault(p => p.Key.Kind == ModelParameterKind.ResidualStandardDeviation);
        return report with
        {
            FixedEffects = [.. report.FixedEffects.Select((effect, j) => coefficients.TryGetValue(j, out var own) ? effect with { Lower = Number(own.Lower), Upper = Number(own.Upper) } : effect)],
            RandomEffects = [.. report.RandomEffects.Select((effect, k) => effect with { Lower = Number(sds[k].Item1), Upper = Number(sds[k].Item2) })],
            Correlations = [.. report.Correlations.Select((pair, k) => pair with { Lower = Number(correlations[k].Item1), Upper = Number(correlations[k].Item2) })],
            Parameters = sigma.Key is null ? report.Parameters : [.. report.Parameters.Select(parameter => With(parameter, sigma.Value))],
            Intervals = summary,
        };
    }

    private static IEnumerable<(int Earlier, int Later)> Pairs(int count) =>
        from i in Enumerable.Range(0, count)
        from j in Enumerable.Range(i + 1, count - i - 1)
        select (i, j);

    /// <summary>The interval of σ, of φ = σ² or of the shape 1/φ.</summary>
    private static FamilyParameter With(FamilyParameter parameter, (double Lower, double Upper) sigma) => parameter.Name switch
    {
        "sigma" => parameter with { Lower = Number(sigma.Lower), Upper = Number(sigma.Upper) },
        "dispersion" => parameter with { Lower = Number(sigma.Lower * sigma.Lower), Upper = Number(sigma.Upper * sigma.Upper) },
        "shape" => parameter with { Lower = Number(1 / (sigma.Upper * sigma.Upper)), Upper = Number(1 / (sigma.Lower * sigma.Lower)) },
        _ => parameter,
    };

    private static IEnumerable<ModelWarning> Failures(BootstrapResult bootstrap)
    {
        if (bootstrap.Failed.Count == 0) yield break;
        yield return new ModelWarning("bootstrap-failures",
            $"{bootstrap.Failed.Count} of {bootstrap.Replicates} bootstrap replicates could not be fitted and are left out of the intervals. The first of them: {bootstrap.Failed[0].Message}");
    }

    private static double? Number(double value) => double.IsNaN(value) ? null : value;
}
