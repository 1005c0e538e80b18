using System.Text;
using Terrace.Stan.Diagnostics;

namespace Terrace.Stan.Tests.Bad;

/// <summary>The wrong programs of a text file: each between a line <c>=== name</c> and the expected diagnostics behind <c>---</c>.</summary>
internal static class WrongPrograms
{
    private static readonly string Folder = Path.Combine(Root(), "tests", "Terrace.Stan.Tests", "Bad");

    /// <summary>The cases of a file.</summary>
    public static IEnumerable<(string Name, string Program, string Expected)> Read(string file)
    {
        foreach (string part in File.ReadAllText(Path.Combine(Folder, file)).ReplaceLineEndings("\n").Split("=== ", StringSplitOptions.RemoveEmptyEntries))
        {
            int end = part.IndexOf('\n', StringComparison.Ordinal), bar = part.IndexOf("\n---\n", StringComparison.Ordinal);
            yield return bar < 0 ? (part[..end], part[(end + 1)..], "") : (part[..end], part[(end + 1)..(bar + 1)], part[(bar + 5)..].TrimEnd('\n'));
        }
    }

    /// <summary>What the compiler says of a program: its errors, or its warnings if it compiles.</summary>
    public static string Diagnose(string program)
    {
        try
        {
            return string.Join("\n", StanModel.Compile(program, "p.stan").Diagnostics.Where(d => d.Severity == Severity.Warning));
        }
        catch (StanProgramException fault)
        {
            return fault.Message;
        }
    }

    /// <summary>Writes the present diagnostics as expected ones, to be read and judged.</summary>
    public static void Approve(string file)
    {
        var text = new StringBuilder();
        foreach ((string name, string program, _) in Read(file)) text.Append("=== ").Append(name).Append('\n').Append(program).Append("---\n").Append(Diagnose(program)).Append('\n');
        File.WriteAllText(Path.Combine(Folder, file), text.ToString());
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Terrace.slnx"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("Terrace.slnx");
    }
}
