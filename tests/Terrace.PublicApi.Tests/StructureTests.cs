using System.Text.RegularExpressions;

namespace Terrace.PublicApi.Tests;

/// <summary>The rules of the house (CONTRIBUTING.md) that a machine can check.</summary>
public partial class StructureTests
{
    private static readonly string[] Libraries = ["src/Terrace.Numerics", "src/Terrace.Inference", "src/Terrace", "src/Terrace.Stan"];

    /// <summary>Each folder of src/Terrace may use only those before it.</summary>
    private static readonly string[] FolderOrder =
        ["Data", "Formulas", "Design", "Families", "LinearModels", "MixedModels", "NonlinearModels", "DistributionalModels", "Bayes", "StanCode", "HypothesisTests", "MarginalMeans", "Predictions", "SavedFits", "Poststratification"];

    [Fact]
    public void Folders_of_the_library_depend_one_way_only()
    {
        var faults = new List<string>();
        foreach (SourceFile file in Repository.SourceFiles("src/Terrace"))
        {
            string[] parts = file.Path.Split('/');
            if (parts.Length < 4) continue;
            int own = Array.IndexOf(FolderOrder, parts[2]);
            if (own < 0) faults.Add($"{file.Path}: folder {parts[2]} has no place in the order of folders");
            foreach (Match match in TerraceNamespace().Matches(file.Text))
            {
                int used = Array.IndexOf(FolderOrder, match.Groups[1].Value);
                if (used > own && own >= 0) faults.Add($"{file.Path}: {parts[2]} may not use {match.Groups[1].Value}");
            }
        }
        Assert.Empty(faults);
    }

    [Fact]
    public void Libraries_have_no_console_clock_or_unseeded_randomness() =>
        Assert.Empty(Matches(Libraries, Forbidden()));

    [Fact]
    public void Nothing_is_left_undone_in_the_source() =>
        Assert.Empty(Matches(["src", "tests", "examples", "bench"], Undone()));

    [Fact]
    public void No_test_is_skipped() =>
        Assert.Empty(Matches(["tests"], Skipped()));

    [Fact]
    public void A_file_holds_one_idea_in_at_most_400_lines() =>
        Assert.Empty(from file in Repository.SourceFiles("src") where file.Lines.Length > 400 select $"{file.Path}: {file.Lines.Length} lines");

    [Fact]
    public void No_file_is_called_utils_helpers_or_manager() =>
        Assert.Empty(from file in Repository.SourceFiles("src") where VagueName().IsMatch(file.Path) select file.Path);

    [Fact]
    public void Namespaces_are_folders()
    {
        var faults = new List<string>();
        foreach (SourceFile file in Repository.SourceFiles("src"))
        {
            string[] parts = file.Path.Split('/');
            string expected = string.Join('.', parts[1..^1]);
            Match declared = NamespaceDeclaration().Match(file.Text);
            if (declared.Success && declared.Groups[1].Value != expected) faults.Add($"{file.Path}: namespace {declared.Groups[1].Value}, expected {expected}");
        }
        Assert.Empty(faults);
    }

    /// <summary>Results, layouts and bookkeeping beside the algorithms: what they hold is computed, and sourced, elsewhere.</summary>
    private static readonly string[] NoAlgorithms =
    [
        "CoefficientEstimates.cs", "GeneralizedLinearModelFit.cs", "ModelSummary.cs", "MixedModelAssembly.cs", "MixedModelCells.cs", "MixedModelDraws.cs", "MixedModelFit.cs",
        "CrossProductAccumulator.cs", "DistributionalAssembly.cs", "DistributionalModelFit.cs", "ResponseLikelihood.cs", "ParameterPredictor.cs", "StartingValues.cs", "FixedEffectsSearch.cs",
        "MeanCompiler.cs", "NonlinearMean.cs", "NonlinearMixedModelFit.cs", "NonlinearModelFit.cs", "NonlinearModelFrame.cs", "NonlinearProblem.cs",
    ];

    /// <summary>Folders whose larger files are algorithms: each names its source (author and year) in the comment that opens it.</summary>
    [Theory]
    [InlineData("src/Terrace.Numerics/LinearAlgebra")]
    [InlineData("src/Terrace.Numerics/Optimization")]
    [InlineData("src/Terrace.Numerics/RandomNumbers")]
    [InlineData("src/Terrace/LinearModels")]
    [InlineData("src/Terrace/MixedModels")]
    [InlineData("src/Terrace/NonlinearModels")]
    [InlineData("src/Terrace/DistributionalModels")]
    public void An_algorithm_file_opens_with_its_source(string folder)
    {
        IEnumerable<string> faults = Repository.SourceFiles(folder)
            .Where(f => f.Lines.Length > 90 && !NoAlgorithms.Contains(Path.GetFileName(f.Path)) && !YearInComment().IsMatch(f.Text))
            .Select(f => $"{f.Path}: no author (year) in a /// comment");
        Assert.Empty(faults);
    }

