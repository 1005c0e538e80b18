using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace Terrace.Inference.Tests.TestData;

/// <summary>R's draws and diagnostics in tests/Fixtures/bayes.</summary>
internal static class BayesFixtures
{
    /// <summary>A JSON file.</summary>
    public static JsonElement Json(string name)
    {
        using Stream stream = Open(name + ".json.gz");
        using JsonDocument document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }

    /// <summary>The columns of a table of numbers, by name.</summary>
    public static Dictionary<string, double[]> Table(string name)
    {
        using var reader = new StreamReader(Open(name + ".csv.gz"));
        string[] header = [.. reader.ReadLine()!.Split(',').Select(cell => cell.Trim('"'))];
        List<double>[] columns = [.. header.Select(_ => new List<double>())];
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            for (int j = 0; j < cells.Length; j++) columns[j].Add(double.Parse(cells[j], CultureInfo.InvariantCulture));
        }
        return header.Zip(columns).ToDictionary(pair => pair.First, pair => pair.Second.ToArray());
    }

    /// <summary>A number that R wrote, "NA" being NaN.</summary>
    public static double Number(this JsonElement element) => element.ValueKind == JsonValueKind.Number ? element.GetDouble() : element.GetString() switch
    {
        "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.NaN,
    };

    private static GZipStream Open(string name)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Terrace.slnx"))) folder = folder.Parent;
        return new GZipStream(File.OpenRead(Path.Combine(folder!.FullName, "tests", "Fixtures", "bayes", name)), CompressionMode.Decompress);
    }
}
