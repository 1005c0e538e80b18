namespace Terrace.Tests.TestData;

/// <summary>The guide's pages quote programs in examples/, which the examples step of continuous integration runs.</summary>
public class GuidePageTests
{
    [Theory]
    [InlineData("five-ways.md", new[] { "five-ways.cs", "nested-and-crossed.cs" }, 7)]
    public void The_code_of_a_page_is_that_of_its_examples(string page, string[] examples, int blocks)
    {
        string[] programs = [.. examples.Select(name => Read("examples", name))];
        string[] quoted = [.. CodeBlocks(Read("docs", "guide", page))];
        Assert.Equal(blocks, quoted.Length);
        foreach (string block in quoted) Assert.True(programs.Any(program => program.Contains(block, StringComparison.Ordinal)), $"{page} quotes what is in no example:\n{block}");
    }

    private static IEnumerable<string> CodeBlocks(string page) =>
        page.Split("```csharp\n").Skip(1).Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)]);

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([Fixtures.Root, .. path])).ReplaceLineEndings("\n");
}
