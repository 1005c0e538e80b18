using System.Text.Json;

namespace Terrace.Design;

/// <summary>Lists of numbers and texts in the JSON of a saved coding; infinite numbers are the texts <c>Inf</c> and <c>-Inf</c>.</summary>
internal static class CodingValues
{
    public static void WriteNumbers(this Utf8JsonWriter json, string name, ReadOnlySpan<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
        {
            if (double.IsFinite(value)) json.WriteNumberValue(value);
            else json.WriteStringValue(value > 0 ? "Inf" : "-Inf");
        }
        json.WriteEndArray();
    }

    public static void WriteTexts(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    public static void WriteIntegers(this Utf8JsonWriter json, IEnumerable<int> values)
    {
        json.WriteStartArray();
        foreach (int value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    public static double[] Numbers(this JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(Number)];

    public static string[] Texts(this JsonElement json, string name) => json.GetProperty(name).Texts();

    public static string[] Texts(this JsonElement json) => [.. json.EnumerateArray().Select(value => value.GetString()!)];

    public static int[] Integers(this JsonElement json) => [.. json.EnumerateArray().Select(value => value.GetInt32())];

    public static bool Flag(this JsonElement json, string name) => json.GetProperty(name).GetBoolean();

    private static double Number(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number) return value.GetDouble();
        return value.GetString() switch { "Inf" => double.PositiveInfinity, "-Inf" => double.NegativeInfinity, _ => throw new FormatException("A number is expected.") };
    }
}
