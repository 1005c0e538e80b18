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
}
