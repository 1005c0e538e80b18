using Terrace.Cli.Documents;
using Terrace.Cli.Options;
using Terrace.Cli.Output;
using Terrace.Cli.Printing;
using Terrace.Data;
using Terrace.Design;
using Terrace.Predictions;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary><c>terrace predict</c> with a Bayesian fit: predictions from its draws by row, or by row and category.</summary>
internal static class PosteriorPredictRun
{
    /// <summary>Predicts the rows of <paramref name="dataFile"/>; returns the exit status.</summary>
    public static int Run(
        SavedPosterior posterior, ModelFrame frame, string dataFile, DataSettings data, PredictionOptions options, Stream? target, string? outFile, OutputFiles files, Invocation invocation)
    {
        var predictor = new BayesianPredictor(posterior.Coefficients, options, invocation.Options.Seed);
        Frame rows = data.Open(dataFile).ReadAll();
        ComponentRows encoded = new ComponentFrames(frame, posterior.Dispersion, posterior.ZeroInflation).Encode(rows, EncodeOptions.Prediction with { NewLevels = NewLevels.Allow });
        PredictCommand.RequireComplete(data, rows.Source, encoded.Conditional.OmittedRows);
        IReadOnlyList<CategoryPredictions> predictions = predictor.Predict(encoded, rows.RowCount, invocation.Cancellation);
        PredictCommand.Remark(predictions[0].Rows, options, invocation, bayesian: true);
        return PredictCommand.Deliver(PredictionTable.Of(predictions), () => PredictDocument.Of(predictions), rows.RowCount, target, outFile, files, invocation);
    }
}
