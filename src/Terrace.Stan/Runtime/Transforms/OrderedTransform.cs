using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.Transforms;

/// <summary>Vectors whose elements increase: x₁ = y₁, xₖ = xₖ₋₁ + exp(yₖ), log |J| = Σₖ₌₂ yₖ. Source: Stan reference manual, "Ordered vector".</summary>
internal static class OrderedTransform
{
    private static readonly OrderedOperation Summed = new();

    /// <summary>The number of free values.</summary>
    public static int FreeSize(int size) => size;

    /// <summary>The ordered values of free ones.</summary>
    public static Block Constrain(Workspace w, Block free, bool jacobian) => Accumulate(w, free, jacobian, 1);

    /// <summary>Sums of exponentials, before which the first <paramref name="start"/> values (none or one) are taken as they are.</summary>
    internal static Block Accumulate(Workspace w, Block free, bool jacobian, int start)
    {
        bool active = free.Active && w.Differentiating;
        Block result = w.AllocateLike(free, active);
        ReadOnlySpan<double> y = w.Values(free);
        Span<double> x = w.Values(result);
        double value = 0;
        for (int k = 0; k < y.Length; k++) x[k] = value = k < start ? y[k] : value + Math.Exp(y[k]);
        if (jacobian && y.Length > start)
        {
            w.Target += TensorPrimitives.Sum(y[start..]);
            if (active) for (int k = start; k < y.Length; k++) w.A[free.Offset + k] += 1;
        }
        if (active) w.Record(Summed, free.Offset, result.Offset, y.Length, start);
        return result;
    }

    /// <summary>The free values: logarithms of the differences.</summary>
    /// <exception cref="ArgumentException">The values do not increase.</exception>
    public static void Free(ReadOnlySpan<double> constrained, Span<double> free)
    {
        if (Violation(constrained) is { } violation) throw new ArgumentException(violation, nameof(constrained));
        Differences(constrained, free);
        if (constrained.Length > 0) free[0] = constrained[0];
    }

    /// <summary>Logarithms of the differences between neighbours, the first from 0.</summary>
    internal static void Differences(ReadOnlySpan<double> constrained, Span<double> free)
    {
        for (int k = 0; k < constrained.Length; k++) free[k] = Math.Log(constrained[k] - (k == 0 ? 0 : constrained[k - 1]));
    }

    /// <summary>Refuses values that do not increase.</summary>
    public static void Check(ReadOnlySpan<double> x, string name)
    {
        if (Violation(x) is { } violation) Workspace.Reject($"{name}: {violation}");
    }

    private static string? Violation(ReadOnlySpan<double> x)
    {
        for (int k = 0; k < x.Length; k++)
            if (double.IsNaN(x[k]) || (k > 0 && !(x[k] > x[k - 1]))) return $"element {k + 1} is {x[k]}, but must be larger than the one before it{(k > 0 ? $", {x[k - 1]}" : "")}";
        return null;
    }

    private sealed class OrderedOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            // Element k moves itself and all later ones.
            double sum = 0;
            for (int k = o[2] - 1; k >= 0; k--)
            {
                sum += w.A[o[1] + k];
                w.A[o[0] + k] += k < o[3] ? sum : sum * Math.Exp(w.V[o[0] + k]);
            }
        }
    }
}
