using System.Reflection;

namespace Terrace.PublicApi.Tests;

/// <summary>
/// The public surface is approved text. After a wanted change run the tests once with TERRACE_APPROVE=1 and review the difference of the files in Approved/.
/// </summary>
public class ApprovedSurfaceTests
{
    [Theory]
    [InlineData("Terrace.Numerics")]
    [InlineData("Terrace.Inference")]
    [InlineData("Terrace.Stan")]
    [InlineData("Terrace")]
    public void The_public_surface_is_the_approved_one(string assembly)
    {
        string actual = ApiPrinter.Print(Assembly.Load(assembly));
        string path = Path.Combine(Repository.Root, "tests/Terrace.PublicApi.Tests/Approved", assembly + ".txt");
        if (Environment.GetEnvironmentVariable("TERRACE_APPROVE") == "1") File.WriteAllText(path, actual);
        string[] approved = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n").Split('\n') : [];
        string[] now = actual.Split('\n');
        string[] gone = [.. approved.Except(now)], added = [.. now.Except(approved)];
        Assert.True(gone.Length == 0 && added.Length == 0 && approved.Length == now.Length,
            $"The public surface of {assembly} changed; run with TERRACE_APPROVE=1 if that is wanted.\ngone:\n{string.Join("\n", gone)}\nadded:\n{string.Join("\n", added)}");
    }
}
