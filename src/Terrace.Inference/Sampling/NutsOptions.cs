namespace Terrace.Inference.Sampling;

/// <summary>The kinds of metric: the inverse mass matrix M⁻¹, which is to resemble the posterior covariance.</summary>
public enum MetricKind
{
    /// <summary>A variance for each coordinate, adapted.</summary>
    Diagonal,

    /// <summary>A whole covariance matrix, adapted.</summary>
    Dense,

    /// <summary>The identity, not adapted.</summary>
    Unit,
}

/// <summary>How the no-U-turn sampler runs. Defaults are Stan's.</summary>
public sealed record NutsOptions
{
    /// <summary>The number of chains.</summary>
    public int Chains { get; init; } = 4;

    /// <summary>The number of warm-up iterations of each chain, which adapt the step size and the metric and are discarded.</summary>
    public int Warmup { get; init; } = 1000;

    /// <summary>The number of iterations of each chain after warm-up.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>Every how many iterations a draw is kept.</summary>
    public int Thin { get; init; } = 1;

    /// <summary>The acceptance probability that the step size is adapted to.</summary>
    public double AdaptDelta { get; init; } = 0.8;

    /// <summary>The largest number of doublings of a trajectory.</summary>
    public int MaxTreeDepth { get; init; } = 10;

    /// <summary>
    /// The mean length of trajectories of random length (uniform between ½ and 1½ of it), in units of the coordinates under the metric; null for the no-U-turn criterion. For densities that are near N(0, I) a length
    /// of π costs least; elsewhere a fixed length mixes badly where scales differ.
    /// </summary>
    public double? MeanTrajectoryLength { get; init; }

    /// <summary>The metric.</summary>
    public MetricKind Metric { get; init; } = MetricKind.Diagonal;

    /// <summary>Initial values are uniform between −this and this on the unconstrained scale; 0 starts at the origin.</summary>
    public double InitialRange { get; init; } = 2;

    /// <summary>Given initial positions, one for each chain or one for all, instead of random ones; null for random ones.</summary>
    public IReadOnlyList<double[]>? InitialPositions { get; init; }

    /// <summary>Whether warm-up draws are kept beside the others.</summary>
    public bool SaveWarmup { get; init; }

    /// <summary>The seed; it alone decides the result.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many chains run at once; 0 for as many as there are processors. Does not change the result.</summary>
    public int Threads { get; init; }

    /// <summary>Receives how far each chain is.</summary>
    public IProgress<SamplingProgress>? Progress { get; init; }

    /// <summary>The folder that each chain writes its state to as it goes; null for none.</summary>
    public string? CheckpointDirectory { get; init; }

    /// <summary>Whether to go on from the states in <see cref="CheckpointDirectory"/>.</summary>
    public bool Resume { get; init; }

    /// <summary>The least time between two states written of one chain.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock that seconds and the times of checkpoints are read from; draws do not depend on it.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Throws if a value makes no sense.</summary>
    /// <exception cref="ArgumentException">Which, and what it may be.</exception>
    internal void Check()
    {
        if (Chains < 1) throw new ArgumentException($"There must be at least one chain, not {Chains}.");
        if (Warmup < 0) throw new ArgumentException($"The number of warm-up iterations cannot be {Warmup}.");
        if (Iterations < 1) throw new ArgumentException($"There must be at least one iteration after warm-up, not {Iterations}.");
        if (Thin < 1 || Thin > Iterations) throw new ArgumentException($"Thinning must lie between 1 and the number of iterations ({Iterations}), not at {Thin}.");
        if (!(AdaptDelta is > 0 and < 1)) throw new ArgumentException($"The target acceptance must lie between 0 and 1, not at {AdaptDelta}.");
        if (MeanTrajectoryLength is { } length && !(length > 0 && double.IsFinite(length))) throw new ArgumentException($"The mean length of a trajectory must be positive and finite, not {length}.");
        if (MaxTreeDepth is < 1 or > 20) throw new ArgumentException($"The largest tree depth must lie between 1 and 20, not at {MaxTreeDepth}.");
        if (!(InitialRange >= 0) || double.IsInfinity(InitialRange)) throw new ArgumentException($"The range of initial values must be finite and not negative, not {InitialRange}.");
        if (Resume && CheckpointDirectory is null) throw new ArgumentException("Resuming needs the folder of the checkpoint.");
    }
}

/// <summary>How far a chain is.</summary>
/// <param name="Chain">The chain, from 0.</param>
/// <param name="Iteration">The iterations done, warm-up included.</param>
/// <param name="Total">All iterations, warm-up included.</param>
/// <param name="IsWarmup">Whether the chain is still warming up.</param>
public readonly record struct SamplingProgress(int Chain, int Iteration, int Total, bool IsWarmup);
