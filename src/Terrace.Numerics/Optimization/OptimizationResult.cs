using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Numerics.Optimization;

/// <summary>Where a search ended and why.</summary>
/// <param name="Point">The best point found.</param>
/// <param name="Value">The function there.</param>
/// <param name="Gradient">The gradient there.</param>
/// <param name="ProjectedGradientNorm">The largest gradient component that is not held by a bound.</param>
/// <param name="Evaluations">How often the function was evaluated.</param>
/// <param name="Iterations">How many steps were taken.</param>
/// <param name="Converged">Whether the conditions for a minimum were met.</param>
/// <param name="Reason">One sentence for people: why the search ended.</param>
public sealed record OptimizationResult(
    double[] Point, double Value, double[] Gradient, double ProjectedGradientNorm, int Evaluations, int Iterations, bool Converged, string Reason)
{
    /// <summary>The quasi-Newton approximation of the Hessian at the end; null where the method keeps none.</summary>
    public Matrix? Hessian { get; init; }
}
