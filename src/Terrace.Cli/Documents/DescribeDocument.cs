using System.Globalization;
using System.Text.Json;
using Terrace.Data;
using Terrace.SavedFits;

namespace Terrace.Cli.Documents;

/// <summary>The JSON document of <c>terrace describe</c>.</summary>
internal static class DescribeDocument
{
    /// <summary>The document as text.</summary>
    public static string Of(DataDescription data) => JsonDocumentText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("rows", data.Rows);
        json.WriteStartArray("columns");
        foreach (VariableDescription variable in data.Variables) Write(json, variable);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, VariableDescription variable)
    {
        json.WriteStartObject();
        json.WriteString("name", variable.Name);
        json.WriteString("type", variable.Type.Word());
        json.WriteString("label", variable.Label);
        WriteLevels(json, variable.Levels);
        json.WriteNumber("missing", variable.Missing);
        WriteBound(json, "min", variable.Minimum, variable.Earliest);
        WriteBound(json, "max", variable.Maximum, variable.Latest);
        FitDocument.WriteNumber(json, "mean", variable.Mean);
        json.WriteEndObject();
    }

    private static void WriteLevels(Utf8JsonWriter json, IReadOnlyList<LevelCount>? levels)
    {
        if (levels is null)
        {
            json.WriteNull("levels");
            return;
        }
        json.WriteStartArray("levels");
        foreach (LevelCount level in levels)
        {
            json.WriteStartObject();
            json.WriteString("value", level.Value);
            json.WriteNull("label");
            json.WriteNumber("n", level.Count);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteBound(Utf8JsonWriter json, string name, double? number, DateOnly? date)
    {
        if (date is { } day) json.WriteString(name, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        else FitDocument.WriteNumber(json, name, number);
    }
}