    [Fact]
    public void Every_warning_code_is_explained_in_the_documentation()
    {
        string explained = File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors.md"));
        string[] codes = [.. from file in Repository.SourceFiles("src")
                             from match in WarningCode().Matches(file.Text)
                             select match.Groups[1].Value];
        Assert.True(codes.Distinct().Count() > 20, "the codes are not found any more");
        Assert.All(codes, code => Assert.Contains($"| `{code}` |", explained, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_test_that_a_comment_cites_exists()
    {
        HashSet<string> tests = [.. from file in Repository.SourceFiles("tests") from Match match in TestClass().Matches(file.Text) select match.Groups[1].Value];
        Assert.True(tests.Count > 100, $"Only {tests.Count} test classes were found.");
        IEnumerable<string> faults = from file in Repository.SourceFiles("src")
                                     from line in file.Lines
                                     where Citation().IsMatch(line)
                                     from Match match in TestName().Matches(line)
                                     where !tests.Contains(match.Value)
                                     select $"{file.Path}: there is no {match.Value}";
        Assert.Empty(faults);
    }

    [Fact]
    public void No_project_file_names_a_machine_path()
    {
        IEnumerable<string> files = from folder in new[] { "src", "tests", "examples", "bench", "docs", ".ci" }
                                    let full = Path.Combine(Repository.Root, folder)
                                    where Directory.Exists(full)
                                    from path in Directory.EnumerateFiles(full, "*", SearchOption.AllDirectories)
                                    where !path.Contains("/bin/") && !path.Contains("/obj/") && !path.EndsWith(".gz", StringComparison.Ordinal) && !path.EndsWith(".png", StringComparison.Ordinal)
                                    where MachinePath().IsMatch(File.ReadAllText(path))
                                    select Path.GetRelativePath(Repository.Root, path);
        Assert.Empty(files);
    }

    private static List<string> Matches(IEnumerable<string> folders, Regex pattern) =>
        [.. from folder in folders
            where Directory.Exists(Path.Combine(Repository.Root, folder))
            from file in Repository.SourceFiles(folder)
            where !file.Path.EndsWith("/StructureTests.cs", StringComparison.Ordinal) // it spells the patterns out
            from line in file.Lines.Select((text, index) => (text, index))
            where pattern.IsMatch(line.text)
            select $"{file.Path}:{line.index + 1}: {line.text.Trim()}"];

    [GeneratedRegex(@"\bTerrace\.(Data|Formulas|Design|Families|LinearModels|MixedModels|NonlinearModels|DistributionalModels|HypothesisTests|MarginalMeans|Predictions|Poststratification|SavedFits)\b")]
    private static partial Regex TerraceNamespace();

    [GeneratedRegex(@"\bConsole\.|DateTime(Offset)?\.(Now|UtcNow)|\bStopwatch\b|Environment\.TickCount|new Random\(|Random\.Shared|Guid\.NewGuid")]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b")]
    private static partial Regex Undone();

    [GeneratedRegex(@"Skip\s*=\s*""|Assert\.True\(true\)")]
    private static partial Regex Skipped();

    [GeneratedRegex(@"(Utils?|Helpers?|Manager|Misc|Common)\.cs$")]
    private static partial Regex VagueName();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex(@"///.*\b(18|19|20)\d\d\b")]
    private static partial Regex YearInComment();

    [GeneratedRegex(@"ModelWarning(?: \w+\([^)]*\) => new)?\(""([a-z0-9-]+)""")]
    private static partial Regex WarningCode();

    [GeneratedRegex(@"\bclass ([A-Za-z0-9]+Tests)\b")]
    private static partial Regex TestClass();

    [GeneratedRegex(@"///.*\b(Checks?|Checked|Tests?|Pinned)\b")]
    private static partial Regex Citation();

    [GeneratedRegex(@"\b[A-Z][A-Za-z0-9]+Tests\b(?![""/.])")]
    private static partial Regex TestName();

    [GeneratedRegex(@"/(work|root)/|\.\./shared")]
    private static partial Regex MachinePath();
}
