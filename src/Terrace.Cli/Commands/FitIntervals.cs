using Terrace.Cli.Options;
using Terrace.Cli.Output;
using Terrace.DistributionalModels;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.NonlinearModels;
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
        if (run.Linear is { } linear) return ReportIntervals.With(run.Report, GlmProfile.Of(linear, settings.Level, invocation.Cancellation), settings.Level);
        var options = new ProfileOptions { Level = settings.Level, Reach = 0, Threads = invocation.Options.Threads, Restricted = restricted, Simulations = settings.Intervals.Replicates, Seed = invocation.Options.Seed };
        ProfileLikelihood profile = run switch
        {
            { Mixed: { } fit } => ProfileLikelihood.Of(fit, options, invocation.Cancellation),
            { Distributional: { } fit } => DistributionalProfile.Of(fit, options, invocation.Cancellation),
            { Nonlinear: { } fit } => NonlinearProfile.Of(fit, options, invocation.Cancellation),
            _ => NonlinearProfile.Of(run.NonlinearMixed!, options, invocation.Cancellation),
        };
        return ReportIntervals.With(run.Report, profile, restricted ? "restricted-profile" : "profile");
    }

    private static FitReport Bootstrap(ModelRun run, ModelSettings settings, Invocation invocation)
    {
        if (run.Linear is not null) throw new UsageException("--ci bootstrap is for models with group-level terms such as (1 | group), for nonlinear ones and for those with parameters beside the mean; for this one use --ci profile.");
        IntervalChoice choice = settings.Intervals;
        if (choice.CheckpointDirectory is { } directory) Create(directory);
        using var progress = new ProgressLine(invocation);
        var options = new BootstrapOptions
        {
            Replicates = choice.Replicates,
            Seed = invocation.Options.Seed,
            KeepGroupEffects = choice.KeepGroupEffects,
            Threads = invocation.Options.Threads,
            CheckpointFile = choice.CheckpointFile,
            Resume = choice.Resume,
            Progress = progress.ForReplicates(),
        };
        (IReadOnlyList<ModelParameter> parameters, BootstrapResult result) = run switch
        {
            { Mixed: { } fit } => (ParametricBootstrap.DefaultParameters(fit), ParametricBootstrap.Run(fit, options, null, invocation.Cancellation)),
            { Distributional: { } fit } => (new DistributionalRefit(fit).Parameters, DistributionalBootstrap.Run(fit, options, invocation.Cancellation)),
            { Nonlinear: { } fit } => (NonlinearBootstrap.Parameters(fit), NonlinearBootstrap.Run(fit, options, invocation.Cancellation)),
            _ => (NonlinearBootstrap.Parameters(run.NonlinearMixed!), NonlinearBootstrap.Run(run.NonlinearMixed!, options, invocation.Cancellation)),
        };
        return ReportIntervals.With(run.Report, parameters, result, settings.Level);
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
