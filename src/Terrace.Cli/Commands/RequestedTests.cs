using Terrace.Cli.Options;
using Terrace.Data;
using Terrace.HypothesisTests;
using Terrace.MarginalMeans;
using Terrace.MixedModels;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary>Computes the tests and means that the command line asks for.</summary>
internal static class RequestedTests
{
    /// <summary>The report of <paramref name="run"/> with them.</summary>
    /// <exception cref="TerraceException">The fit does not carry them, or a name is unknown.</exception>
    public static FitReport Of(ModelRun run, IRowBlocks data, ModelSettings settings, TestSettings wanted, CancellationToken cancellation)
    {
        if (wanted.Tests.Contains("ranova") && run.Mixed is null) throw new ModelException("ranova tests random terms, and the formula has none such as (1 | group); leave it out, or take drop1.");
        FixedEffectsEstimates? estimates = wanted.Means.Count > 0 || wanted.Tests.Any(TestOptions.TermKinds.ContainsKey) ? Estimates(run, settings, cancellation) : null;
        TermTests[] tests = [.. wanted.Tests.Where(TestOptions.TermKinds.ContainsKey).Select(name => Terms(run, estimates!, TestOptions.TermKinds[name], cancellation))];
        DroppedTerms[] dropped = [.. wanted.Tests.Where(name => name is "drop1" or "ranova").Select(name => Dropped(run, settings, name, cancellation))];
        ReferenceGrid? grid = wanted.Means.Count > 0 ? ReferenceGrid.Of(estimates!, data, wanted.Grid) : null;
        MarginalMeanTable[] means = [.. wanted.Means.Select(specification => MarginalMeanTable.Of(grid!, specification, wanted.Weights, settings.Level))];
        MeanComparisons[] comparisons = [.. means.SelectMany(table => wanted.Contrasts.Select(contrast => MeanComparisons.Of(table, contrast, wanted.Adjustment)))];
        return run.Report with { TermTests = tests, DroppedTerms = dropped, Means = means, Comparisons = comparisons };
    }

    private static FixedEffectsEstimates Estimates(ModelRun run, ModelSettings settings, CancellationToken cancellation)
    {
        if (run.Mixed is not { } mixed) return FixedEffectsEstimates.Of(run.Linear!, run.Frame, run.Rows);
        bool linear = mixed.Engine is "reml" or "ml";
        DegreesOfFreedomMethod method = settings.ChoosesDegreesOfFreedom || !linear ? settings.DegreesOfFreedom : DegreesOfFreedomMethod.Satterthwaite;
        return FixedEffectsEstimates.Of(mixed, run.Frame, run.Rows, method, cancellation);
    }

    private static TermTests Terms(ModelRun run, FixedEffectsEstimates estimates, TermTestKind kind, CancellationToken cancellation) =>
        run.Linear is { } linear ? AnalysisOfDeviance.Of(linear, run.Frame, run.Rows, kind, cancellation) : TermTests.Of(estimates, kind);

    private static DroppedTerms Dropped(ModelRun run, ModelSettings settings, string name, CancellationToken cancellation)
    {
        if (run.Mixed is not { } mixed) return DroppedTerms.OfFixed(run.Linear!, run.Frame, run.Rows, cancellation);
        return name == "ranova" ? DroppedTerms.OfRandom(mixed, run.Frame, run.Rows, settings.Information, cancellation) : DroppedTerms.OfFixed(mixed, run.Frame, run.Rows, settings.Information, cancellation);
    }
}
