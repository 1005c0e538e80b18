using Terrace.Cli.Options;
using Terrace.Cli.Output;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary>The intervals that <c>--ci</c> asks for, put into the report of a fit.</summary>
internal static class FitIntervals
{
    /// <summary>The run with its intervals.</summary>
    /// <exception cref="TerraceException">The model has no such intervals, or a checkpoint is at fault.</exception>
    /// <exception cref="UsageException">The kind does not suit the model.</exception>
    public static ModelRun Add(ModelRun run, ModelSettings settings, Invocation invocation) => settings.Intervals.Kind switch
    {
        IntervalKind.Profile or IntervalKind.RestrictedProfile => run with { Report = Profile(run, settings, invocation) },
        IntervalKind.Bootstrap => run with { Report = Bootstrap(run, settings, invocation) },
        _ => run,
    };

    private static FitReport Profile(ModelRun run, ModelSettings settings, Invocation invocation)
    {
        bool restricted = settings.Intervals.Kind == IntervalKind.RestrictedProfile;
        if (restricted && (run.Mixed is null || run.Mixed.Engine is "reml" or "ml"))
            throw new UsageException("--ci restricted-profile is for generalised linear models with group-level terms such as (1 | group); use --ci profile.");
        if (run.Linear is null && run.Mixed is null) throw new UsageException("--ci profile is for linear, generalised linear and their mixed models, not for this kind of model; leave the option out for Wald intervals.");
        if (run.Linear is { } linear) return ReportIntervals.With(run.Report, GlmProfile.Of(linear, settings.Level, invocation.Cancellation), settings.Level);
        var options = new ProfileOptions { Level = settings.Level, Reach = 0, Threads = invocation.Options.Threads, Restricted = restricted, Simulations = settings.Intervals.Replicates, Seed = invocation.Options.Seed };
        return ReportIntervals.With(run.Report, run.Mixed!, ProfileLikelihood.Of(run.Mixed!, options, invocation.Cancellation), restricted ? "restricted-profile" : "profile");
    }

    private static FitReport Bootstrap(ModelRun run, ModelSettings settings, Invocation invocation)
    {
        if (run.Mixed is not { } fit)
            throw new UsageException(run.Linear is null
                ? "--ci bootstrap is for linear and generalised linear mixed models, not for this kind of model; leave the option out for Wald intervals."
                : "--ci bootstrap is for linear and generalised linear models with group-level terms such as (1 | group); without them use --ci profile.");
        IntervalChoice choice = settings.Intervals;
        if (choice.CheckpointDirectory is { } directory) Create(directory);
        using var progress = new ProgressLine(invocation);
        var options = new BootstrapOptions
        {
            Replicates = choice.Replicates,
            Seed = invocation.Options.Seed,
            Threads = invocation.Options.Threads,
            CheckpointFile = choice.CheckpointFile,
            Resume = choice.Resume,
            Progress = progress.ForReplicates(),
        };
        return ReportIntervals.With(run.Report, fit, ParametricBootstrap.Run(fit, options, null, invocation.Cancellation), settings.Level);
    }

    private static void Create(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"The folder '{directory}' for --checkpoint cannot be made: {fault.Message}");
        }
    }
}
