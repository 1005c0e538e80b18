namespace Terrace.Cli.Tests;

public class UnexpectedFaultTests
{
    [Fact]
    public void A_fault_that_is_nobodys_is_a_plain_sentence_without_a_stack_trace()
    {
        using var output = new BrokenWriter(new InvalidOperationException("the writer broke"));
        using var error = new StringWriter();
        int status = CommandLine.Run(["describe", Folder.Example("radon"), "--json"], output, error);
        Assert.Equal(1, status);
        Assert.Contains("the writer broke", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("report", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_goes_away_is_no_bug_to_report()
    {
        using var output = new BrokenWriter(new IOException("Broken pipe"));
        using var error = new StringWriter();
        Assert.Equal(1, CommandLine.Run(["describe", Folder.Example("radon"), "--json"], output, error));
        Assert.Equal("terrace: Broken pipe", error.ToString().Trim());
    }

    private sealed class BrokenWriter(Exception fault) : StringWriter
    {
        public override void WriteLine(string? value) => throw fault;
    }
}
