using System.Diagnostics;
using Terrace.Cli.Options;
using Terrace.Data;
using Terrace.Design;
using Terrace.DistributionalModels;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Predictions;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary>A model with parameters beside the mean, fitted as the command line asks.</summary>
internal static class DistributionalRun
{
    /// <summary>Codes the data of every component, fits the model and reports it.</summary>
    /// <exception cref="TerraceException">The data or the model is at fault.</exception>
    /// <exception cref="UsageException">The options do not suit the model.</exception>
    public static ModelRun Fit(Formula formula, IRowBlocks data, ModelSettings settings, ModelFrameOptions options, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        ResponseFamily family = DistributionalChoice.Family(settings);
        string engine = DistributionalChoice.Engine(formula, family, settings.Engine);
        DegreesOfFreedomChoice.Check(settings.DegreesOfFreedom, formula, engine);
        ComponentFrames frames = Frames(formula, data, settings, options);
        ComponentRows rows = frames.Encode(data);
        DistributionalModelFit fit = DistributionalModel.Fit(rows, family, new DistributionalModelOptions { Information = settings.Information, Factorisation = settings.Factorisation }, cancellation);
        var context = new FitContext(frames.Conditional.Formula.ToString(), settings.Engine ?? engine, fit.Rows, fit.Cells, rows.Conditional.OmittedRows);
        FitReport report = DistributionalFitReport.Of(fit, frames, context, settings.Level);
        var run = new ModelRun(frames.Conditional, null, report, null, null) { Distributional = fit, DistributionalModel = DistributionalPredictionModel.Of(fit, frames) };
        return run.Finish(rows.Conditional, settings, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>The coding of every component.</summary>
    public static ComponentFrames Frames(Formula formula, IRowBlocks data, ModelSettings settings, ModelFrameOptions options) =>
        ComponentFrames.Learn(formula, Parse(settings.Dispersion, "--dispersion"), Parse(settings.ZeroInflation, "--zero-inflation"), data, options);

    private static Formula? Parse(string? text, string option)
    {
        if (text is null) return null;
        if (!text.TrimStart().StartsWith('~')) throw new UsageException($"{option} needs a one-sided formula such as '~ x', not '{text}'.");
        return Formula.Parse(text.Trim());
    }
}
