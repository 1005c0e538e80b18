using Terrace.LinearModels;
using Terrace.MixedModels;

namespace Terrace.SavedFits;

/// <summary>Puts intervals of another kind in the place of a report's Wald intervals: of fixed effects, standard deviations, correlations and what the family adds.</summary>
public static class ReportIntervals
{
    /// <summary>Profile-likelihood intervals of the parameters of <paramref name="profile"/>; <paramref name="kind"/> is <c>profile</c> or <c>restricted-profile</c>.</summary>
    public static FitReport With(FitReport report, ProfileLikelihood profile, string kind = "profile")
    {
        double level = profile.Profiles.Count == 0 ? double.NaN : profile.Profiles[0].Level;
        var limits = profile.Profiles.ToDictionary(p => p.Parameter, p => (p.Lower, p.Upper));
        return With(report, profile.Parameters, limits, new IntervalSummary(kind, level)) with { Warnings = [.. report.Warnings, .. profile.Warnings] };
    }

    /// <summary>Percentile intervals of a parametric bootstrap of <paramref name="parameters"/>.</summary>
    public static FitReport With(FitReport report, IReadOnlyList<ModelParameter> parameters, BootstrapResult bootstrap, double level)
    {
        var limits = parameters.Select((parameter, k) => (parameter, k)).ToDictionary(p => p.parameter, p => bootstrap.Interval(p.k, level));
        var summary = new IntervalSummary("bootstrap", level) { Replicates = bootstrap.Replicates, Failed = bootstrap.Failed.Count, Singular = bootstrap.Singular, KeepGroupEffects = report.Groups.Count == 0 ? null : bootstrap.KeepGroupEffects };
        return With(report, parameters, limits, summary) with { Warnings = [.. report.Warnings, .. Failures(bootstrap)] };
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

    /// <summary>The limits in their places: standard deviations and correlations come in the order of the report's, the rest are found by name.</summary>
    private static FitReport With(FitReport report, IReadOnlyList<ModelParameter> parameters, Dictionary<ModelParameter, (double Lower, double Upper)> limits, IntervalSummary summary)
    {
        (double Lower, double Upper)[] OfKind(ModelParameterKind kind) => [.. parameters.Where(p => p.Kind == kind).Select(p => limits.GetValueOrDefault(p, (double.NaN, double.NaN)))];
        (double Lower, double Upper)[] sds = OfKind(ModelParameterKind.StandardDeviation), correlations = OfKind(ModelParameterKind.Correlation);
        var coefficients = limits.Where(p => p.Key.Kind == ModelParameterKind.FixedEffect).ToDictionary(p => (p.Key.Component, p.Key.Term ?? p.Key.Name), p => p.Value);
        var own = limits.Where(p => p.Key.Kind == ModelParameterKind.DistributionParameter).ToDictionary(p => p.Key.Name, p => p.Value);
        var sigma = limits.FirstOrDefault(p => p.Key.Kind == ModelParameterKind.ResidualStandardDeviation);
        return report with
        {
            FixedEffects = [.. report.FixedEffects.Select(effect => coefficients.TryGetValue((effect.Component, effect.Term), out var at) ? effect with { Lower = Number(at.Lower), Upper = Number(at.Upper) } : effect)],
            RandomEffects = [.. report.RandomEffects.Select((effect, k) => effect with { Lower = Number(sds[k].Lower), Upper = Number(sds[k].Upper) })],
            Correlations = [.. report.Correlations.Select((pair, k) => pair with { Lower = Number(correlations[k].Lower), Upper = Number(correlations[k].Upper) })],
            Parameters = [.. report.Parameters.Select(parameter =>
                own.TryGetValue(parameter.Name, out var at) ? parameter with { Lower = Number(at.Lower), Upper = Number(at.Upper) } : sigma.Key is null ? parameter : With(parameter, sigma.Value))],
            Intervals = summary,
        };
    }

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

    /// <summary>A limit that is not there, or not finite (a dispersion without an upper end), is null.</summary>
    private static double? Number(double value) => double.IsFinite(value) ? value : null;
}
