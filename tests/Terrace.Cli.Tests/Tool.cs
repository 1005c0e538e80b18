using System.Text.Json;

namespace Terrace.Cli.Tests;

/// <summary>Runs the tool in this process, through its real entry.</summary>
internal static class Tool
{
    /// <summary>Runs <c>terrace</c> with <paramref name="args"/>.</summary>
    public static ToolRun Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int status = CommandLine.Run(args, output, error);
        return new ToolRun(status, output.ToString(), error.ToString());
    }

    /// <summary>A run that must succeed with one JSON document on standard output.</summary>
    public static JsonElement Json(params string[] args)
    {
        ToolRun run = Run([.. args, "--json"]);
        Assert.True(run.Status == 0, run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }
}

/// <summary>What a run left: the exit status and the texts on the two streams.</summary>
internal sealed record ToolRun(int Status, string Output, string Error)
{
    /// <summary>The run failed with <paramref name="status"/>, printed nothing but a message that has all of <paramref name="words"/>, and no stack trace.</summary>
    public void Refuses(int status, params string[] words)
    {
        Assert.True(status == Status, $"status {Status}: {Error}");
        Assert.Empty(Output);
        foreach (string word in words) Assert.Contains(word, Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Error, StringComparison.Ordinal);
    }
}
