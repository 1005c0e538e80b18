using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.Transforms;

/// <summary>
/// Real numbers with an upper bound: x = b − exp(y), log |J| = Σ y; where b = ∞, x = y. Source: Stan reference manual, "Upper bounded scalar". The bound is a scalar or has the shape of the variable, and may depend on parameters.
/// </summary>
internal static class UpperBoundTransform
{
    private static readonly UpperBoundOperation Bounded = new();

    /// <summary>The number of free values.</summary>
    public static int FreeSize(int size) => size;

    /// <summary>The bounded values of free ones.</summary>
    public static Block Constrain(Workspace w, Block free, Block upper, bool jacobian)
    {
        BoundShape.Require(free, upper, "upper bound");
        bool active = w.Differentiating && (free.Active || upper.Active), gradient = free.Active && w.Differentiating;
        Block result = w.AllocateLike(free, active);
        int n = free.Count, step = upper.Count == 1 ? 0 : 1, exponentials = w.AllocateSlots(n);
        Span<double> y = w.Values(free), x = w.Values(result), e = w.V.AsSpan(exponentials, n);
        TensorPrimitives.Exp(y, e);
        for (int i = 0; i < n; i++)
        {
            double bound = w.V[upper.Offset + (i * step)];
            bool unbounded = double.IsPositiveInfinity(bound);
            x[i] = unbounded ? y[i] : bound - e[i];
            if (!jacobian || unbounded) continue;
            w.Target += y[i];
            if (gradient) w.A[free.Offset + i] += 1;
        }
        if (active) w.Record(Bounded, free.Offset, free.Active ? 1 : 0, upper.Offset, upper.Active ? 1 : 0, step, exponentials, result.Offset, n);
        return result;
    }

    /// <summary>The free values of bounded ones.</summary>
    /// <exception cref="ArgumentException">A value is above its bound.</exception>
    public static void Free(ReadOnlySpan<double> constrained, Span<double> free, ReadOnlySpan<double> upper)
    {
        if (Violation(constrained, upper) is { } violation) throw new ArgumentException(violation, nameof(constrained));
        for (int i = 0; i < constrained.Length; i++)
        {
            double bound = upper[upper.Length == 1 ? 0 : i];
            free[i] = double.IsPositiveInfinity(bound) ? constrained[i] : Math.Log(bound - constrained[i]);
        }
    }

    /// <summary>Refuses values above their bound.</summary>
    public static void Check(ReadOnlySpan<double> x, string name, ReadOnlySpan<double> upper)
    {
        if (Violation(x, upper) is { } violation) Workspace.Reject($"{name}: {violation}");
    }

    private static string? Violation(ReadOnlySpan<double> x, ReadOnlySpan<double> upper)
    {
        for (int i = 0; i < x.Length; i++)
        {
            double bound = upper[upper.Length == 1 ? 0 : i];
            if (!(x[i] <= bound)) return $"{BoundShape.Element(i, x.Length)} is {x[i]}, but must be at most {bound}";
        }
        return null;
    }

    private sealed class UpperBoundOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[7], step = o[4];
            for (int i = 0; i < n; i++)
            {
                int bound = o[2] + (i * step);
                double given = w.A[o[6] + i];
                bool unbounded = double.IsPositiveInfinity(w.V[bound]);
                if (o[1] != 0) w.A[o[0] + i] += unbounded ? given : -given * w.V[o[5] + i];
                if (o[3] != 0 && !unbounded) w.A[bound] += given;
            }
        }
    }
}
