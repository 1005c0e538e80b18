using System.Text.Json;

namespace Terrace.CompareStan;

/// <summary>Writes JSON data as R reads them: <c>x &lt;- structure(c(1, 2), .Dim = c(2L))</c>, last index slowest.</summary>
internal static class RDump
{
    /// <summary>Writes all variables.</summary>
    public static void Write(JsonElement data, TextWriter to)
    {
        foreach (JsonProperty variable in data.EnumerateObject())
        {
            to.Write($"`{variable.Name}` <- ");
            if (variable.Value.ValueKind != JsonValueKind.Array)
            {
                to.WriteLine(Text(variable.Value));
                continue;
            }
            List<int> sizes = [];
            for (JsonElement e = variable.Value; e.ValueKind == JsonValueKind.Array; e = e[0])
            {
                sizes.Add(e.GetArrayLength());
                if (sizes[^1] == 0) break;
            }
            List<string> values = [];
            Collect(variable.Value, values);
            to.WriteLine($"aperm(array(c({string.Join(", ", values)}), rev(c({string.Join(", ", sizes)}))))");
        }
    }

    private static void Collect(JsonElement e, List<string> values)
    {
        if (e.ValueKind != JsonValueKind.Array) values.Add(Text(e));
        else foreach (JsonElement inner in e.EnumerateArray()) Collect(inner, values);
    }

    private static string Text(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.Number => e.GetRawText(),
        JsonValueKind.True => "1",
        JsonValueKind.False => "0",
        JsonValueKind.String => e.GetString() switch { "NaN" => "NaN", "Inf" or "+Inf" or "Infinity" or "+Infinity" => "Inf", _ => "-Inf" },
        _ => throw new NotSupportedException($"data of kind {e.ValueKind}"),
    };
}
