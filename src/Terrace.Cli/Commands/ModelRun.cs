using System.Diagnostics;
using Terrace.Cli.Options;
using Terrace.Data;
using Terrace.Design;
using Terrace.DistributionalModels;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.NonlinearModels;
using Terrace.Predictions;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary>One model fitted as the command line asks: the fit, and what is said about it.</summary>
internal sealed record ModelRun(ModelFrame Frame, PredictionModel? Model, FitReport Report, GeneralizedLinearModelFit? Linear, MixedModelFit? Mixed, CoefficientTests? Tests = null)
{
    /// <summary>The rows that the model was fitted to, once it is finished.</summary>
    public ModelRows? Rows { get; init; }

    /// <summary>The summary as text, where it is not that of <see cref="Linear"/> or <see cref="Mixed"/>.</summary>
    public string? Summary { get; init; }

    /// <summary>The fit of a distributional model, or null.</summary>
    public DistributionalModelFit? Distributional { get; init; }

    /// <summary>The least-squares fit of a nonlinear model, or null.</summary>
    public NonlinearModelFit? Nonlinear { get; init; }

    /// <summary>The fit of a nonlinear mixed model, or null.</summary>
    public NonlinearMixedModelFit? NonlinearMixed { get; init; }

    /// <summary>What predictions need of a distributional model.</summary>
    public DistributionalPredictionModel? DistributionalModel { get; init; }

    /// <summary>What tells whether another fit is of the same data; only where the fit is to be saved.</summary>
    public DataFingerprint? Data { get; init; }

    /// <summary>Codes the data, fits the model and reports it.</summary>
    /// <exception cref="TerraceException">The data or the model is at fault.</exception>
    /// <exception cref="UsageException">The engine does not suit the model.</exception>
    public static ModelRun Fit(Formula formula, IRowBlocks data, ModelSettings settings, ModelFrameOptions options, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        if (settings.IsDistributional) return DistributionalRun.Fit(formula, data, settings, options, cancellation);
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
        return run.Finish(rows, settings, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>The run with what is known only afterwards: its rows and time, the rows left out, and the fingerprint of the data where the fit is to be saved.</summary>
    public ModelRun Finish(ModelRows rows, ModelSettings settings, double seconds)
    {
        FitReport report = Report with { Seconds = seconds, Warnings = [.. Omissions(rows), .. Report.Warnings] };
        return this with { Report = report, Rows = rows, Data = settings.SaveFile is null ? null : DataFingerprint.Of(rows) };
    }

    /// <summary>The fit as a file holds it.</summary>
    public SavedFit ToSavedFit() => new(Frame, Model, Report, Data) { Distributional = DistributionalModel };

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
            ? GeneralizedLinearMixedModel.Fit(rows, family, new GeneralizedLinearMixedModelOptions { Information = settings.Information, QuadraturePoints = points, Factorisation = settings.Factorisation }, cancellation)
            : LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = engine == "reml", VerifyHessian = settings.VerifyHessian, Factorisation = settings.Factorisation }, cancellation);
        CoefficientTests? tests = DegreesOfFreedomChoice.Tests(fit, settings.DegreesOfFreedom, cancellation);
        FitReport report = MixedFitReport.Of(fit, Context(frame, rows, fit.Rows, settings.Engine ?? engine), settings.Level, tests);
        return new ModelRun(frame, PredictionModel.Of(fit), report, null, fit, tests);
    }

    private static FitContext Context(ModelFrame frame, ModelRows rows, int used, string requested) =>
        new(frame.Formula.ToString(), requested, used, rows.Cells, rows.OmittedRows);

    /// <summary>The warning about rows left out, where there are any.</summary>
    internal static IEnumerable<ModelWarning> Omissions(ModelRows rows) => Omissions(rows.Rows, rows.OmittedRows);

    /// <summary>The same for numbers of rows.</summary>
    internal static IEnumerable<ModelWarning> Omissions(long used, long omitted)
    {
        if (omitted == 0) yield break;
        string are = omitted == 1 ? "1 row lacks a value of a variable of the model and was" : $"{omitted} rows lack a value of a variable of the model and were";
        yield return new ModelWarning("rows-omitted", $"{are} left out; {used} remain.");
    }
}
