using Terrace.Inference.Posterior;

namespace Terrace.Inference.Sampling;

/// <summary>What a run of chains gave.</summary>
public sealed record SamplingResult
{
    /// <summary>The draws after warm-up, thinned.</summary>
    public required Draws Draws { get; init; }

    /// <summary>How the iterations of <see cref="Draws"/> went.</summary>
    public required SamplerStatistics Statistics { get; init; }

    /// <summary>The warm-up draws, thinned; null unless asked for.</summary>
    public Draws? Warmup { get; init; }

    /// <summary>How the warm-up iterations went; null unless asked for.</summary>
    public SamplerStatistics? WarmupStatistics { get; init; }

    /// <summary>The step size of each chain after warm-up; empty for other than Hamiltonian samplers.</summary>
    public IReadOnlyList<double> StepSizes { get; init; } = [];

    /// <summary>The inverse metric of each chain after warm-up, a diagonal or, column by column, a matrix; empty for other than Hamiltonian samplers.</summary>
    public IReadOnlyList<IReadOnlyList<double>> InverseMetrics { get; init; } = [];

    /// <summary>All leapfrog steps, warm-up and thinned ones included.</summary>
    public long LeapfrogSteps { get; init; }

    /// <summary>Seconds of the warm-up, summed over the chains.</summary>
    public double WarmupSeconds { get; init; }

    /// <summary>Seconds after warm-up, summed over the chains.</summary>
    public double SamplingSeconds { get; init; }
}
