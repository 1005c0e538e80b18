using System.Globalization;
using Terrace.Inference.Tables;
using Terrace.Predictions;

namespace Terrace.Cli.Printing;

/// <summary>Predictions as a table: the row's number, estimate, sd, lower, upper.</summary>
internal static class PredictionTable
{
    /// <summary>The table of <paramref name="predictions"/>.</summary>
    public static EstimateTable Of(RowPredictions predictions) => new(
        [new KeyColumn("row", [.. Enumerable.Range(1, predictions.Estimates.Length).Select(row => row.ToString(CultureInfo.InvariantCulture))])],
        [
            new MeasureColumn("estimate", predictions.Estimates), new MeasureColumn("sd", predictions.Sds),
            new MeasureColumn("lower", predictions.Lower), new MeasureColumn("upper", predictions.Upper),
        ]);
}
