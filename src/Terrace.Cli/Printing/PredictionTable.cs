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

    /// <summary>The table of predictions by category: the rows in order, each with its categories.</summary>
    public static EstimateTable Of(IReadOnlyList<CategoryPredictions> predictions)
    {
        if (predictions is [{ Category: null } only]) return Of(only.Rows);
        int rows = predictions[0].Rows.Estimates.Length;
        double[] Interleaved(Func<RowPredictions, double[]> values) => [.. Enumerable.Range(0, rows).SelectMany(row => predictions.Select(category => values(category.Rows)[row]))];
        return new EstimateTable(
            [
                new KeyColumn("row", [.. Enumerable.Range(1, rows).SelectMany(row => predictions.Select(_ => row.ToString(CultureInfo.InvariantCulture)))]),
                new KeyColumn("category", [.. Enumerable.Range(0, rows).SelectMany(_ => predictions.Select(category => category.Category!))]),
            ],
            [
                new MeasureColumn("estimate", Interleaved(part => part.Estimates)), new MeasureColumn("sd", Interleaved(part => part.Sds)),
                new MeasureColumn("lower", Interleaved(part => part.Lower)), new MeasureColumn("upper", Interleaved(part => part.Upper)),
            ]);
    }
}
