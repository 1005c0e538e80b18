using System.Text.Json;
using Terrace.Predictions;
using Terrace.SavedFits;

namespace Terrace.Cli.Documents;

/// <summary>The JSON document of <c>terrace predict</c>.</summary>
internal static class PredictDocument
{
    /// <summary>The document as text.</summary>
    public static string Of(RowPredictions predictions) => Of([new CategoryPredictions(null, predictions)]);

    /// <summary>The document of predictions by category: an entry for each row and category.</summary>
    public static string Of(IReadOnlyList<CategoryPredictions> predictions) => JsonDocumentText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("rows");
        for (int row = 0; row < predictions[0].Rows.Estimates.Length; row++)
        {
            foreach (CategoryPredictions category in predictions) WriteRow(json, category, row);
        }
        json.WriteEndArray();
        json.WriteString("interval", predictions[0].Rows.Interval switch
        {
            PredictionInterval.Group => "group",
            PredictionInterval.Outcome => "outcome",
            _ => "mean",
        });
        json.WriteEndObject();
    });

    private static void WriteRow(Utf8JsonWriter json, CategoryPredictions category, int row)
    {
        RowPredictions predictions = category.Rows;
        json.WriteStartObject();
        json.WriteNumber("row", row + 1);
        if (category.Category is { } name) json.WriteString("category", name);
        FitDocument.WriteNumber(json, "estimate", predictions.Estimates[row]);
        FitDocument.WriteNumber(json, "sd", predictions.Sds[row]);
        FitDocument.WriteNumber(json, "lower", predictions.Lower[row]);
        FitDocument.WriteNumber(json, "upper", predictions.Upper[row]);
        json.WriteEndObject();
    }
}
