using Terrace.Inference.LogDensities;
using Terrace.Inference.Sampling;

namespace Terrace.Inference.Approximations;

/// <summary>How the search for a mode runs; the defaults are CmdStan's. <see cref="ModeSearch"/> takes them for every algorithm: what is remembered and the first step matter to the algorithms that approximate the curvature.</summary>
public sealed record LbfgsOptions
{
    /// <summary>The number of steps remembered.</summary>
    public int History { get; init; } = 5;

    /// <summary>The largest number of iterations.</summary>
    public int Iterations { get; init; } = 2000;

    /// <summary>The first step in units of the gradient.</summary>
    public double InitialStep { get; init; } = 0.001;

    /// <summary>Converged when the log density changes by less.</summary>
    public double ToleranceObjective { get; init; } = 1e-12;

    /// <summary>Converged when it changes by less relative to its size, in units of the machine's precision.</summary>
    public double ToleranceRelativeObjective { get; init; } = 1e4;

    /// <summary>Converged when the gradient is shorter.</summary>
    public double ToleranceGradient { get; init; } = 1e-8;

    /// <summary>Converged when g'Hg is smaller relative to the log density, in units of the machine's precision.</summary>
    public double ToleranceRelativeGradient { get; init; } = 1e7;

    /// <summary>Converged when the position moves by less.</summary>
    public double ToleranceParameters { get; init; } = 1e-8;

    /// <summary>Whether the mode is of the density on the unconstrained scale (Jacobian included), as the Laplace approximation needs it; otherwise of that of the variables, as in penalised maximum likelihood.</summary>
    public bool IncludeJacobian { get; init; }
}

/// <summary>
/// The mode of a log density by the limited-memory quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno, with steps that meet the strong Wolfe conditions (c₁ = 1e-4, c₂ = 0.9).
/// <code>p = −Hg by the two-loop recursion over the last m pairs (s, z), H₀ = s'z/z'z;   f(x + ap) ≤ f(x) + c₁ a g'p,  |g(x + ap)'p| ≤ c₂ |g'p|</code>
/// Nocedal and Wright (2006), Numerical Optimization, algorithms 3.5, 3.6, 7.4 and 7.5, with f = −log density; the tolerances are those that the CmdStan guide documents. Checked in <c>LbfgsTests</c>.
/// </summary>
public static class Lbfgs
{
    /// <summary>Climbs from <paramref name="start"/>.</summary>
    /// <exception cref="SamplingException">The start has no finite density.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public static Mode Maximise(ILogDensity density, ReadOnlySpan<double> start, LbfgsOptions? options = null, CancellationToken cancellation = default) =>
        ModeSearch.Climb(density, start, options ??= new LbfgsOptions(), new LbfgsHistory(density.Dimension, options.History), null, cancellation);
}
