using Terrace.Inference.Sampling;

namespace Terrace.Inference.Tests.Sampling;

/// <summary>A run that is interrupted at any moment goes on to the very draws it would have had.</summary>
public sealed class CheckpointTests : IDisposable
{
    private static readonly NutsOptions Plain = new() { Chains = 2, Warmup = 300, Iterations = 200, SaveWarmup = true, Threads = 2 };
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "terrace-checkpoint-" + Guid.NewGuid().ToString("N"));

    /// <summary>Runs are cancelled at iterations spread over warm-up, window ends and sampling; each is cancelled twice.</summary>
    [Theory]
    [InlineData(1, 40)]
    [InlineData(74, 100)]
    [InlineData(150, 299)]
    [InlineData(301, 450)]
    [InlineData(499, 500)]
    public void A_run_cancelled_twice_and_resumed_equals_one_that_was_not(int first, int second)
    {
        SamplingResult expected = Sampler.Run(KnownDensities.EightSchools, Plain);
        NutsOptions options = Plain with { CheckpointDirectory = _folder, CheckpointInterval = TimeSpan.Zero };
        Cancel(options, first);
        Cancel(options with { Resume = true }, second);
        SamplingResult resumed = Sampler.Run(KnownDensities.EightSchools, options with { Resume = true });
        NutsTests.AssertSame(expected.Draws, resumed.Draws);
        NutsTests.AssertSame(expected.Warmup!, resumed.Warmup!);
        Assert.Equal(expected.Statistics.Energy, resumed.Statistics.Energy);
        Assert.Equal(expected.StepSizes, resumed.StepSizes);
        Assert.Equal(expected.LeapfrogSteps, resumed.LeapfrogSteps);
    }

    [Fact]
    public void A_finished_run_is_read_back()
    {
        NutsOptions options = Plain with { CheckpointDirectory = _folder };
        SamplingResult run = Sampler.Run(KnownDensities.EightSchools, options);
        NutsTests.AssertSame(run.Draws, Sampler.Run(KnownDensities.EightSchools, options with { Resume = true }).Draws);
    }

    [Fact]
    public void Draws_of_an_interrupted_write_are_cut_off()
    {
        NutsOptions options = Plain with { CheckpointDirectory = _folder, CheckpointInterval = TimeSpan.Zero };
        Cancel(options, 200);
        using (FileStream file = File.OpenWrite(Path.Combine(_folder, "chain-1.draws")))
        {
            file.Seek(0, SeekOrigin.End);
            file.Write([1, 2, 3, 4, 5]);
        }
        NutsTests.AssertSame(Sampler.Run(KnownDensities.EightSchools, Plain).Draws, Sampler.Run(KnownDensities.EightSchools, options with { Resume = true }).Draws);
    }

    [Fact]
    public void A_damaged_checkpoint_one_of_other_settings_and_one_that_is_there_are_refused()
    {
        NutsOptions options = Plain with { CheckpointDirectory = _folder };
        Sampler.Run(KnownDensities.EightSchools, options);
        Assert.Contains("already holds", Refusal(options), StringComparison.Ordinal);
        Assert.Contains("other settings", Refusal(options with { Resume = true, Seed = 9 }), StringComparison.Ordinal);
        string state = Path.Combine(_folder, "chain-2.state");
        byte[] bytes = File.ReadAllBytes(state);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(state, bytes);
        Assert.Contains("damaged", Refusal(options with { Resume = true }), StringComparison.Ordinal);
        File.WriteAllBytes(state, bytes[..20]);
        Assert.Contains("damaged", Refusal(options with { Resume = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        string file = _folder + ".txt";
        File.WriteAllText(file, "in the way");
        Assert.Contains(file, Refusal(Plain with { CheckpointDirectory = file }), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public void A_full_disk_is_reported_and_the_state_before_stays()
    {
        if (!File.Exists("/dev/full")) return;
        Directory.CreateDirectory(_folder);
        File.CreateSymbolicLink(Path.Combine(_folder, "chain-1.draws"), "/dev/full");
        Assert.Contains("could not be written", Refusal(Plain with { CheckpointDirectory = _folder, CheckpointInterval = TimeSpan.Zero }), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private static string Refusal(NutsOptions options) => Assert.Throws<SamplingException>(() => Sampler.Run(KnownDensities.EightSchools, options)).Message;

    private static void Cancel(NutsOptions options, int iteration)
    {
        using var source = new CancellationTokenSource();
        var progress = new Stopper(source, iteration);
        try
        {
            Sampler.Run(KnownDensities.EightSchools, options with { Progress = progress }, source.Token);
        }
        catch (OperationCanceledException)
        {
            // As intended.
        }
    }

    private sealed class Stopper(CancellationTokenSource source, int iteration) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value)
        {
            if (value.Iteration >= iteration) source.Cancel();
        }
    }
}
