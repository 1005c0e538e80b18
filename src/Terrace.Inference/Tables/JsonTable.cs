using System.Text.Json;

namespace Terrace.Inference.Tables;

/// <summary>
/// Writes a table as JSON: an array of one object for each row. Numbers have full double precision; what JSON has no number for (NaN, infinities) is null.
/// </summary>
public static class JsonTable
{
    /// <summary>Writes the rows of <paramref name="table"/> as an array value.</summary>
    public static void WriteRows(EstimateTable table, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        for (int row = 0; row < table.RowCount; row++)
        {
            json.WriteStartObject();
            WriteMembers(table, row, json);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Writes a number, or null where it is not finite.</summary>
    public static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }

    private static void WriteMembers(EstimateTable table, int row, Utf8JsonWriter json)
    {
        foreach (KeyColumn key in table.Keys) json.WriteString(key.Name, key.Values[row]);
        foreach (MeasureColumn measure in table.Measures) WriteNumber(json, measure.Name, measure.Values[row]);
    }
}
