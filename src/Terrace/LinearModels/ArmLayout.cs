using System.Globalization;
using System.Text;

namespace Terrace.LinearModels;

/// <summary>The table of coefficients in arm's <c>display</c>: all numbers rounded to so many decimals and of one width; a single coefficient without detail as two numbers under their names.</summary>
internal static class ArmLayout
{
    /// <summary>Numbers with so many decimals, padded to one width.</summary>
    public static string[] Format(double[] values, int digits)
    {
        string[] texts = [.. values.Select(value => double.IsNaN(value) ? "NaN" : Rounded(value, digits))];
        int width = texts.Max(text => text.Length);
        return [.. texts.Select(text => text.PadLeft(width))];
    }

    /// <summary>Appends the table.</summary>
    public static void Append(StringBuilder text, string[] names, IReadOnlyList<(string Heading, double[] Values)> columns, int digits, bool asVector)
    {
        string[] all = Format([.. columns.SelectMany(column => column.Values)], digits);
        if (asVector)
        {
            int width = columns.Select((column, c) => Math.Max(column.Heading.Length, all[c].Length)).Max();
            foreach (var (heading, _) in columns) text.Append(heading.PadLeft(width)).Append(' ');
            text.Append('\n');
            foreach (string value in all) text.Append(value.PadLeft(width)).Append(' ');
            text.Append('\n');
            return;
        }
        int first = names.Max(name => name.Length), cell = all[0].Length;
        text.Append(new string(' ', first));
        foreach (var (heading, _) in columns) text.Append(' ').Append(heading.PadRight(cell));
        text.Append('\n');
        for (int j = 0; j < names.Length; j++)
        {
            text.Append(names[j].PadRight(first));
            for (int c = 0; c < columns.Count; c++) text.Append(' ').Append(all[c * names.Length + j].PadRight(columns[c].Heading.Length));
            text.Append('\n');
        }
    }

    private static string Rounded(double value, int digits)
    {
        string text = value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.StartsWith('-') && text.All(c => c is '-' or '0' or '.') ? text[1..] : text;
    }
}
