using System.Text.Json;

namespace Terrace.Stan.Data;

/// <summary>A value of the data: its dimensions and its numbers, the last index running fastest.</summary>
public sealed record StanValue(bool IsInteger, int[] Dimensions, double[] Values);

/// <summary>Data by name.</summary>
public sealed class StanData(IReadOnlyDictionary<string, StanValue> values)
{
    /// <summary>The values.</summary>
    public IReadOnlyDictionary<string, StanValue> Values { get; } = values;

    /// <summary>No data.</summary>
    public static StanData Empty { get; } = new(new Dictionary<string, StanValue>());

    /// <summary>Reads JSON.</summary>
    public static StanData ParseJson(string text, string source)
    {
        using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowTrailingCommas = true });
        var values = new Dictionary<string, StanValue>();
        foreach (JsonProperty p in document.RootElement.EnumerateObject())
        {
            List<int> dims = [];
            for (JsonElement e = p.Value; e.ValueKind == JsonValueKind.Array; e = e[0]) { dims.Add(e.GetArrayLength()); if (e.GetArrayLength() == 0) break; }
            List<double> numbers = [];
            bool ints = true;
            void Walk(JsonElement e)
            {
                if (e.ValueKind == JsonValueKind.Array) { foreach (JsonElement c in e.EnumerateArray()) Walk(c); return; }
                if (e.ValueKind == JsonValueKind.String) { numbers.Add(e.GetString() switch { "NaN" => double.NaN, "Inf" or "+Inf" or "Infinity" => double.PositiveInfinity, _ => double.NegativeInfinity }); ints = false; return; }
                string raw = e.GetRawText();
                if (raw.Contains('.', StringComparison.Ordinal) || raw.Contains('e', StringComparison.Ordinal) || raw.Contains('E', StringComparison.Ordinal)) ints = false;
                numbers.Add(e.GetDouble());
            }
            Walk(p.Value);
            values[p.Name] = new StanValue(ints, [.. dims], [.. numbers]);
        }
        _ = source;
        return new StanData(values);
    }
}
