using Terrace.Inference.LogDensities;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Inference.Approximations;

/// <summary>How the search for a mode runs; the defaults are CmdStan's.</summary>
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

/// <summary>One point of a search: where, log density, gradient.</summary>
/// <param name="Position">The position.</param>
/// <param name="Value">The log density.</param>
/// <param name="Gradient">Its gradient.</param>
internal sealed record LbfgsPoint(double[] Position, double Value, double[] Gradient);

/// <summary>The mode that a search ended at.</summary>
/// <param name="Position">The position.</param>
/// <param name="LogDensity">The log density there.</param>
/// <param name="Iterations">The number of iterations.</param>
/// <param name="Evaluations">The number of evaluations.</param>
/// <param name="Converged">Whether a tolerance was met, rather than the largest number of iterations or a search without progress.</param>
/// <param name="Reason">Why it ended, a sentence.</param>
public sealed record Mode(IReadOnlyList<double> Position, double LogDensity, int Iterations, long Evaluations, bool Converged, string Reason);

/// <summary>
/// The mode of a log density by the limited-memory quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno, with steps that meet the strong Wolfe conditions (c₁ = 1e-4, c₂ = 0.9).
/// <code>p = −Hg by the two-loop recursion over the last m pairs (s, z), H₀ = s'z/z'z;   f(x + ap) ≤ f(x) + c₁ a g'p,  |g(x + ap)'p| ≤ c₂ |g'p|</code>
/// Nocedal and Wright (2006), Numerical Optimization, algorithms 3.5, 3.6, 7.4 and 7.5, with f = −log density; the tolerances are those that the CmdStan guide documents. Checked in <c>LbfgsTests</c>.
/// </summary>
public static class Lbfgs
{
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>Climbs from <paramref name="start"/>.</summary>
    /// <exception cref="Sampling.SamplingException">The start has no finite density.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public static Mode Maximise(ILogDensity density, ReadOnlySpan<double> start, LbfgsOptions? options = null, CancellationToken cancellation = default) =>
        Search(density, start, options ?? new LbfgsOptions(), null, cancellation);

    /// <summary>The same, with every point of the search given to <paramref name="visit"/>.</summary>
    internal static Mode Search(ILogDensity density, ReadOnlySpan<double> start, LbfgsOptions options, Action<LbfgsPoint>? visit, CancellationToken cancellation)
    {
        var line = new WolfeSearch(density, options.IncludeJacobian);
        LbfgsPoint at = line.At(start) ?? throw new Sampling.SamplingException("The search for a mode cannot start where the density is not finite; give other initial values.");
        visit?.Invoke(at);
        var history = new LbfgsHistory(density.Dimension, options.History);
        int iteration = 0;
        Mode End(bool converged, string reason) => new(at.Position, at.Value, iteration, line.Evaluations, converged, reason);
        if (Norm(at.Gradient) < options.ToleranceGradient) return End(true, "The gradient is zero.");
        while (iteration < options.Iterations)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] direction = history.Direction(at.Gradient);
            if (!(ContiguousLoops.Dot(direction, at.Gradient) > 0))
            {
                history.Clear();
                direction = [.. at.Gradient];
            }
            double length = history.IsEmpty ? options.InitialStep : 1;
            LbfgsPoint? next = line.Along(at, direction, length);
            if (next is null && !history.IsEmpty)
            {
                history.Clear();
                continue;
            }
            if (next is null) return End(false, "No step along the gradient raises the density: the mode is met as nearly as rounding lets it, or the density is rough.");
            iteration++;
            double change = next.Value - at.Value, moved = history.Add(at, next);
            double decrement = ContiguousLoops.Dot(history.Direction(next.Gradient), next.Gradient), scale = Math.Max(Math.Abs(next.Value), Math.Max(Math.Abs(at.Value), 1));
            at = next;
            visit?.Invoke(at);
            if (Math.Abs(change) < options.ToleranceObjective) return End(true, "The log density no longer changes.");
            if (Math.Abs(change) / scale < options.ToleranceRelativeObjective * Epsilon) return End(true, "The log density no longer changes relative to its size.");
            if (Norm(at.Gradient) < options.ToleranceGradient) return End(true, "The gradient is zero.");
            if (decrement / Math.Max(Math.Abs(at.Value), 1) < options.ToleranceRelativeGradient * Epsilon) return End(true, "The gradient is zero relative to the curvature.");
            if (moved < options.ToleranceParameters) return End(true, "The position no longer changes.");
        }
        return End(false, $"The search ended after {options.Iterations} iterations without meeting a tolerance.");
    }

    private static double Norm(double[] x) => Math.Sqrt(ContiguousLoops.Dot(x, x));
}
