using System.Text.RegularExpressions;
using Terrace.Stan.Diagnostics;

namespace Terrace.Stan.Tests.Library;

/// <summary>Every function of Stan's index either is in the library or is named in the guide's table of what is left out, and then the compiler says so.</summary>
public sealed partial class FunctionNamesTests
{
    private static readonly string[] All = [.. Read()];

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Terrace.slnx"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("no folder above the tests has Terrace.slnx");
    }

    private static IEnumerable<string> Read()
    {
        foreach (string line in File.ReadLines(Path.Combine(Root(), "tests", "Terrace.Stan.Tests", "Library", "function-names.txt")))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string[] words = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (string word in words) yield return colon < 0 ? word : $"{line[..colon]}_{word}";
        }
    }

    /// <summary>The code of the first error about the name, or null if the compiler knows it: with the wrong arguments it complains about these.</summary>
    private static string? Complaint(string name)
    {
        string? code = null;
        foreach (string statement in (string[])[$"print({name}());", $"print({name}(1));", $"{name}(\"x\");", $"print({name}(1, 1, 1));"])
        {
            try
            {
                StanModel.Compile($"generated quantities {{ {statement} }}");
                return null;
            }
            catch (StanProgramException fault)
            {
                code = fault.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.Code).FirstOrDefault(found => found is "unknown-function" or "unsupported-function");
                if (code is null) return null;
            }
        }
        return code;
    }

    /// <summary>The names and patterns in backticks in the first column of the table.</summary>
    private static string[] LeftOut()
    {
        string guide = File.ReadAllText(Path.Combine(Root(), "docs", "guide", "stan.md"));
        string section = guide.Split("\n## ").First(part => part.StartsWith("What is not there", StringComparison.Ordinal));
        return [.. section.Split('\n').Where(line => line.StartsWith('|')).SelectMany(line => Quoted().Matches(line.Split('|')[1])).Select(match => match.Groups[1].Value)];
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [Fact]
    public void What_the_library_lacks_is_in_the_table_of_the_guide_and_is_told_by_the_compiler()
    {
        (string Name, string Code)[] missing = [.. All.Select(name => (Name: name, Code: Complaint(name))).Where(pair => pair.Code is not null).Select(pair => (pair.Name, pair.Code!))];
        string[] table = LeftOut();
        string[] untold = [.. missing.Select(pair => pair.Name).Where(name => !table.Any(pattern => pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern))];
        Assert.True(untold.Length == 0, $"neither in the library nor in the guide's table: {string.Join(", ", untold)}");
        Assert.All(missing, pair => Assert.Equal("unsupported-function", pair.Code));
        int there = All.Length - missing.Length;
        Assert.True(there >= 633, $"{there} of {All.Length} names are there; missing: {string.Join(", ", missing.Select(pair => pair.Name))}");
    }

    [Fact]
    public void The_table_of_the_guide_leaves_nothing_out_that_is_there()
    {
        string[] functions = [.. LeftOut().Where(name => !name.Contains(' ', StringComparison.Ordinal) && !name.StartsWith('-') && name != "optimize")];
        foreach (string pattern in functions)
        {
            string[] covered = [.. All.Where(name => pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern)];
            Assert.True(covered.Length > 0, $"the table names `{pattern}`, which is no function of the list");
            Assert.All(covered, name => Assert.NotNull(Complaint(name)));
        }
    }

    [Fact]
    public void A_name_that_Stan_never_had_is_unknown() => Assert.Equal("unknown-function", Complaint("normal_quantile_lpdf"));
}
