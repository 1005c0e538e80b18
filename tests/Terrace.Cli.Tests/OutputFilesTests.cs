using Terrace.Cli.Output;

namespace Terrace.Cli.Tests;

/// <summary>The files of a command: whole, or not at all.</summary>
public class OutputFilesTests
{
    [Fact]
    public void A_wish_to_stop_removes_the_temporary_files_at_once()
    {
        using var folder = new Folder();
        using var cancellation = new CancellationTokenSource();
        using var files = new OutputFiles(cancellation.Token);
        files.ReserveDirectory(folder.At("out"));
        files.Reserve(folder.At("out/a.csv")).WriteByte(1);
        files.Reserve(folder.At("b.csv")).WriteByte(1);
        Assert.NotEmpty(folder.Names());
        cancellation.Cancel();
        Assert.Empty(folder.Names());
        Assert.Throws<OperationCanceledException>(files.Commit);
    }

    [Fact]
    public void What_stands_there_stays_until_the_end()
    {
        using var folder = new Folder();
        string path = folder.File("a.csv", "old");
        using (var files = new OutputFiles(CancellationToken.None)) files.Reserve(path).WriteByte((byte)'n');
        Assert.Equal("old", File.ReadAllText(path));
        using (var files = new OutputFiles(CancellationToken.None))
        {
            files.Reserve(path).WriteByte((byte)'n');
            files.Commit();
        }
        Assert.Equal("n", File.ReadAllText(path));
        Assert.Equal(["a.csv"], folder.Names());
    }

    [Fact]
    public void A_command_does_not_overwrite_what_it_reads()
    {
        using var folder = new Folder();
        string data = folder.File("a.csv", "y,x\n1,1\n2,2\n4,3\n3,4\n"), before = File.ReadAllText(data);
        Tool.Run("fit", "y ~ x", "--data", data, "--save", data).Refuses(1, "a.csv", "is read by this command");
        Assert.Equal(0, Tool.Run("fit", "y ~ x", "--data", data, "--save", folder.At("a.fit")).Status);
        Tool.Run("predict", folder.At("a.fit"), "--data", data, "--out", folder.At("a.fit")).Refuses(1, "a.fit", "is read by this command");
        Tool.Run("fit", "y ~ x", "--data", data, "--save", folder.At("b"), "--diagnostics-out", folder.At("b")).Refuses(1, "two outputs");
        Assert.Equal(before, File.ReadAllText(data));
        Assert.Equal(["a.csv", "a.fit"], folder.Names().Order());
    }
}
