namespace Terrace.MixedModels;

/// <summary>How a parametric bootstrap is done.</summary>
public sealed record BootstrapOptions
{
    /// <summary>How many responses are simulated and refitted.</summary>
    public int Replicates { get; init; } = 999;

    /// <summary>The seed: the same one gives the same bits, whatever the number of threads.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether the group effects stay at their modes in every replicate (lme4's <c>use.u = TRUE</c>); otherwise each has new ones, lme4's default.</summary>
    public bool KeepGroupEffects { get; init; }

    /// <summary>How many threads may be used.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>A file for the finished replicates, written as they come; null for none.</summary>
    public string? CheckpointFile { get; init; }

    /// <summary>Whether to go on from <see cref="CheckpointFile"/>, if it exists. Without, a file that exists is refused.</summary>
    public bool Resume { get; init; }

    /// <summary>Is told after each replicate.</summary>
    public IProgress<ReplicateProgress>? Progress { get; init; }
}

/// <summary>How far a bootstrap is.</summary>
/// <param name="Done">Replicates done.</param>
/// <param name="Total">Replicates in all.</param>
/// <param name="Failed">Replicates among them whose model could not be fitted.</param>
public readonly record struct ReplicateProgress(int Done, int Total, int Failed);

/// <summary>A bootstrap replicate that has no statistics.</summary>
/// <param name="Replicate">Its number, from 0.</param>
/// <param name="Message">Why.</param>
public sealed record FailedReplicate(int Replicate, string Message);

/// <summary>What is computed of each refitted model.</summary>
/// <param name="Names">The names of the numbers.</param>
/// <param name="Compute">Writes them, one for each name.</param>
public sealed record BootstrapStatistic(IReadOnlyList<string> Names, BootstrapComputation Compute);

/// <summary>Computes the statistics of one refitted model; called by several threads at once.</summary>
/// <param name="model">The refitted model.</param>
/// <param name="values">Where they go.</param>
public delegate void BootstrapComputation(RefittedModel model, Span<double> values);
