using System.CommandLine;
using System.Text;
using Terrace.Bayes;
using Terrace.Cli.Documents;
using Terrace.Cli.Options;
using Terrace.Cli.Output;
using Terrace.Cli.Printing;
using Terrace.Data;
using Terrace.Design;
using Terrace.Inference.Tables;
using Terrace.MixedModels;
using Terrace.Predictions;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary><c>terrace predict FIT --data FILE</c>: predictions for new rows.</summary>
internal static class PredictCommand
{
    /// <summary>The command.</summary>
    public static ToolCommand Create()
    {
        var fit = new Argument<string>("FIT") { Description = "a fit saved by 'terrace fit … --save FIT'" };
        var data = new DataOptions();
        var prediction = new PredictionChoices();
        Option<string> file = OptionValues.Required("--data", "FILE", "the rows to predict: .csv or .csv.gz");
        return new ToolCommand("predict", "predict new rows from a saved fit, with intervals", "terrace predict FIT --data FILE [options]", fit,
            [data.Group(file), prediction.Group(), CommonOptions.Group()])
        {
            ExampleMeaning = "Fit the radon model once, then predict the mean of every house with its 95 % interval.",
            Example = "terrace fit \"log_radon ~ floor + (1 | county)\" --data examples/data/radon.csv.gz --save radon.fit\n"
                + "terrace predict radon.fit --data examples/data/radon.csv.gz --out radon-predicted.csv",
            Run = (parsed, invocation) => Run(
                parsed.GetRequiredValue(fit), parsed.GetRequiredValue(file), data.Read(parsed), prediction.Read(parsed), prediction.ReadOut(parsed), invocation),
        };
    }

    private static int Run(string fitFile, string dataFile, DataSettings data, PredictionOptions options, string? outFile, Invocation invocation)
    {
        using var files = new OutputFiles(invocation.Cancellation, [fitFile, dataFile, data.SchemaFile, .. data.GroupData]);
        Stream? target = outFile is null ? null : files.Reserve(outFile);
        SavedFit fit = SavedFitFile.Read(fitFile);
        if (fit.Posterior is { } posterior) return PosteriorPredictRun.Run(posterior, fit.Frame, dataFile, data, options, target, outFile, files, invocation);
        if (options.NewLevelEffects != NewLevelEffects.Gaussian) throw new UsageException("--new-levels is for Bayesian fits; leave it out.");
        if (fit.Distributional is { } distributional) return DistributionalPredictRun.Run(distributional, dataFile, data, options, target, outFile, files, invocation);
        var predictor = new Predictor(fit.Model!, options);
        Frame rows = data.Open(dataFile).ReadAll();
        ModelRows encoded = fit.Frame.Encode(rows, EncodeOptions.Prediction with { NewLevels = NewLevels.Allow });
        RequireComplete(data, rows.Source, encoded.OmittedRows);
        RowPredictions predictions = predictor.Predict(encoded, rows.RowCount, invocation.Cancellation);
        if (fit.Model!.Joint is { Factorisation: Factorisation.Iterative })
            invocation.Remark("The model was fitted iteratively, without a factor of its random effects: the predictions have no standard deviations and no intervals. Fit it with '--factorisation sparse' to have them.");
        Remark(predictions, options, invocation);
        return Deliver(PredictionTable.Of(predictions), () => PredictDocument.Of(predictions), rows.RowCount, target, outFile, files, invocation);
    }

    /// <summary>Writes the predictions to the file, as a document or as a table; returns the exit status.</summary>
    internal static int Deliver(EstimateTable table, Func<string> document, int rows, Stream? target, string? outFile, OutputFiles files, Invocation invocation)
    {
        if (target is not null)
        {
            using var writer = new StreamWriter(target, new UTF8Encoding(false), leaveOpen: true);
            CsvTable.Write(table, writer);
        }
        files.Commit();
        if (invocation.Options.Json) invocation.Output.WriteLine(document());
        else if (target is null) TextTable.Write(table, invocation.Output);
        else invocation.Remark($"{NumberText.Count(rows)} predictions are in {outFile}.");
        return CommandLine.Done;
    }

    /// <summary>Stops where '--na fail' was asked for and rows lack a value.</summary>
    internal static void RequireComplete(DataSettings data, string source, long omitted)
    {
        if (data.FailOnMissing && omitted > 0) throw new DataException($"{source}: {omitted} rows lack a value that the model needs; leave out '--na fail' to get no prediction for them.");
    }

    /// <summary>Says what rows have no prediction, and which levels are new.</summary>
    internal static void Remark(RowPredictions predictions, PredictionOptions options, Invocation invocation, bool bayesian = false)
    {
        if (predictions.Omitted > 0)
            invocation.Remark($"{NumberText.Count(predictions.Omitted)} of {NumberText.Count(predictions.Estimates.Length)} rows have no prediction: they lack a value that the model needs, or the fit knows nothing about their combination of values.");
        foreach (UnseenLevels unseen in predictions.Unseen)
        {
            string levels = string.Join(", ", unseen.Levels.Take(5)) + (unseen.Levels.Count > 5 ? ", …" : "");
            invocation.Remark($"{unseen.Levels.Count} new {(unseen.Levels.Count == 1 ? "level" : "levels")} of {unseen.Group} ({levels}): {(bayesian && (options.Groups?.Contains(unseen.Group) ?? true) ? "their effects are drawn from the distribution of the levels, anew in each posterior draw" : OfNewLevels(unseen.Group, options))}.");
        }
    }

    private static string OfNewLevels(string group, PredictionOptions options) => (options.Groups?.Contains(group) ?? true, options.Interval) switch
    {
        (false, _) => "the prediction is without the effects of this factor, as --random asks, and the sd without the variance between its levels",
        (true, PredictionInterval.Group) => "predicted with effect 0, as all levels are with --interval group; the sd includes the variance between the levels",
        (true, PredictionInterval.Outcome) => "predicted with effect 0; the sd includes the variance between the levels and that of a single outcome",
        _ => "predicted with effect 0; the sd includes the variance between the levels",
    };
}
