using System.Diagnostics;
using Terrace.Cli.Options;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.Predictions;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary>One model fitted as the command line asks: the fit, and what is said about it.</summary>
internal sealed record ModelRun(ModelFrame Frame, PredictionModel Model, FitReport Report, GeneralizedLinearModelFit? Linear, MixedModelFit? Mixed, CoefficientTests? Tests = null)
{
    /// <summary>What tells whether another fit is of the same data; only where the fit is to be saved.</summary>
    private DataFingerprint? Data { get; init; }

    /// <summary>Codes the data, fits the model and reports it.</summary>
    /// <exception cref="TerraceException">The data or the model is at fault.</exception>
    /// <exception cref="UsageException">The engine does not suit the model.</exception>
    public static ModelRun Fit(Formula formula, IRowBlocks data, ModelSettings settings, ModelFrameOptions options, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        Family family = settings.ChooseFamily("gaussian");
        string engine = EngineChoice.For(formula, family, settings.Engine);
        DegreesOfFreedomChoice.Check(settings.DegreesOfFreedom, formula, engine);
        ModelFrame frame = ModelFrame.Learn(formula, data, options);
        if (Streaming.Suits(frame, data, family, settings))
        {
            ModelRun streamed = Streaming.Fit(frame, data, settings, engine, cancellation);
            return streamed with { Report = streamed.Report with { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds } };
        }
        ModelRows rows = frame.Encode(data);
        ModelRun run = formula.RandomTerms.Count == 0
            ? WithoutGroups(frame, rows, family, settings, engine, cancellation)
            : WithGroups(frame, rows, family, settings, engine, cancellation);
        FitReport report = run.Report with { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, Warnings = [.. Omissions.Of(rows.Rows, rows.OmittedRows), .. run.Report.Warnings] };
        return run with { Report = report, Data = settings.SaveFile is null ? null : DataFingerprint.Of(rows) };
    }

    /// <summary>The fit as a file holds it.</summary>
    public SavedFit ToSavedFit() => new(Frame, Model, Report, Data);

    private static ModelRun WithoutGroups(ModelFrame frame, ModelRows rows, Family family, ModelSettings settings, string engine, CancellationToken cancellation)
    {
        bool linear = family.IsGaussian && family.Link == Link.Identity;
        GeneralizedLinearModelFit fit = linear ? LinearModel.Fit(rows) : GeneralizedLinearModel.Fit(rows, family, cancellation: cancellation);
        FitReport report = LinearFitReport.Of(fit, Context(frame, rows, fit.Rows, settings.Engine ?? engine), settings.Level);
        return new ModelRun(frame, PredictionModel.Of(fit), report, fit, null);
    }

    private static ModelRun WithGroups(ModelFrame frame, ModelRows rows, Family family, ModelSettings settings, string engine, CancellationToken cancellation)
    {
        MixedModelFit fit = QuadratureEngine.PointsOf(engine) is { } points
            ? GeneralizedLinearMixedModel.Fit(rows, family, new GeneralizedLinearMixedModelOptions { Information = settings.Information, QuadraturePoints = points }, cancellation)
            : LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = engine == "reml" }, cancellation);
        CoefficientTests? tests = CoefficientTests.Of(fit, settings.DegreesOfFreedom, cancellation);
        FitReport report = MixedFitReport.Of(fit, Context(frame, rows, fit.Rows, settings.Engine ?? engine), settings.Level, tests);
        return new ModelRun(frame, PredictionModel.Of(fit), report, null, fit, tests);
    }

    private static FitContext Context(ModelFrame frame, ModelRows rows, int used, string requested) =>
        new(frame.Formula.ToString(), requested, used, rows.Cells, rows.OmittedRows);
}
