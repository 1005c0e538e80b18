namespace Terrace.Inference.Tables;

/// <summary>Writes a table as CSV: a header, full double precision, lines ended by a line feed.</summary>
public static class CsvTable
{
    /// <summary>Writes <paramref name="table"/> to <paramref name="output"/>.</summary>
    public static void Write(EstimateTable table, TextWriter output)
    {
        WriteLine(table.ColumnNames.Select(name => CsvField.Of(name)), output);
        for (int row = 0; row < table.RowCount; row++)
        {
            int r = row;
            IEnumerable<string> keys = table.Keys.Select(key => CsvField.Of(key.Values[r]));
            WriteLine(keys.Concat(table.Measures.Select(measure => CsvField.Of(measure.Values[r]))), output);
        }
    }

    private static void WriteLine(IEnumerable<string> fields, TextWriter output)
    {
        output.Write(string.Join(',', fields));
        output.Write('\n');
    }
}
