using Terrace.MixedModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MixedModels;

public sealed class BootstrapCheckpointTests : IDisposable
{
    private static readonly Lazy<MixedModelFit> Sleep = new(() => MixedFixture.Fit("lmer_sleepstudy_slope_REML"));
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "replicates");

    private BootstrapOptions Options => new() { Replicates = 30, Seed = 4, CheckpointFile = File };

    [Fact]
    public void An_interrupted_bootstrap_goes_on_to_the_same_bits()
    {
        double[] whole = All(ParametricBootstrap.Run(Sleep.Value, Options with { CheckpointFile = null }));
        using var source = new CancellationTokenSource();
        int made = 0;
        var stop = new Stop(() => { if (++made == 11) source.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() => ParametricBootstrap.Run(Sleep.Value, Options with { Progress = stop }, null, source.Token));
        var rest = new List<int>();
        var resumed = ParametricBootstrap.Run(Sleep.Value, Options with { Resume = true, Threads = 2, Progress = new Stop(() => { lock (rest) rest.Add(0); }) });
        Assert.Equal(whole, All(resumed));
        Assert.InRange(rest.Count, 15, 19);
    }

    [Fact]
    public void A_finished_bootstrap_may_be_extended()
    {
        ParametricBootstrap.Run(Sleep.Value, Options with { Replicates = 10 });
        var extended = ParametricBootstrap.Run(Sleep.Value, Options with { Resume = true });
        Assert.Equal(All(ParametricBootstrap.Run(Sleep.Value, Options with { CheckpointFile = null })), All(extended));
    }

    [Fact]
    public void A_record_cut_short_by_an_interruption_is_made_again()
    {
        var whole = ParametricBootstrap.Run(Sleep.Value, Options);
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        System.IO.File.WriteAllBytes(File, bytes[..^5]);
        Assert.Equal(All(whole), All(ParametricBootstrap.Run(Sleep.Value, Options with { Resume = true })));
        Assert.Equal(bytes.Length, new FileInfo(File).Length);
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        ParametricBootstrap.Run(Sleep.Value, Options);
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        bytes[205] ^= 1;
        System.IO.File.WriteAllBytes(File, bytes);
        var fault = Assert.Throws<ModelException>(() => ParametricBootstrap.Run(Sleep.Value, Options with { Resume = true }));
        Assert.Contains("is damaged", fault.Message, StringComparison.Ordinal);
        System.IO.File.WriteAllText(File, "something else altogether");
        Assert.Contains("no checkpoint", Assert.Throws<ModelException>(() => ParametricBootstrap.Run(Sleep.Value, Options with { Resume = true })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_bootstrap_is_refused()
    {
        ParametricBootstrap.Run(Sleep.Value, Options);
        BootstrapOptions[] others = [Options with { Seed = 5 }, Options with { KeepGroupEffects = true }];
        foreach (var other in others)
            Assert.Contains("another bootstrap", Assert.Throws<ModelException>(() => ParametricBootstrap.Run(Sleep.Value, other with { Resume = true })).Message, StringComparison.Ordinal);
        var otherModel = MixedFixture.Fit("lmer_sleepstudy_intercept_REML");
        Assert.Contains("another bootstrap", Assert.Throws<ModelException>(() => ParametricBootstrap.Run(otherModel, Options with { Resume = true })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_exists_is_not_written_over()
    {
        System.IO.File.WriteAllText(File, "precious");
        Assert.Contains("exists already", Assert.Throws<ModelException>(() => ParametricBootstrap.Run(Sleep.Value, Options)).Message, StringComparison.Ordinal);
        Assert.Equal("precious", System.IO.File.ReadAllText(File));
    }

    public void Dispose() => _folder.Dispose();

    private static double[] All(BootstrapResult result) => [.. from r in Enumerable.Range(0, result.Replicates) from j in Enumerable.Range(0, result.Names.Count) select result.Value(r, j)];

    private sealed class Stop(Action action) : IProgress<ReplicateProgress>
    {
        public void Report(ReplicateProgress value) => action();
    }
}
