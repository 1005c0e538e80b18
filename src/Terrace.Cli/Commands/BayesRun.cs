using System.Diagnostics;
using Terrace.Bayes;
using Terrace.Cli.Options;
using Terrace.Cli.Output;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Inference.Evaluation;
using Terrace.Inference.Sampling;
using Terrace.SavedFits;
using Terrace.StanCode;

namespace Terrace.Cli.Commands;

/// <summary>A Bayesian model fitted as the command line of <c>terrace fit</c> asks.</summary>
internal static class BayesRun
{
    /// <summary>Codes the data, samples the posterior and reports it.</summary>
    /// <exception cref="TerraceException">The data or the model is at fault.</exception>
    /// <exception cref="UsageException">The options do not suit the model.</exception>
    public static SavedFit Fit(Formula formula, IRowBlocks data, ModelSettings settings, ModelFrameOptions options, EvaluationSettings evaluation, Stream? pit, Invocation invocation)
    {
        long start = Stopwatch.GetTimestamp();
        (ModelOutline outline, ComponentFrames frames, ModelRows rows) = Outline(formula, data, settings, options);
        BayesianSettings bayes = settings.Bayes! with { MatchMoments = evaluation.MatchMoments };
        BayesianFit fit = Sample(outline, bayes, invocation);
        var context = new FitContext(frames.Conditional.Formula.ToString(), settings.Engine!, rows.Rows, outline.Cells, rows.OmittedRows);
        BayesianFitReport report = BayesianFitReport.Of(fit, context, outline.Link.Name, Formulas(frames));
        report = report with { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, Warnings = [.. ModelRun.Omissions(context.Rows, context.Omitted), .. report.Warnings] };
        if (evaluation.Folds is { } folds) report = report with { KFold = CrossValidate(fit, bayes, folds, evaluation.By, invocation) };
        if (pit is not null) WritePit(new LooPredictions(fit, invocation.Options.Seed).Pit(invocation.Cancellation), rows, pit);
        return Saved(report, frames, rows, settings);
    }

    private static KFold CrossValidate(BayesianFit fit, BayesianSettings settings, int count, string? by, Invocation invocation)
    {
        Folds folds = by is null ? KFold.RowFolds(fit, count, invocation.Options.Seed) : KFold.GroupFolds(fit, by, count, invocation.Options.Seed);
        using var progress = new ProgressLine(invocation);
        NutsOptions sampling = settings.Sampling with { Seed = invocation.Options.Seed, Threads = invocation.Options.Threads, Progress = progress.ForChains(settings.Sampling.Chains) };
        return KFold.Of(fit, settings with { Sampling = sampling }, folds, by, invocation.Cancellation);
    }

    /// <summary>One row of the source a line, counted from 1.</summary>
    private static void WritePit(IReadOnlyList<PitValue> values, ModelRows rows, Stream file)
    {
        using var writer = new StreamWriter(file, leaveOpen: true);
        CsvWriter.Write(new Frame([new IntegerColumn("row", [.. rows.SourceRows.Select(row => row + 1L)]), new NumericColumn("pit", [.. values.Select(v => v.Pit)]), new NumericColumn("lower", [.. values.Select(v => v.Lower)]),
            new NumericColumn("upper", [.. values.Select(v => v.Upper)])]), writer);
    }

    /// <summary>The fit as a file holds it.</summary>
    public static SavedFit Saved(BayesianFitReport report, ComponentFrames frames, ModelRows rows, ModelSettings settings) => new(frames.Conditional, null, null, settings.SaveFile is null ? null : DataFingerprint.Of(rows))
    {
        BayesianReport = report,
        Posterior = new SavedPosterior(PosteriorCoefficients.Of(report.Fit, report.Link, rows.Response!.Levels), frames.Dispersion, frames.ZeroInflation) { RowElpd = settings.SaveFile is null ? null : report.Fit.RowElpd },
    };

    /// <summary>The option given that only maximum likelihood has, or null.</summary>
    public static string? LikelihoodOption(ModelSettings settings) => settings.DegreesOfFreedom is not null ? "--df" : settings.AskedInformation is not null ? "--information" : null;

    /// <summary>The Stan program of the model that the command line asks for.</summary>
    /// <exception cref="TerraceException">The data or the model is at fault, or the model has no program.</exception>
    public static StanProgram Program(Formula formula, IRowBlocks data, ModelSettings settings, ModelFrameOptions options, StanSyntax syntax)
    {
        (ModelOutline outline, ComponentFrames frames, _) = Outline(formula, data, settings, options);
        ChosenPriors priors = UserPriors.Apply(DefaultPriors.Of(outline, settings.Bayes!.Preset), outline, settings.Bayes.Priors);
        return StanProgram.Of(outline.With(priors.Model, settings.Bayes.PriorOnly), syntax, frames.Conditional.Formula.ToString());
    }

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
