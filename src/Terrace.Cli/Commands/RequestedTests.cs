using Terrace.Cli.Options;
using Terrace.Data;
using Terrace.Design;
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
        if (run is { Linear: null, Mixed: null, Distributional: null } || run.Rows is not { } rows)
            throw new ModelException("Tests of terms and marginal means are there for linear, generalised linear and mixed models, and this model is of another kind; leave --test and --means out, and compare its fits by 'terrace compare'.");
        if (run.Distributional is not null && wanted.Tests.Any(name => name is "drop1" or "ranova"))
            throw new ModelException($"drop1 and ranova are not there for the {run.Report.Family} family; fit the smaller model and compare it with this one by 'terrace compare', or take type2.");
        if (wanted.Tests.Contains("ranova") && run.Mixed is null) throw new ModelException("ranova tests random terms, and the formula has none such as (1 | group); leave it out, or take drop1.");
        FixedEffectsEstimates? estimates = wanted.Means.Count > 0 || wanted.Tests.Any(TestOptions.TermKinds.ContainsKey) ? Estimates(run, rows, settings, cancellation) : null;
        TermTests[] tests = [.. wanted.Tests.Where(TestOptions.TermKinds.ContainsKey).Select(name => Terms(run, rows, estimates!, TestOptions.TermKinds[name], cancellation))];
        DroppedTerms[] dropped = [.. wanted.Tests.Where(name => name is "drop1" or "ranova").Select(name => Dropped(run, rows, settings, name, cancellation))];
        ReferenceGrid? grid = wanted.Means.Count > 0 ? ReferenceGrid.Of(estimates!, data, wanted.Grid) : null;
        MarginalMeanTable[] means = [.. wanted.Means.Select(specification => MarginalMeanTable.Of(grid!, specification, wanted.Weights, settings.Level))];
        MeanComparisons[] comparisons = [.. means.SelectMany(table => wanted.Contrasts.Select(contrast => MeanComparisons.Of(table, contrast, wanted.Adjustment)))];
        return run.Report with { TermTests = tests, DroppedTerms = dropped, Means = means, Comparisons = comparisons };
    }

    private static FixedEffectsEstimates Estimates(ModelRun run, ModelRows rows, ModelSettings settings, CancellationToken cancellation)
    {
        if (run.Distributional is { } distributional) return FixedEffectsEstimates.Of(distributional, run.Frame, rows);
        if (run.Mixed is not { } mixed) return FixedEffectsEstimates.Of(run.Linear!, run.Frame, rows);
        bool linear = mixed.Engine is "reml" or "ml";
        DegreesOfFreedomMethod method = settings.DegreesOfFreedom ?? (linear ? DegreesOfFreedomMethod.Satterthwaite : DegreesOfFreedomMethod.None);
        return FixedEffectsEstimates.Of(mixed, run.Frame, rows, method, cancellation);
    }

    private static TermTests Terms(ModelRun run, ModelRows rows, FixedEffectsEstimates estimates, TermTestKind kind, CancellationToken cancellation) =>
        run.Linear is { } linear ? AnalysisOfDeviance.Of(linear, run.Frame, rows, kind, cancellation) : TermTests.Of(estimates, kind);

    private static DroppedTerms Dropped(ModelRun run, ModelRows rows, ModelSettings settings, string name, CancellationToken cancellation)
    {
        if (run.Mixed is not { } mixed) return DroppedTerms.OfFixed(run.Linear!, run.Frame, rows, cancellation);
        return name == "ranova" ? DroppedTerms.OfRandom(mixed, run.Frame, rows, settings.Information, cancellation) : DroppedTerms.OfFixed(mixed, run.Frame, rows, settings.Information, cancellation);
    }
}
