using Terrace.Numerics.RandomNumbers;

namespace Terrace.Inference.LogDensities;

/// <summary>
/// A differentiable log density on ℝⁿ, and what a position means in terms of named variables. This is all that samplers, optimisers and approximations see of a model. An evaluator has workspaces of its
/// own and belongs to one thread; <see cref="ILogDensityModel.CreateEvaluator"/> makes as many as there are chains.
/// </summary>
public interface ILogDensity
{
    /// <summary>The number n of unconstrained coordinates.</summary>
    int Dimension { get; }

    /// <summary>The log density at <paramref name="position"/> and its gradient.</summary>
    /// <param name="position">n unconstrained coordinates.</param>
    /// <param name="gradient">Takes n partial derivatives; unspecified after a rejection.</param>
    /// <param name="includeJacobian">
    /// Whether log |dx/dposition| of the transformation from unconstrained coordinates to the variables x is included: yes for sampling, no for a mode in terms of the variables.
    /// </param>
    /// <returns>The value, or why the position is rejected. An exception is thrown only for what no other position would mend; it ends the run.</returns>
    DensityValue Evaluate(ReadOnlySpan<double> position, Span<double> gradient, bool includeJacobian = true);

    /// <summary>Writes the variables of <see cref="ILogDensityModel.Layout"/> at <paramref name="position"/>, generated quantities included.</summary>
    /// <param name="position">n unconstrained coordinates.</param>
    /// <param name="rng">The random numbers of generated quantities.</param>
    /// <param name="draw">Takes as many values as the layout has columns.</param>
    void WriteDraw(ReadOnlySpan<double> position, Rng rng, Span<double> draw);

    /// <summary>The position at which the parameters have the values found in <paramref name="values"/>, which is laid out as a draw; generated quantities are not looked at.</summary>
    /// <exception cref="ArgumentException">A value lies outside its parameter's support.</exception>
    void Unconstrain(ReadOnlySpan<double> values, Span<double> position);
}
