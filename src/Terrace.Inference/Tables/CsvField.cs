using System.Globalization;

namespace Terrace.Inference.Tables;

/// <summary>
/// The one place where text becomes a field of a CSV file (RFC 4180): quoted where it has the delimiter, a quote, a line break or a blank at an end, quotes
/// doubled. A missing value is the empty field; empty text is <c>""</c>, and the text <c>NA</c> is quoted, so that they differ.
/// </summary>
public static class CsvField
{
    /// <summary>The field for a text, or for a missing value where it is null.</summary>
    public static string Of(string? text, char delimiter = ',')
    {
        if (text is null) return "";
        return NeedsQuotes(text, delimiter) ? "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : text;
    }

    /// <summary>The field for a number: the shortest text that reads back to the same bits; empty for NaN, <c>Inf</c> and <c>-Inf</c> as R writes them.</summary>
    public static string Of(double number)
    {
        if (double.IsNaN(number)) return "";
        if (double.IsInfinity(number)) return number > 0 ? "Inf" : "-Inf";
        return number.ToString("R", CultureInfo.InvariantCulture);
    }

    private static bool NeedsQuotes(string text, char delimiter) =>
        text.Length == 0 || text == "NA" || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]) || text.AsSpan().IndexOfAny("\"\r\n") >= 0 || text.Contains(delimiter);
}
