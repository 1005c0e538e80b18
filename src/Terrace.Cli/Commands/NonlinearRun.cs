using System.Diagnostics;
using Terrace.Cli.Options;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.NonlinearModels;
using Terrace.Predictions;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary>Fits a nonlinear model as the command line asks.</summary>
internal static class NonlinearRun
{
    /// <summary>Whether the formula is that of a nonlinear model: by its form, or because there are start values.</summary>
    public static bool Applies(string formula, IReadOnlyDictionary<string, double> start) => start.Count > 0 || NonlinearModelFrame.IsNonlinear(formula);

    /// <summary>Codes the data, fits the model and reports it.</summary>
    /// <exception cref="TerraceException">The data or the model is at fault.</exception>
    /// <exception cref="UsageException">An option does not suit a nonlinear model.</exception>
    public static ModelRun Fit(string text, IReadOnlyDictionary<string, double> start, IRowBlocks data, ModelSettings settings, ModelFrameOptions frameOptions, CancellationToken cancellation)
    {
        long began = Stopwatch.GetTimestamp();
        NonlinearFormula formula = NonlinearFormula.Parse(text);
        string engine = formula.RandomTerms.Count == 0 ? "ml" : "laplace";
        Check(settings, engine);
        var options = new NonlinearModelOptions { Start = start, Information = settings.AskedInformation ?? Information.Expected };
        NonlinearModelFrame frame = NonlinearModelFrame.Learn(formula, data, options, frameOptions);
        ModelRows rows = frame.Encode(data);
        ModelRun run = engine == "ml" ? WithoutGroups(frame, rows, options, settings, cancellation) : WithGroups(frame, rows, options, settings, data.Source, cancellation);
        return run.Finish(rows, settings, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static void Check(ModelSettings settings, string engine)
    {
        if (settings.Family is not (null or "gaussian") || settings.Link is not (null or "identity"))
            throw new UsageException("A nonlinear model is Gaussian with the identity link: its mean function takes the place of a link. Leave --family and --link out.");
        if (settings.Engine is { } asked && asked != engine)
            throw new UsageException($"--engine {asked} does not fit a nonlinear model {(engine == "ml" ? "without" : "with")} random terms; use {engine}, or leave the option out.");
        if (engine == "ml" && settings.AskedInformation is not null)
            throw new UsageException("--information is for laplace, but a nonlinear model without random terms is fitted by least squares; leave the option out.");
        if (settings.DegreesOfFreedom is not (null or DegreesOfFreedomMethod.None))
            throw new UsageException("--df is for Gaussian mixed models that are linear; leave the option out.");
    }

    private static ModelRun WithoutGroups(NonlinearModelFrame frame, ModelRows rows, NonlinearModelOptions options, ModelSettings settings, CancellationToken cancellation)
    {
        NonlinearModelFit fit = NonlinearLeastSquares.Fit(frame, rows, options, cancellation);
        FitReport report = NonlinearFitReport.Of(fit, Context(frame, rows, fit.Rows, settings, "ml"), settings.Level);
        return new ModelRun(frame.Coding, PredictionModel.Of(fit), report, null, null) { Summary = NonlinearSummary.Of(fit, rows.OmittedRows), Nonlinear = fit };
    }

    private static ModelRun WithGroups(NonlinearModelFrame frame, ModelRows rows, NonlinearModelOptions options, ModelSettings settings, string source, CancellationToken cancellation)
    {
        NonlinearMixedModelFit fit = NonlinearMixedModel.Fit(frame, rows, options, cancellation);
        FitReport report = NonlinearFitReport.Of(fit, Context(frame, rows, fit.Rows, settings, "laplace"), settings.Level);
        return new ModelRun(frame.Coding, PredictionModel.Of(fit), report, null, null) { Summary = NonlinearSummary.Of(fit, source), NonlinearMixed = fit };
    }

    private static FitContext Context(NonlinearModelFrame frame, ModelRows rows, int used, ModelSettings settings, string engine) =>
        new(frame.Formula.ToString(), settings.Engine ?? engine, used, rows.Cells, rows.OmittedRows);
}
