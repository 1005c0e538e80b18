using System.Text;
using Terrace.Cli.Documents;
using Terrace.Cli.Options;
using Terrace.Cli.Output;
using Terrace.Cli.Printing;
using Terrace.Data;
using Terrace.Design;
using Terrace.Inference.Tables;
using Terrace.Predictions;

namespace Terrace.Cli.Commands;

/// <summary><c>terrace predict</c> with a fit that has parameters beside the mean: predictions by row, or by row and category.</summary>
internal static class DistributionalPredictRun
{
    /// <summary>Predicts the rows of <paramref name="dataFile"/>; returns the exit status.</summary>
    public static int Run(DistributionalPredictionModel model, string dataFile, DataSettings data, PredictionOptions options, Stream? target, string? outFile, OutputFiles files, Invocation invocation)
    {
        var predictor = new DistributionalPredictor(model, options);
        Frame rows = data.Open(dataFile).ReadAll();
        ComponentRows encoded = model.Frames.Encode(rows, EncodeOptions.Prediction with { NewLevels = NewLevels.Allow });
        if (data.FailOnMissing && encoded.Conditional.OmittedRows > 0)
            throw new DataException($"{rows.Source}: {encoded.Conditional.OmittedRows} rows lack a value that the model needs; leave out '--na fail' to get no prediction for them.");
        IReadOnlyList<CategoryPredictions> predictions = predictor.Predict(encoded, rows.RowCount, invocation.Cancellation);
        PredictCommand.Remark(predictions[0].Rows, options, invocation);
        EstimateTable table = PredictionTable.Of(predictions);
        if (target is not null)
        {
            using var writer = new StreamWriter(target, new UTF8Encoding(false), leaveOpen: true);
            CsvTable.Write(table, writer);
        }
        files.Commit();
        if (invocation.Options.Json) invocation.Output.WriteLine(PredictDocument.Of(predictions));
        else if (target is null) TextTable.Write(table, invocation.Output);
        else invocation.Remark($"{NumberText.Count(rows.RowCount)} predictions are in {outFile}.");
        return CommandLine.Done;
    }
}
