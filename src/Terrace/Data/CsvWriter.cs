using System.IO.Compression;
using System.Text;

namespace Terrace.Data;

/// <summary>
/// Writes tables as CSV in UTF-8 without a byte order mark: commas, lines ended by a line feed, text and factors quoted, numbers with all their
/// digits, missing values as an
/// unquoted token. Read back with the data dictionary of the table (<see cref="DataDictionary.Of"/>) and that token as the only one for missing
/// values, the table is the same.
/// </summary>
public static class CsvWriter
{
    /// <summary>
    /// Writes <paramref name="rows"/> to <paramref name="path"/> (compressed if it ends in <c>.gz</c>), whole or not at all: a file of that name is
    /// replaced once all rows are written.
    /// </summary>
    /// <param name="rows">The table.</param>
    /// <param name="path">The file.</param>
    /// <param name="missing">The token for missing values.</param>
    /// <exception cref="DataException">The file cannot be written, or a text equals <paramref name="missing"/> and would be read as
    /// missing.</exception>
    public static void Write(IRowBlocks rows, string path, string missing = "NA")
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(path);
        WholeFile.Write(path, stream =>
        {
            using Stream bytes = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                ? new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true) : stream;
            var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
            using var writer = new StreamWriter(bytes, encoding, 1 << 16, leaveOpen: true);
            Write(rows, writer, missing);
        });
    }

    /// <summary>Writes <paramref name="rows"/> to <paramref name="writer"/>.</summary>
    /// <exception cref="DataException">A text equals <paramref name="missing"/> and would be read as missing.</exception>
    public static void Write(IRowBlocks rows, TextWriter writer, string missing = "NA")
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(writer);
        WriteLine(writer, rows.Header.Columns.Select(column => Quoted(column.Name)));
        var tokens = new MissingTokens([missing]);
        foreach (Frame block in rows.Blocks())
        {
            for (int i = 0; i < block.RowCount; i++)
            {
                int row = i;
                WriteLine(writer, block.Columns.Select(column => Field(column, row, missing, tokens)));
            }
        }
    }

    private static void WriteLine(TextWriter writer, IEnumerable<string> fields)
    {
        bool first = true;
        foreach (string field in fields)
        {
            if (!first) writer.Write(',');
            writer.Write(field);
            first = false;
        }
        writer.Write('\n');
    }

    private static string Field(Column column, int row, string missing, MissingTokens tokens)
    {
        if (column.TextAt(row) is not { } text) return missing;
        if (column is not (TextColumn or Factor)) return text;
        if (!tokens.Contains(text)) return Quoted(text);
        throw new DataException($"Column '{column.Name}' holds the text '{text}', which also stands for a missing value; choose another token for missing values.");
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
