using System.Text.Json;
using Terrace.Predictions;
using Terrace.SavedFits;

namespace Terrace.Cli.Documents;

/// <summary>The JSON document of <c>terrace predict</c>.</summary>
internal static class PredictDocument
{
    /// <summary>The document as text.</summary>
    public static string Of(RowPredictions predictions) => JsonDocumentText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("rows");
        for (int row = 0; row < predictions.Estimates.Length; row++) WriteRow(json, predictions, row);
        json.WriteEndArray();
        json.WriteString("interval", predictions.Interval switch
        {
            PredictionInterval.Group => "group",
            PredictionInterval.Outcome => "outcome",
            _ => "mean",
        });
        json.WriteEndObject();
    });

    private static void WriteRow(Utf8JsonWriter json, RowPredictions predictions, int row)
    {
        json.WriteStartObject();
        json.WriteNumber("row", row + 1);
        FitDocument.WriteNumber(json, "estimate", predictions.Estimates[row]);
        FitDocument.WriteNumber(json, "sd", predictions.Sds[row]);
        FitDocument.WriteNumber(json, "lower", predictions.Lower[row]);
        FitDocument.WriteNumber(json, "upper", predictions.Upper[row]);
        json.WriteEndObject();
    }
}
