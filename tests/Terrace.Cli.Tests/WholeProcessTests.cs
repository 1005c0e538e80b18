using System.Diagnostics;
using System.Globalization;

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

    [Fact]
    public void An_interrupt_ends_with_130_and_leaves_nothing_behind()
    {
        if (OperatingSystem.IsWindows()) return; // There is no kill there.
        using var folder = new Folder();
        using Process process = Process.Start(Command("mrp", Folder.Example("students"), "--population", Folder.Example("students_population"),
            "--formula", "response ~ 1 + (1 | class)", "--interval", "bootstrap:1000000", "--out", folder.At("out")))!;
        while (folder.Names().Length == 0 && !process.HasExited) Thread.Sleep(20);
        Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(130, process.ExitCode);
        Assert.Empty(process.StandardOutput.ReadToEnd());
        Assert.Contains("cancelled", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.Empty(folder.Names());
    }

    private static ToolRun Start(params string[] args)
    {
        using Process process = Process.Start(Command(args))!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ToolRun(process.ExitCode, output, error.Result);
    }

    private static ProcessStartInfo Command(params string[] args) =>
        new("dotnet", [typeof(CommandLine).Assembly.Location, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
}
