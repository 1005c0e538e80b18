using Terrace.Stan.Syntax;

namespace Terrace.Cli.Commands;

/// <summary>Finds included files: beside the program first, then in the folders of <c>--include</c>.</summary>
internal sealed class IncludeFolders(IReadOnlyList<string> folders) : IIncludeResolver
{
    /// <inheritdoc/>
    public string Searched => string.Join(", ", folders);

    /// <inheritdoc/>
    public SourceText? Read(string name)
    {
        foreach (string folder in folders)
        {
            string path = Path.Combine(folder, name);
            if (File.Exists(path)) return new SourceText(File.ReadAllText(path), name);
        }
        return null;
    }
}
