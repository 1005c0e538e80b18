using System.Diagnostics;

namespace Terrace.Cli.Tests;

/// <summary>The program as a process of its own: what reaches the shell.</summary>
public class WholeProcessTests
{
    [Fact]
    public void The_exit_status_and_the_streams_reach_the_shell()
    {
        ToolRun help = Start("--help");
        Assert.Equal((0, ""), (help.Status, help.Error));
        Assert.Contains("Usage: terrace COMMAND", help.Output, StringComparison.Ordinal);
        Start("describe", "no-such-file.csv").Refuses(1, "no-such-file.csv");
        Start("describe", "--colour").Refuses(2, "--colour");
    }

    private static ToolRun Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ToolRun(process.ExitCode, output, error.Result);
    }
}
