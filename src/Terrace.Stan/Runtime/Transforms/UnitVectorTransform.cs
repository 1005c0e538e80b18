using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.Transforms;

/// <summary>
/// Vectors of length 1: x = y / ‖y‖, with −½ yᵀy added to the target, so that y is standard normal and x uniform on the sphere when nothing else is said. Source: Stan reference manual, "Unit vector".
/// </summary>
internal static class UnitVectorTransform
{
    private const double Tolerance = 1e-8;
    private static readonly NormalisationOperation Normalised = new();

    /// <summary>The number of free values.</summary>
    public static int FreeSize(int size) => size;

    /// <summary>The free values divided by their length.</summary>
    public static Block Constrain(Workspace w, Block free, bool jacobian)
    {
        bool active = free.Active && w.Differentiating;
        Span<double> y = w.Values(free);
        double square = TensorPrimitives.SumOfSquares(y);
        if (!(square > 0 && double.IsFinite(square))) Workspace.Reject($"the squared length of the free values of a unit vector is {square}, but must be positive and finite");
        Block result = w.AllocateLike(free, active);
        TensorPrimitives.Divide(y, Math.Sqrt(square), w.Values(result));
        if (jacobian)
        {
            w.Target -= 0.5 * square;
            if (active) TensorPrimitives.Subtract(w.Adjoints(free), y, w.Adjoints(free));
        }
        if (active) w.Record(Normalised, free.Offset, result.Offset, free.Count);
        return result;
    }

    /// <summary>The free values: the vector itself.</summary>
    /// <exception cref="ArgumentException">The length is not 1.</exception>
    public static void Free(ReadOnlySpan<double> constrained, Span<double> free)
    {
        if (Violation(constrained) is { } violation) throw new ArgumentException(violation, nameof(constrained));
        constrained.CopyTo(free);
    }

    /// <summary>Refuses vectors of another length than 1.</summary>
    public static void Check(ReadOnlySpan<double> x, string name)
    {
        if (Violation(x) is { } violation) Workspace.Reject($"{name}: {violation}");
    }

    private static string? Violation(ReadOnlySpan<double> x)
    {
        double square = TensorPrimitives.SumOfSquares(x);
        return Math.Abs(square - 1) <= Tolerance ? null : $"the squares of the elements sum to {square}, but must sum to 1";
    }

    private sealed class NormalisationOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            // ȳ += (x̄ − x (x·x̄)) / ‖y‖.
            int n = o[2];
            ReadOnlySpan<double> given = w.A.AsSpan(o[1], n), x = w.V.AsSpan(o[1], n);
            double length = TensorPrimitives.Norm(w.V.AsSpan(o[0], n)), inner = TensorPrimitives.Dot(given, x);
            for (int i = 0; i < n; i++) w.A[o[0] + i] += (given[i] - (x[i] * inner)) / length;
        }
    }
}
