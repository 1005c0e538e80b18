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
    public static BayesianFitReport Fit(Formula formula, IRowBlocks data, ModelSettings settings, ModelFrameOptions options, Invocation invocation)
    {
        long start = Stopwatch.GetTimestamp();
        (ModelOutline outline, FitContext context, IReadOnlyDictionary<string, string> components) = Outline(formula, data, settings, options);
        BayesianFit fit = Sample(outline, settings.Bayes!, invocation);
        BayesianFitReport report = BayesianFitReport.Of(fit, context, outline.Link.Name, components);
        return report with { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, Warnings = [.. ModelRun.Omissions(context.Rows, context.Omitted), .. report.Warnings] };
    }

    /// <summary>The option given that only maximum likelihood has, or null.</summary>
    public static string? LikelihoodOption(ModelSettings settings) => settings.DegreesOfFreedom is not null ? "--df" : settings.AskedInformation is not null ? "--information" : null;

    private static BayesianFit Sample(ModelOutline outline, BayesianSettings settings, Invocation invocation)
    {
        using var progress = new ProgressLine(invocation);
        NutsOptions sampling = settings.Sampling with { Seed = invocation.Options.Seed, Threads = invocation.Options.Threads, Progress = progress.ForChains(settings.Sampling.Chains) };
        return BayesianFit.Sample(outline, settings with { Sampling = sampling }, invocation.Cancellation);
    }

    private static (ModelOutline Outline, FitContext Context, IReadOnlyDictionary<string, string> Components) Outline(Formula formula, IRowBlocks data, ModelSettings settings, ModelFrameOptions options)
    {
        var none = new Dictionary<string, string>();
        if (settings.IsDistributional)
        {
            ResponseFamily family = DistributionalChoice.Family(settings);
            ComponentFrames frames = DistributionalRun.Frames(formula, data, settings, options);
            ComponentRows all = frames.Encode(data);
            if (frames.ZeroInflation is { } zero) none["zero-inflation"] = zero.Formula.ToString();
            if (frames.Dispersion is { } dispersion) none["dispersion"] = dispersion.Formula.ToString();
            return Described(ModelOutline.Of(all, family), frames.Conditional, all.Conditional, settings, none);
        }
        ModelFrame frame = ModelFrame.Learn(formula, data, options);
        ModelRows rows = frame.Encode(data);
        return Described(settings.Family == "categorical" ? ModelOutline.OfCategories(rows) : ModelOutline.Of(rows, settings.ChooseFamily("gaussian")), frame, rows, settings, none);
    }

    private static (ModelOutline, FitContext, IReadOnlyDictionary<string, string>) Described(ModelOutline outline, ModelFrame frame, ModelRows rows, ModelSettings settings, Dictionary<string, string> components) =>
        (outline, new FitContext(frame.Formula.ToString(), settings.Engine!, rows.Rows, outline.Cells, rows.OmittedRows), components);
}
