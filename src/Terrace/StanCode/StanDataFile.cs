using System.Text.Json;

namespace Terrace.StanCode;

/// <summary>The data of a Stan program in CmdStan's JSON: numbers, arrays, matrices row by row.</summary>
internal sealed class StanDataFile
{
    private readonly List<(string Name, object Value)> _entries = [];

    /// <summary>Adds a value: a number, an array of numbers, or rows.</summary>
    public void Add(string name, object value) => _entries.Add((name, value));

    /// <summary>Writes one JSON object.</summary>
    public void Write(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = false });
        json.WriteStartObject();
        foreach ((string name, object value) in _entries)
        {
            json.WritePropertyName(name);
            Write(json, value);
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case int number: json.WriteNumberValue(number); break;
            case double number: json.WriteNumberValue(number); break;
            case int[] numbers: Array(json, numbers.Length, i => json.WriteNumberValue(numbers[i])); break;
            case double[] numbers: Array(json, numbers.Length, i => json.WriteNumberValue(numbers[i])); break;
            case double[][] rows: Array(json, rows.Length, i => Write(json, rows[i])); break;
            default: throw new ArgumentException($"No such data: {value.GetType().Name}.");
        }
    }

    private static void Array(Utf8JsonWriter json, int length, Action<int> element)
    {
        json.WriteStartArray();
        for (int i = 0; i < length; i++) element(i);
        json.WriteEndArray();
    }
}
