namespace Terrace.Cli.Tests;

public class HelpTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    public void The_tool_lists_its_commands_and_shows_an_example(string word)
    {
        ToolRun run = Tool.Run(word);
        Assert.Equal(0, run.Status);
        Assert.Empty(run.Error);
        foreach (string part in new[] { "describe", "Exit status", "Example", "    terrace " }) Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mrp")]
    [InlineData("fit")]
    [InlineData("predict")]
    [InlineData("describe")]
    public void Every_command_explains_its_options_and_shows_an_example(string command)
    {
        ToolRun run = Tool.Run(command, "--help");
        Assert.Equal(0, run.Status);
        Assert.Equal(run, Tool.Run("help", command));
        string[] parts = [$"Usage: terrace {command}", "--json", "--quiet", "--threads N", "--seed N", "--schema FILE", "--where EXPR", "Example", $"    terrace {command} "];
        foreach (string part in parts) Assert.Contains(part, run.Output, StringComparison.Ordinal);
        Assert.All(run.Output.Split('\n'), line => Assert.True(line.Length <= 120, line));
    }

    [Fact]
    public void Without_a_command_the_help_goes_to_standard_error() => Tool.Run().Refuses(2, "Usage: terrace COMMAND");

    [Fact]
    public void The_version_is_printed() => Assert.Matches(@"^terrace \d+\.\d+\.\d+\s*$", Tool.Run("--version").Output);
}
