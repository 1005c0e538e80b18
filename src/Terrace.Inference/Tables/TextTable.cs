namespace Terrace.Inference.Tables;

/// <summary>Writes a table as aligned plain text: keys to the left, numbers to the right, each column formatted as R would print it.</summary>
public static class TextTable
{
    /// <summary>Writes <paramref name="table"/> with so many significant digits, lines ended by a line feed.</summary>
    public static void Write(EstimateTable table, TextWriter output, int digits = 4)
    {
        string[][] columns = Cells(table, digits);
        int[] widths = [.. columns.Select(column => column.Max(Width))];
        for (int line = 0; line <= table.RowCount; line++)
        {
            int l = line;
            string text = string.Join("  ", columns.Select((column, j) => Pad(column[l], widths[j], j >= table.Keys.Count)));
            output.Write(text.TrimEnd());
            output.Write('\n');
        }
    }

    /// <summary>Each column as text: its name, then its rows.</summary>
    internal static string[][] Cells(EstimateTable table, int digits)
    {
        IEnumerable<string[]> keys = table.Keys.Select(key => (string[])[key.Name, .. key.Values.Select(OneLine)]);
        IEnumerable<string[]> measures = table.Measures.Select(measure => (string[])[measure.Name, .. NumberFormat.Column(measure.Values, digits)]);
        return [.. keys, .. measures];
    }

    private static string OneLine(string? text) => text is null ? "NA" : text.ReplaceLineEndings(" ").Replace('\t', ' ');

    private static string Pad(string text, int width, bool right)
    {
        string blanks = new(' ', width - Width(text));
        return right ? blanks + text : text + blanks;
    }

    /// <summary>The columns a text takes on a terminal, counting what the reader sees as one character once.</summary>
    private static int Width(string text) => new System.Globalization.StringInfo(text).LengthInTextElements;
}
