using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.Transforms;

/// <summary>
/// Real numbers with a lower bound: x = a + exp(y), log |J| = Σ y; where a = −∞, x = y. Source: Stan reference manual, "Lower bounded scalar". The bound is a scalar or has the shape of the variable, and may depend on parameters.
/// </summary>
internal static class LowerBoundTransform
{
    private static readonly LowerBoundOperation Bounded = new();

    /// <summary>The number of free values.</summary>
    public static int FreeSize(int size) => size;

    /// <summary>The bounded values of free ones.</summary>
    public static Block Constrain(Workspace w, Block free, Block lower, bool jacobian)
    {
        BoundShape.Require(free, lower, "lower bound");
        bool active = w.Differentiating && (free.Active || lower.Active);
        Block result = w.AllocateLike(free, active);
        int n = free.Count;
        // exp(y) is kept apart when adding the bound would round it.
        int exponentials = active && !(lower.Count == 1 && w.V[lower.Offset] == 0) ? w.AllocateSlots(n) : result.Offset;
        Span<double> y = w.Values(free), x = w.Values(result), e = w.V.AsSpan(exponentials, n);
        TensorPrimitives.Exp(y, e);
        if (lower.Count != 1) for (int i = 0; i < n; i++) x[i] = Value(y[i], e[i], w.V[lower.Offset + i]);
        else if (double.IsNegativeInfinity(w.V[lower.Offset])) y.CopyTo(x);
        else if (w.V[lower.Offset] != 0) TensorPrimitives.Add(e, w.V[lower.Offset], x);
        if (jacobian) AddJacobian(w, free, lower);
        if (active) w.Record(Bounded, free.Offset, free.Active ? 1 : 0, lower.Offset, lower.Active ? 1 : 0, lower.Count == 1 ? 0 : 1, exponentials, result.Offset, n);
        return result;
    }

    private static double Value(double y, double exponential, double lower) => double.IsNegativeInfinity(lower) ? y : lower + exponential;

    private static void AddJacobian(Workspace w, Block free, Block lower)
    {
        bool gradient = free.Active && w.Differentiating;
        int step = lower.Count == 1 ? 0 : 1;
        for (int i = 0; i < free.Count; i++)
        {
            if (double.IsNegativeInfinity(w.V[lower.Offset + (i * step)])) continue;
            w.Target += w.V[free.Offset + i];
            if (gradient) w.A[free.Offset + i] += 1;
        }
    }

    /// <summary>The free values of bounded ones.</summary>
    /// <exception cref="ArgumentException">A value is below its bound.</exception>
    public static void Free(ReadOnlySpan<double> constrained, Span<double> free, ReadOnlySpan<double> lower)
    {
        if (Violation(constrained, lower) is { } violation) throw new ArgumentException(violation, nameof(constrained));
        for (int i = 0; i < constrained.Length; i++)
        {
            double bound = lower[lower.Length == 1 ? 0 : i];
            free[i] = double.IsNegativeInfinity(bound) ? constrained[i] : Math.Log(constrained[i] - bound);
        }
    }

    /// <summary>Refuses values below their bound.</summary>
    public static void Check(ReadOnlySpan<double> x, string name, ReadOnlySpan<double> lower)
    {
        if (Violation(x, lower) is { } violation) Workspace.Reject($"{name}: {violation}");
    }

    private static string? Violation(ReadOnlySpan<double> x, ReadOnlySpan<double> lower)
    {
        for (int i = 0; i < x.Length; i++)
        {
            double bound = lower[lower.Length == 1 ? 0 : i];
            if (!(x[i] >= bound)) return $"{BoundShape.Element(i, x.Length)} is {x[i]}, but must be at least {bound}";
        }
        return null;
    }

    private sealed class LowerBoundOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[7], step = o[4];
            ReadOnlySpan<double> given = w.A.AsSpan(o[6], n);
            if (o[3] != 0)
                for (int i = 0; i < n; i++) if (!double.IsNegativeInfinity(w.V[o[2] + (i * step)])) w.A[o[2] + (i * step)] += given[i];
            if (o[1] == 0) return;
            Span<double> adjoint = w.A.AsSpan(o[0], n);
            ReadOnlySpan<double> e = w.V.AsSpan(o[5], n);
            if (step == 0 && !double.IsNegativeInfinity(w.V[o[2]])) TensorPrimitives.MultiplyAdd(given, e, adjoint, adjoint);
            else for (int i = 0; i < n; i++) adjoint[i] += double.IsNegativeInfinity(w.V[o[2] + (i * step)]) ? given[i] : given[i] * e[i];
        }
    }
}
