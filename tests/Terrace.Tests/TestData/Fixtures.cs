using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using Terrace.Data;

namespace Terrace.Tests.TestData;

/// <summary>The data sets and the reference results that tests compare with.</summary>
internal static class Fixtures
{
    private static readonly string RootPath = FindRoot();
    private static readonly string SchemaPath = Path.Combine(RootPath, "tests", "Fixtures", "data", "schema.json.gz");
    private static readonly Lazy<DataDictionary> Schema = new(() => DataDictionary.Read(SchemaPath));
    private static readonly ConcurrentDictionary<string, Frame> Frames = new();
    private static readonly ConcurrentDictionary<string, JsonElement> References = new();

    /// <summary>The repository's root: the folder of Terrace.slnx.</summary>
    public static string Root => RootPath;

    /// <summary>The path of data set <paramref name="name"/> in tests/Fixtures/data or examples/data.</summary>
    public static string DataPath(string name) => Candidates(name).First(File.Exists);

    /// <summary>Whether there is a data set <paramref name="name"/>.</summary>
    public static bool Has(string name) => Candidates(name).Any(File.Exists);

    /// <summary>The data dictionary of all data sets as JSON, with rows and missing values.</summary>
    public static JsonElement SchemaJson() => Json(SchemaPath);

    /// <summary>The data set <paramref name="name"/>, typed by the data dictionary of the fixtures.</summary>
    public static Frame Data(string name) => Frames.GetOrAdd(name, n => CsvFile.Read(DataPath(n), new CsvOptions { Schema = Schema.Value }));

    /// <summary>R's results for fit <paramref name="name"/>, from tests/Fixtures/frequentist.</summary>
    public static JsonElement Reference(string name) => References.GetOrAdd(name, ReadReference);

    /// <summary>Results of rstanarm and brms, from tests/Fixtures/bayes.</summary>
    public static JsonElement Bayes(string name) => References.GetOrAdd("../bayes/" + name, ReadReference);

    /// <summary>R's diagnostics of mixed models, from tests/Fixtures/diagnostics.</summary>
    public static JsonElement Diagnostics() => References.GetOrAdd("../diagnostics/mixed_diagnostics", ReadReference);

    private static JsonElement ReadReference(string name) => Json(Path.Combine(Root, "tests", "Fixtures", "frequentist", name + ".json.gz"));

    private static JsonElement Json(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var json = new GZipStream(file, CompressionMode.Decompress);
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static IEnumerable<string> Candidates(string name) =>
        [Path.Combine(Root, "tests", "Fixtures", "data", name + ".csv.gz"), Path.Combine(Root, "examples", "data", name + ".csv.gz")];

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Terrace.slnx"))) return folder.FullName;
        }
        throw new InvalidOperationException("Terrace.slnx is in no folder above the tests.");
    }
}
