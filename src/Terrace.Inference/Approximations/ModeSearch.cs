using Terrace.Inference.LogDensities;
using Terrace.Inference.Sampling;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Inference.Approximations;

/// <summary>The algorithms that look for a mode.</summary>
public enum ModeAlgorithm
{
    /// <summary>Curvature from the last few steps: memory and time in proportion to the dimension.</summary>
    Lbfgs,

    /// <summary>Curvature from all steps, as a whole matrix.</summary>
    Bfgs,

    /// <summary>The curvature itself, by differences of the gradient: few iterations, each of twice as many evaluations as there are coordinates.</summary>
    Newton,
}

/// <summary>
/// The mode of a log density by quasi-Newton methods or by Newton's. All go along p = Hg to a point that meets the strong Wolfe conditions, and stop by the same tolerances; they differ in H.
/// <code>f(x + ap) ≤ f(x) + c₁ a g'p,  |g(x + ap)'p| ≤ c₂ |g'p|,   c₁ = 1e-4, c₂ = 0.9,  f = −log density</code>
/// Nocedal and Wright (2006), Numerical Optimization, chapters 3, 6 and 7; the tolerances are those that the CmdStan guide documents. Checked in <c>ModeSearchTests</c>.
/// </summary>
public static class ModeSearch
{
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>Climbs from <paramref name="start"/>.</summary>
    /// <exception cref="SamplingException">The start has no finite density, or there are too many coordinates for a matrix.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public static Mode Maximise(ILogDensity density, ReadOnlySpan<double> start, ModeAlgorithm algorithm, LbfgsOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(density);
        options ??= new LbfgsOptions();
        IAscentDirection direction = algorithm switch
        {
            ModeAlgorithm.Bfgs => new BfgsInverse(density.Dimension),
            ModeAlgorithm.Newton => new NewtonDirection(density, options.IncludeJacobian),
            _ => new LbfgsHistory(density.Dimension, options.History),
        };
        return Climb(density, start, options, direction, null, cancellation);
    }

    /// <summary>The search, with every point of it given to <paramref name="visit"/>.</summary>
    internal static Mode Climb(ILogDensity density, ReadOnlySpan<double> start, LbfgsOptions options, IAscentDirection ascent, Action<LbfgsPoint>? visit, CancellationToken cancellation)
    {
        var line = new WolfeSearch(density, options.IncludeJacobian);
        LbfgsPoint at = line.At(start) ?? throw new SamplingException("The search for a mode cannot start where the density is not finite; give other initial values.");
        visit?.Invoke(at);
        var steps = new List<ModeStep> { new(0, at.Value, Norm(at.Gradient), 0) };
        int iteration = 0;
        Mode End(ModeEnd end, string reason) => new(at.Position, at.Value, iteration, line.Evaluations + ascent.Evaluations, end < ModeEnd.Iterations, reason) { End = end, Steps = steps };
        if (Norm(at.Gradient) < options.ToleranceGradient) return End(ModeEnd.Gradient, "The gradient is zero at the start.");
        while (iteration < options.Iterations)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] direction = ascent.Direction(at);
            if (!(ContiguousLoops.Dot(direction, at.Gradient) > 0))
            {
                ascent.Clear();
                direction = [.. at.Gradient];
            }
            LbfgsPoint? next = line.Along(at, direction, ascent.IsEmpty ? options.InitialStep : 1);
            if (next is null && !ascent.IsEmpty)
            {
                ascent.Clear();
                continue;
            }
            if (next is null) return End(ModeEnd.NoProgress, "No step along the gradient raises the density: the mode is met as nearly as rounding lets it, or the density is rough.");
            iteration++;
            double change = next.Value - at.Value, moved = ascent.Add(at, next), scale = Math.Max(Math.Abs(next.Value), Math.Max(Math.Abs(at.Value), 1)), length = Norm(next.Gradient);
            at = next;
            steps.Add(new ModeStep(iteration, at.Value, length, moved));
            visit?.Invoke(at);
            if (Math.Abs(change) < options.ToleranceObjective) return End(ModeEnd.Objective, "The log density no longer changes.");
            if (Math.Abs(change) / scale < options.ToleranceRelativeObjective * Epsilon) return End(ModeEnd.RelativeObjective, "The log density no longer changes relative to its size.");
            if (length < options.ToleranceGradient) return End(ModeEnd.Gradient, "The gradient is zero.");
            if (ContiguousLoops.Dot(ascent.Direction(at), at.Gradient) / Math.Max(Math.Abs(at.Value), 1) < options.ToleranceRelativeGradient * Epsilon) return End(ModeEnd.RelativeGradient, "The gradient is zero relative to the curvature.");
            if (moved < options.ToleranceParameters) return End(ModeEnd.Parameters, "The position no longer changes.");
        }
        return End(ModeEnd.Iterations, $"The search ended after {options.Iterations} iterations without meeting a tolerance.");
    }

    private static double Norm(double[] x) => Math.Sqrt(ContiguousLoops.Dot(x, x));
}
