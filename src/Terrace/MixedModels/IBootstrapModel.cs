using Terrace.Numerics.RandomNumbers;

namespace Terrace.MixedModels;

/// <summary>A fitted model as a parametric bootstrap sees it: statistics of the fit, responses drawn from it, statistics of the model fitted to them. Shared by threads.</summary>
internal interface IBootstrapModel
{
    /// <summary>The names of the statistics.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The statistics of the original fit.</summary>
    double[] Estimates();

    /// <summary>Writes what tells this model, its data and its estimates from others, for checkpoints.</summary>
    void WriteIdentity(BinaryWriter writer);

    /// <summary>What one thread needs.</summary>
    IBootstrapSpace CreateSpace();
}

/// <summary>One thread's room for replicates.</summary>
internal interface IBootstrapSpace
{
    /// <summary>Draws a response from the fit with <paramref name="rng"/>, fits the model to it and writes the statistics; what they are where the search did not converge does not matter.</summary>
    /// <exception cref="ModelException">The model cannot be fitted to the response.</exception>
    ReplicateOutcome Replicate(Rng rng, Span<double> values, CancellationToken cancellation);
}

/// <summary>How the fit of a replicate ended.</summary>
/// <param name="Converged">Whether the search met its conditions.</param>
/// <param name="Singular">Whether a variance is 0 or a correlation ±1.</param>
internal readonly record struct ReplicateOutcome(bool Converged, bool Singular);
