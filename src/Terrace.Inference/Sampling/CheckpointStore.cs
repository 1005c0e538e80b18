using System.Security.Cryptography;
using System.Text;
using Terrace.Inference.Posterior;

namespace Terrace.Inference.Sampling;

/// <summary>The checkpoint of a run: a folder with a state and the draws of each chain. A run that is killed at any moment leaves states that were written whole.</summary>
internal sealed class CheckpointStore : IDisposable
{
    private readonly ChainCheckpoint[] _chains;

    private CheckpointStore(ChainCheckpoint[] chains) => _chains = chains;

    /// <summary>Makes the folder ready; null where the options ask for none.</summary>
    /// <exception cref="SamplingException">The folder cannot be written to, holds the checkpoint of another run, or one already though the run is not to be resumed.</exception>
    public static CheckpointStore? Open(string name, VariableLayout layout, NutsOptions options)
    {
        if (options.CheckpointDirectory is not { } folder) return null;
        byte[] fingerprint = Fingerprint(name, layout, options);
        try
        {
            Directory.CreateDirectory(folder);
            ChainCheckpoint[] chains = [.. Enumerable.Range(0, options.Chains).Select(chain => new ChainCheckpoint(folder, chain, fingerprint, options.Resume))];
            return new CheckpointStore(chains);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SamplingException($"The checkpoint cannot be written to '{folder}': {fault.Message}", fault);
        }
    }

    /// <summary>The checkpoint of one chain.</summary>
    public ChainCheckpoint Of(int chain) => _chains[chain];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ChainCheckpoint chain in _chains) chain.Dispose();
    }

    /// <summary>What makes two runs the same: model, variables, and every option that the draws depend on.</summary>
    private static byte[] Fingerprint(string name, VariableLayout layout, NutsOptions options)
    {
        var text = new StringBuilder();
        text.AppendJoin('\n', name, options.Chains, options.Warmup, options.Iterations, options.Thin, options.AdaptDelta.ToString("R"), options.MaxTreeDepth, options.MeanTrajectoryLength, options.Metric, options.InitialRange.ToString("R"), options.SaveWarmup, options.Seed);
        foreach (double[] position in options.InitialPositions ?? []) text.AppendJoin(' ', position.Select(value => value.ToString("R")));
        text.AppendJoin('\n', layout.Columns);
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
