using Terrace.Cli.Documents;
using Terrace.Cli.Options;
using Terrace.Cli.Printing;
using Terrace.Data;
using Terrace.Formulas;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary>One model by several engines, as <c>--engine ml,approx,nuts</c> asks.</summary>
internal static class EnginesRun
{
    /// <summary>Fits by every engine and prints the comparison; returns the exit status.</summary>
    /// <exception cref="UsageException">An option does not go with several engines.</exception>
    /// <exception cref="TerraceException">The data or the model is at fault.</exception>
    public static int Run(Formula formula, IRowBlocks data, DataSettings dataSettings, ModelSettings settings, Invocation invocation)
    {
        string? other = settings.SaveFile is not null ? "--save" : settings.DrawsDirectory is not null ? "--draws-out" : settings.Intervals.Kind != IntervalKind.Wald ? "--ci" : settings.Bayes?.Sampling.CheckpointDirectory is not null ? "--checkpoint" : null;
        if (other is not null) throw new UsageException($"{other} goes with one engine, not with several; leave it out, or name one engine.");
        var results = new List<EngineResult>();
        var documents = new List<Action<System.Text.Json.Utf8JsonWriter>>();
        foreach (string engine in settings.Engines)
        {
            ModelSettings own = settings with { Engine = engine, Engines = [], Bayes = settings.Bayes is { } bayes && BayesOptions.IsBayesian(engine) ? bayes with { Engine = engine } : null };
            if (own.Bayes is not null)
            {
                BayesianFitReport report = BayesRun.Fit(formula, data, own, own.FrameOptions(dataSettings), new EvaluationSettings(), null, invocation).BayesianReport!;
                results.Add(EngineResult.Of(report));
                documents.Add(json => BayesianFitDocument.Write(json, report));
            }
            else
            {
                FitReport report = ModelRun.Fit(formula, data, own with { NeedsRows = true }, own.FrameOptions(dataSettings), invocation.Cancellation).Report;
                results.Add(EngineResult.Of(report));
                documents.Add(json => FitDocument.Write(json, report));
            }
        }
        EngineComparison comparison = EngineComparison.Of(results);
        if (invocation.Options.Json) invocation.Output.WriteLine(EnginesDocument.Of(comparison, documents));
        else EnginesText.Write(invocation.Output, comparison, formula.ToString(), data.Source);
        return CommandLine.Done;
    }
}
