using Terrace.Numerics.RandomNumbers;

namespace Terrace.Inference.Sampling;

/// <summary>
/// What a chain does: it has a state, and steps from it to the next. The no-U-turn sampler is one, a Gibbs sampler another; both end in the same draws. It belongs to one thread.
/// </summary>
public interface IMarkovTransition
{
    /// <summary>Finds the first state.</summary>
    /// <exception cref="SamplingException">There is none.</exception>
    void Initialise(Rng rng);

    /// <summary>Makes iteration <paramref name="iteration"/> (from 0; warm-up iterations come first) and says how it went.</summary>
    TransitionStatistics Step(int iteration, Rng rng);

    /// <summary>Writes the variables at the present state.</summary>
    void WriteDraw(Rng rng, Span<double> draw);

    /// <summary>Writes everything that the next steps depend on but the random numbers.</summary>
    void Save(BinaryWriter writer);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    void Load(BinaryReader reader);
}

/// <summary>How one iteration went; the members are those of <see cref="Posterior.SamplerStatistics"/>.</summary>
public readonly record struct TransitionStatistics(double LogDensity, double Acceptance, double StepSize, int TreeDepth, int LeapfrogSteps, bool Divergent, double Energy);

/// <summary>A run cannot go on: no initial values, an improper posterior, a density that throws, a checkpoint that does not fit. The message names the chain and iteration and says what to do.</summary>
public sealed class SamplingException(string message, Exception? inner = null) : Exception(message, inner);
