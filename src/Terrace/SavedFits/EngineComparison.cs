using Terrace.Inference.Diagnostics;

namespace Terrace.SavedFits;

/// <summary>One model fitted by several engines, quantity by quantity: the same posterior by different ways must agree within Monte Carlo error; maximum likelihood differs rightly and stands beside them.</summary>
/// <remarks>
/// Differences are in posterior standard deviations. The verdict is among <c>nuts</c>, <c>gibbs</c> and an accepted <c>approx</c>: two means agree where they differ by at most 4 combined Monte Carlo standard errors. Checked in
/// <c>EngineComparisonTests</c>.
/// </remarks>
public sealed record EngineComparison
{
    private const double MonteCarloErrors = 4;

    private EngineComparison(IReadOnlyList<EngineResult> engines, IReadOnlyList<EngineDifference> agreement, string verdict) => (Engines, Agreement, Verdict) = (engines, agreement, verdict);

    /// <summary>The engines in the order in which they were asked for.</summary>
    public IReadOnlyList<EngineResult> Engines { get; }

    /// <summary>Every quantity that two engines have in common, for every pair.</summary>
    public IReadOnlyList<EngineDifference> Agreement { get; }

    /// <summary>What it comes to, in words.</summary>
    public string Verdict { get; }

    /// <summary>Compares results.</summary>
    public static EngineComparison Of(IReadOnlyList<EngineResult> engines)
    {
        ArgumentNullException.ThrowIfNull(engines);
        EngineDifference[] agreement = [.. Pairs(engines).SelectMany(pair => Differences(pair.First, pair.Second))];
        return new EngineComparison(engines, agreement, string.Join(' ', Sentences(engines, agreement)));
    }

    private static IEnumerable<(EngineResult First, EngineResult Second)> Pairs(IReadOnlyList<EngineResult> engines) =>
        from i in Enumerable.Range(0, engines.Count)
        from j in Enumerable.Range(i + 1, engines.Count - i - 1)
        select (engines[i], engines[j]);

    private static IEnumerable<EngineDifference> Differences(EngineResult first, EngineResult second)
    {
        foreach (EngineQuantity own in first.Quantities)
        {
            if (second.Quantities.FirstOrDefault(quantity => quantity.Name == own.Name) is not { } other) continue;
            double sd = second.IsPosterior ? other.Sd : own.Sd, error = Math.Sqrt(own.Mcse * own.Mcse + other.Mcse * other.Mcse);
            yield return new EngineDifference(own.Name, first.Engine, second.Engine, (other.Estimate - own.Estimate) / sd)
            {
                Agrees = first.IsPosterior && second.IsPosterior ? Math.Abs(other.Estimate - own.Estimate) <= MonteCarloErrors * error : null,
            };
        }
    }

    private static IEnumerable<string> Sentences(IReadOnlyList<EngineResult> engines, EngineDifference[] agreement)
    {
        string[] posteriors = [.. engines.Where(engine => engine.IsPosterior).Select(engine => engine.Engine)];
        EngineDifference[] judged = [.. agreement.Where(difference => difference.Agrees is not null)];
        EngineDifference[] apart = [.. judged.Where(difference => difference.Agrees == false).OrderByDescending(difference => Math.Abs(difference.DifferenceInSd))];
        if (judged.Length > 0 && apart.Length == 0) yield return $"{string.Join(", ", posteriors.SkipLast(1))} and {posteriors[^1]} agree on all {judged.Length} means within 4 Monte Carlo errors.";
        if (apart.Length > 0)
        {
            string worst = string.Join(", ", apart.Take(3).Select(difference => FormattableString.Invariant($"{difference.Quantity} ({difference.Engine1} and {difference.Engine2}: {Math.Abs(difference.DifferenceInSd):0.00} sd)")));
            yield return $"{apart.Length} of {judged.Length} means differ by more than 4 Monte Carlo errors: {worst}. Run more iterations; if it stays, do not trust either.";
        }
        if (judged.Length == 0) yield return posteriors.Length < 2 ? "Only one engine samples the posterior, so that there is nothing to judge." : "The engines have no quantity in common.";
        foreach (EngineResult likelihood in engines.Where(engine => !engine.IsPosterior))
        {
            yield return $"{likelihood.Engine} maximises the likelihood without priors, so that it differs rightly"
                + (likelihood.Boundary.Count == 0 ? "." : $", most of all where it ends on the boundary: {string.Join(", ", likelihood.Boundary)}.");
        }
    }
}

