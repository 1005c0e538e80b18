using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Terrace.Stan.Data;

/// <summary>Writes data as JSON, one variable a line. Reals have a decimal point or an exponent, so that what is read again is what was written.</summary>
internal static class JsonDataWriter
{
    /// <summary>The text.</summary>
    public static string Write(IReadOnlyDictionary<string, StanValue> values)
    {
        var text = new StringBuilder("{");
        string separator = "\n";
        foreach ((string name, StanValue value) in values)
        {
            text.Append(separator).Append("  \"").Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(name)).Append("\": ");
            Value(text, value, 0, 0);
            separator = ",\n";
        }
        return text.Append("\n}\n").ToString();
    }

    /// <summary>The part of a value that remains when the first <paramref name="fixedDimensions"/> indices are fixed; <paramref name="index"/> counts them with the last one running fastest.</summary>
    private static void Value(StringBuilder text, StanValue value, int fixedDimensions, long index)
    {
        if (fixedDimensions < value.Dimensions.Length)
        {
            int size = value.Dimensions[fixedDimensions];
            text.Append('[');
            for (int i = 0; i < size; i++)
            {
                if (i > 0) text.Append(", ");
                Value(text, value, fixedDimensions + 1, (index * size) + i);
            }
            text.Append(']');
        }
        else if (value.Elements is { } elements)
        {
            for (int k = 0; k < elements.Count; k++)
            {
                text.Append(k == 0 ? "{ \"" : ", \"").Append(k + 1).Append("\": ");
                Value(text, elements[k], fixedDimensions, index);
            }
            text.Append(" }");
        }
        else Number(text, value.Values[index], value.IsInteger);
    }

    private static void Number(StringBuilder text, double x, bool integer)
    {
        if (double.IsNaN(x)) text.Append("\"NaN\"");
        else if (double.IsInfinity(x)) text.Append(x > 0 ? "\"Inf\"" : "\"-Inf\"");
        else
        {
            int start = text.Length;
            text.Append(CultureInfo.InvariantCulture, $"{x:R}");
            if (!integer && text.ToString(start, text.Length - start).AsSpan().IndexOfAny('.', 'E') < 0) text.Append(".0");
        }
    }
}
