using System.Text.Json;
using Terrace.SavedFits;

namespace Terrace.Cli.Documents;

/// <summary>The JSON document of <c>terrace fit --engine A,B,…</c>.</summary>
internal static class EnginesDocument
{
    /// <summary>The document as text.</summary>
    public static string Of(EngineComparison comparison, IReadOnlyList<Action<Utf8JsonWriter>> documents) => JsonDocumentText.Of(json =>
    {
        json.WriteStartObject();
        FitDocument.WriteArray(json, "engines", documents, (writer, write) => write(writer));
        FitDocument.WriteArray(json, "agreement", comparison.Agreement, (writer, difference) =>
        {
            writer.WriteStartObject();
            writer.WriteString("quantity", difference.Quantity);
            writer.WriteString("engine1", difference.Engine1);
            writer.WriteString("engine2", difference.Engine2);
            FitDocument.WriteNumber(writer, "differenceInSd", difference.DifferenceInSd);
            writer.WriteEndObject();
        });
        json.WriteString("verdict", comparison.Verdict);
        json.WriteEndObject();
    });
}
