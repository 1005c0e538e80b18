using System.IO.Compression;
using System.Text.Json;
using Terrace.Stan.Data;

namespace Terrace.PosteriorDb;

/// <summary>One posterior of a checkout of posteriordb: a program, its data, and perhaps reference draws.</summary>
internal sealed record Posterior(string Name, string ModelPath, string DataPath, string? ReferencePath)
{
    /// <summary>All posteriors, by name.</summary>
    public static IEnumerable<Posterior> All(string checkout)
    {
        string root = Path.Combine(checkout, "posterior_database");
        foreach (string file in Directory.EnumerateFiles(Path.Combine(root, "posteriors"), "*.json").Order(StringComparer.Ordinal))
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
            JsonElement e = document.RootElement;
            string? reference = e.TryGetProperty("reference_posterior_name", out JsonElement r) && r.ValueKind == JsonValueKind.String ? r.GetString() : null;
            yield return new Posterior(
                e.GetProperty("name").GetString()!,
                Path.Combine(root, "models", "stan", e.GetProperty("model_name").GetString() + ".stan"),
                Path.Combine(root, "data", "data", e.GetProperty("data_name").GetString() + ".json.zip"),
                reference is null ? null : Path.Combine(root, "reference_posteriors", "draws", "draws", reference + ".json.zip"));
        }
    }

    /// <summary>The data.</summary>
    public StanData ReadData() => StanData.ParseJson(Text(DataPath), Path.GetFileName(DataPath));

    /// <summary>The reference draws by column, each chain a list.</summary>
    public Dictionary<string, double[][]> ReadReference()
    {
        using JsonDocument document = JsonDocument.Parse(Text(ReferencePath!));
        var chains = document.RootElement.EnumerateArray().ToArray();
        var columns = new Dictionary<string, double[][]>();
        foreach (JsonProperty column in chains[0].EnumerateObject())
            columns[column.Name] = [.. chains.Select(chain => chain.GetProperty(column.Name).EnumerateArray().Select(x => x.GetDouble()).ToArray())];
        return columns;
    }

    private static string Text(string zip)
    {
        using ZipArchive archive = ZipFile.OpenRead(zip);
        using var reader = new StreamReader(archive.Entries[0].Open());
        return reader.ReadToEnd();
    }
}
