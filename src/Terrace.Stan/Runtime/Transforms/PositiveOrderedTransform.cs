using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.Transforms;

/// <summary>Vectors of positive elements that increase: x₁ = exp(y₁), xₖ = xₖ₋₁ + exp(yₖ), log |J| = Σ yₖ. Source: Stan reference manual, "Positive ordered vector".</summary>
internal static class PositiveOrderedTransform
{
    private static readonly PositiveOrderedOperation Summed = new();

    /// <summary>The number of free values.</summary>
    public static int FreeSize(int size) => size;

    /// <summary>The ordered values of free ones.</summary>
    public static Block Constrain(Workspace w, Block free, bool jacobian)
    {
        bool active = free.Active && w.Differentiating;
        Block result = w.AllocateLike(free, active);
        ReadOnlySpan<double> y = w.Values(free);
        Span<double> x = w.Values(result);
        double value = 0;
        for (int k = 0; k < y.Length; k++) x[k] = value += Math.Exp(y[k]);
        if (jacobian && y.Length > 0)
        {
            w.Target += TensorPrimitives.Sum(y);
            if (active) for (int k = 0; k < y.Length; k++) w.A[free.Offset + k] += 1;
        }
        if (active) w.Record(Summed, free.Offset, result.Offset, y.Length);
        return result;
    }

    /// <summary>The free values: logarithms of the differences.</summary>
    /// <exception cref="ArgumentException">The values do not increase.</exception>
    public static void Free(ReadOnlySpan<double> constrained, Span<double> free)
    {
        if (Violation(constrained) is { } violation) throw new ArgumentException(violation, nameof(constrained));
        if (constrained.Length > 0) free[0] = Math.Log(constrained[0]);
        for (int k = 1; k < constrained.Length; k++) free[k] = Math.Log(constrained[k] - constrained[k - 1]);
    }

    /// <summary>Refuses values that are negative or do not increase.</summary>
    public static void Check(ReadOnlySpan<double> x, string name)
    {
        if (Violation(x) is { } violation) Workspace.Reject($"{name}: {violation}");
    }

    private static string? Violation(ReadOnlySpan<double> x)
    {
        for (int k = 0; k < x.Length; k++)
            if (k == 0 ? !(x[0] >= 0) : !(x[k] > x[k - 1])) return k == 0 ? $"element 1 is {x[0]}, but must be positive" : $"element {k + 1} is {x[k]}, but must be larger than the one before it, {x[k - 1]}";
        return null;
    }

    private sealed class PositiveOrderedOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            // Element k moves itself and all later ones.
            double sum = 0;
            for (int k = o[2] - 1; k >= 0; k--)
            {
                sum += w.A[o[1] + k];
                w.A[o[0] + k] += sum * Math.Exp(w.V[o[0] + k]);
            }
        }
    }
}
