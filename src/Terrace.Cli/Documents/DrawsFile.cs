using System.IO.Compression;
using System.Text;
using Terrace.Inference.Posterior;
using Terrace.Inference.Tables;
using Terrace.Poststratification;

namespace Terrace.Cli.Documents;

/// <summary>
/// The draws behind the estimates as compressed CSV, one row for each draw or bootstrap replicate: <c>estimate</c> of the whole population, <c>estimate[state,AL]</c> of the
/// areas, then the model's parameters where there are draws of them.
/// </summary>
internal static class DrawsFile
{
    /// <summary>Writes the draws of <paramref name="result"/>; without any, an empty table.</summary>
    public static void Write(MrpResult result, Stream stream)
    {
        using var compressed = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
        using var writer = new StreamWriter(compressed, new UTF8Encoding(false));
        var names = new List<string>();
        var tables = new List<Draws>();
        for (int g = 0; g < result.Estimates.Count; g++)
        {
            tables.Add(result.Estimates[g]);
            names.AddRange(g == 0 ? ["estimate"] : result.By[g - 1].Rows.Select(row => Name(result.By[g - 1].Grouping, row)));
        }
        if (result.Parameters is { } parameters && tables.TrueForAll(table => table.Count == parameters.Count))
        {
            tables.Add(parameters);
            names.AddRange(parameters.Layout.Columns);
        }
        WriteRow(writer, names.Select(name => CsvField.Of(name)));
        int draws = tables.Count == 0 ? 0 : tables[0].Count;
        for (int draw = 0; draw < draws; draw++) WriteRow(writer, tables.SelectMany(table => Fields(table, draw)));
    }

    private static string Name(Grouping grouping, AreaEstimate row) => $"estimate[{string.Join(',', grouping.Variables.Concat(row.Levels))}]";

    private static string[] Fields(Draws table, int draw)
    {
        var values = new double[table.Layout.Count];
        table.CopyDraw(draw, values);
        return Array.ConvertAll(values, CsvField.Of);
    }

    private static void WriteRow(StreamWriter writer, IEnumerable<string> fields)
    {
        writer.Write(string.Join(',', fields));
        writer.Write('\n');
    }
}
