using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Numerics.Optimization;

/// <summary>
/// A function to minimise: returns its value at <paramref name="x"/> and writes its gradient (same length).
/// NaN or +infinity means that <paramref name="x"/> lies too far out; the search then shortens its step.
/// </summary>
public delegate double Objective(ReadOnlySpan<double> x, Span<double> gradient);

/// <summary>The longest multiple of <paramref name="direction"/> that may be tried from <paramref name="point"/>; at least positive, +infinity for no limit.</summary>
public delegate double StepLimit(ReadOnlySpan<double> point, ReadOnlySpan<double> direction);

/// <summary>How long and how exactly to search.</summary>
public sealed record OptimizationOptions
{
    /// <summary>The most evaluations of the function.</summary>
    public int MaximumEvaluations { get; init; } = 500;

    /// <summary>Converged only when the fall that a full quasi-Newton step still promises is at most this times (1 + |value|).</summary>
    public double RelativeReduction { get; init; } = 1e-14;

    /// <summary>Converged only when no component of the projected gradient exceeds this times (1 + |value|).</summary>
    public double GradientTolerance { get; init; } = 1e-6;

    /// <summary>The diagonal of the Hessian assumed at the start; null for one scaled to the first gradient.</summary>
    public double[]? InitialHessianDiagonal { get; init; }

    /// <summary>
    /// The Hessian, or what is near it, at a point at which the function was evaluated last; null, or a result that is null or not positive definite, for none. It is asked for at the start,
    /// in place of <see cref="InitialHessianDiagonal"/>, and after every step that lowered the value by more than <see cref="CurvatureReduction"/>, in place of a BFGS update.
    /// </summary>
    public Func<double[], Matrix?>? Curvature { get; init; }

    /// <summary>How much a step must have lowered the value for <see cref="Curvature"/> to be asked for again.</summary>
    public double CurvatureReduction { get; init; } = 0.01;

    /// <summary>The whole Hessian assumed at the start, symmetric and positive definite; it takes the place of <see cref="InitialHessianDiagonal"/>.</summary>
    public Matrix? InitialHessian { get; init; }

    /// <summary>A limit on each step; null for none.</summary>
    public StepLimit? StepLimit { get; init; }
}
