namespace Terrace.Inference.Tables;

/// <summary>Writes a table in Markdown, numbers aligned to the right.</summary>
public static class MarkdownTable
{
    /// <summary>Writes <paramref name="table"/> with so many significant digits.</summary>
    public static void Write(EstimateTable table, TextWriter output, int digits = 4)
    {
        string[][] columns = TextTable.Cells(table, digits);
        WriteLine(columns.Select(column => Escape(column[0])), output);
        WriteLine(columns.Select((_, j) => j < table.Keys.Count ? ":---" : "---:"), output);
        for (int row = 1; row <= table.RowCount; row++)
        {
            int r = row;
            WriteLine(columns.Select(column => Escape(column[r])), output);
        }
    }

    private static void WriteLine(IEnumerable<string> cells, TextWriter output)
    {
        output.Write("| " + string.Join(" | ", cells) + " |\n");
    }

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);
}
