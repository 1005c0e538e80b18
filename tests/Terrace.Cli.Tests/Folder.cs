namespace Terrace.Cli.Tests;

/// <summary>An empty folder that is removed in the end, and the project's data.</summary>
internal sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("terrace-cli-").FullName;

    /// <summary>A file of the folder with this text.</summary>
    public string File(string name, string text)
    {
        string path = At(name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The path of a file of the folder, there or not.</summary>
    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The names of everything in the folder.</summary>
    public string[] Names() => [.. Directory.EnumerateFileSystemEntries(Path).Select(entry => System.IO.Path.GetFileName(entry)).Order(StringComparer.Ordinal)];

    /// <summary>A data set that ships with the project.</summary>
    public static string Example(string name) => System.IO.Path.Combine(Repository, "examples", "data", name + ".csv.gz");

    /// <summary>A data set of the reference results.</summary>
    public static string Fixture(string name) => System.IO.Path.Combine(Repository, "tests", "Fixtures", "data", name);

    /// <summary>The folder of the solution.</summary>
    public static string Repository { get; } = FindRepository();

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string FindRepository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !System.IO.File.Exists(System.IO.Path.Combine(folder, "Terrace.slnx"))) folder = System.IO.Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests run inside the repository.");
    }
}