/// <summary>What one engine says.</summary>
/// <param name="Engine">The engine; <c>nuts (for approx)</c> where the fast approximation was rejected.</param>
/// <param name="Quantities">The quantities, named as draws are.</param>
/// <param name="IsPosterior">Whether they are posterior means.</param>
/// <param name="Boundary">Standard deviations that are 0 and correlations of ±1.</param>
public sealed record EngineResult(string Engine, IReadOnlyList<EngineQuantity> Quantities, bool IsPosterior, IReadOnlyList<string> Boundary)
{
    /// <summary>Of maximum likelihood.</summary>
    public static EngineResult Of(FitReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var quantities = new List<EngineQuantity>();
        foreach (FixedEffect effect in report.FixedEffects.Where(effect => effect.Estimate is not null)) quantities.Add(new EngineQuantity($"b[{Prefix(effect.Component)}{effect.Term}]", effect.Estimate!.Value, effect.StdError ?? double.NaN, 0));
        foreach (RandomEffectSd effect in report.RandomEffects) quantities.Add(new EngineQuantity($"sd[{Prefix(effect.Component)}{effect.Group},{effect.Term}]", effect.Sd, double.NaN, 0));
        foreach (RandomEffectCorrelation pair in report.Correlations) quantities.Add(new EngineQuantity($"cor[{pair.Group},{pair.Term1},{pair.Term2}]", pair.Correlation, double.NaN, 0));
        foreach (FamilyParameter parameter in report.Parameters) quantities.Add(new EngineQuantity(parameter.Name, parameter.Estimate, parameter.StdError ?? double.NaN, 0));
        string[] boundary = [.. report.RandomEffects.Where(effect => effect.Sd < 1e-6).Select(effect => $"sd[{effect.Group},{effect.Term}] = 0"), .. report.Correlations.Where(pair => Math.Abs(pair.Correlation) > 1 - 1e-6).Select(pair => $"cor[{pair.Group},{pair.Term1},{pair.Term2}] = {(pair.Correlation > 0 ? "" : "-")}1")];
        return new EngineResult(report.Engine, quantities, false, boundary);
    }

    /// <summary>Of posterior draws.</summary>
    public static EngineResult Of(BayesianFitReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        VariableSummary[] shown = [.. report.FixedEffects.Select(effect => effect.Summary).OfType<VariableSummary>(), .. report.RandomEffects.Select(effect => effect.Summary), .. report.Correlations.Select(pair => pair.Summary), .. report.Parameters];
        string engine = report.RequestedEngine == report.Fit.Engine ? report.Fit.Engine : $"{report.Fit.Engine} (for {report.RequestedEngine})";
        return new EngineResult(engine, [.. shown.Select(summary => new EngineQuantity(summary.Name, summary.Mean, summary.Sd, summary.Mcse))], true, []);
    }

    private static string Prefix(string component) => component == "conditional" ? "" : component + ",";
}

/// <summary>One quantity by one engine.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Estimate">The posterior mean, or the estimate.</param>
/// <param name="Sd">The posterior standard deviation, or the standard error; NaN where there is none.</param>
/// <param name="Mcse">The Monte Carlo standard error of the mean; 0 of an estimate.</param>
public sealed record EngineQuantity(string Name, double Estimate, double Sd, double Mcse);

/// <summary>One quantity by two engines.</summary>
/// <param name="Quantity">Its name.</param>
/// <param name="Engine1">The first engine.</param>
/// <param name="Engine2">The second.</param>
/// <param name="DifferenceInSd">The second less the first, in standard deviations of the posterior.</param>
public sealed record EngineDifference(string Quantity, string Engine1, string Engine2, double DifferenceInSd)
{
    /// <summary>Whether two posterior means agree within 4 Monte Carlo errors; null where one is an estimate.</summary>
    public bool? Agrees { get; init; }
}
