using System.Diagnostics;
using Terrace.Bayes;
using Terrace.Cli.Options;
using Terrace.Cli.Output;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Inference.Sampling;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary>A Bayesian model fitted as the command line of <c>terrace fit</c> asks.</summary>
internal static class BayesRun
{
    /// <summary>Codes the data, samples the posterior and reports it.</summary>
    /// <exception cref="TerraceException">The data or the model is at fault.</exception>
    /// <exception cref="UsageException">The options do not suit the model.</exception>
    public static SavedFit Fit(Formula formula, IRowBlocks data, ModelSettings settings, ModelFrameOptions options, Invocation invocation)
    {
        long start = Stopwatch.GetTimestamp();
        (ModelOutline outline, ComponentFrames frames, ModelRows rows) = Outline(formula, data, settings, options);
        BayesianFit fit = Sample(outline, settings.Bayes!, invocation);
        var context = new FitContext(frames.Conditional.Formula.ToString(), settings.Engine!, rows.Rows, outline.Cells, rows.OmittedRows);
        BayesianFitReport report = BayesianFitReport.Of(fit, context, outline.Link.Name, Formulas(frames));
        report = report with { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, Warnings = [.. ModelRun.Omissions(context.Rows, context.Omitted), .. report.Warnings] };
        return Saved(report, frames, rows, settings);
    }

    /// <summary>The fit as a file holds it.</summary>
    public static SavedFit Saved(BayesianFitReport report, ComponentFrames frames, ModelRows rows, ModelSettings settings) => new(frames.Conditional, null, null, settings.SaveFile is null ? null : DataFingerprint.Of(rows))
    {
        BayesianReport = report,
        Posterior = new SavedPosterior(PosteriorCoefficients.Of(report.Fit, report.Link, rows.Response!.Levels), frames.Dispersion, frames.ZeroInflation) { RowElpd = settings.SaveFile is null ? null : report.Fit.RowElpd },
    };

    /// <summary>The option given that only maximum likelihood has, or null.</summary>
    public static string? LikelihoodOption(ModelSettings settings) => settings.DegreesOfFreedom is not null ? "--df" : settings.AskedInformation is not null ? "--information" : null;

    private static BayesianFit Sample(ModelOutline outline, BayesianSettings settings, Invocation invocation)
    {
        using var progress = new ProgressLine(invocation);
        NutsOptions sampling = settings.Sampling with { Seed = invocation.Options.Seed, Threads = invocation.Options.Threads, Progress = progress.ForChains(settings.Sampling.Chains) };
        return BayesianFit.Sample(outline, settings with { Sampling = sampling }, invocation.Cancellation);
    }

    private static (ModelOutline Outline, ComponentFrames Frames, ModelRows Rows) Outline(Formula formula, IRowBlocks data, ModelSettings settings, ModelFrameOptions options)
    {
        if (settings.IsDistributional)
        {
            ResponseFamily family = DistributionalChoice.Family(settings);
            ComponentFrames frames = DistributionalRun.Frames(formula, data, settings, options);
            ComponentRows all = frames.Encode(data);
            return (ModelOutline.Of(all, family), frames, all.Conditional);
        }
        ModelFrame frame = ModelFrame.Learn(formula, data, options);
        ModelRows rows = frame.Encode(data);
        return (settings.Family == "categorical" ? ModelOutline.OfCategories(rows) : ModelOutline.Of(rows, settings.ChooseFamily("gaussian")), new ComponentFrames(frame), rows);
    }

    private static Dictionary<string, string> Formulas(ComponentFrames frames)
    {
        var formulas = new Dictionary<string, string>();
        if (frames.ZeroInflation is { } zero) formulas["zero-inflation"] = zero.Formula.ToString();
        if (frames.Dispersion is { } dispersion) formulas["dispersion"] = dispersion.Formula.ToString();
        return formulas;
    }
}
