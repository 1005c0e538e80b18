namespace Terrace.Stan.Runtime.Transforms;

/// <summary>
/// Positive vectors that sum to one: x = softmax(z) with z = H y, the sum-to-zero vector of the K − 1 free values (<see cref="SumToZeroVectorTransform"/>); log |J| of the first K − 1 elements = ½ log K − K log Σ exp(zₖ), which is ½ log K + Σ log xₖ as z sums to 0.
/// Source: Stan reference manual, "Unit simplex" (2.37 and later; earlier versions broke sticks), an isometric logratio transform.
/// </summary>
internal static class SimplexTransform
{
    private const double Tolerance = 1e-8;
    private static readonly SoftmaxOperation Softmax = new();

    /// <summary>The number of free values.</summary>
    public static int FreeSize(int size) => Math.Max(0, size - 1);

    /// <summary>The simplex of free values.</summary>
    public static Block Constrain(Workspace w, Block free, bool jacobian)
    {
        int size = free.Count + 1;
        Block result = w.Allocate(1, free.Cols > 1 ? 1 : size, free.Cols > 1 ? size : 1, free.Active && w.Differentiating);
        ConstrainStrided(w, free, 0, 1, result, 0, 1, size, jacobian);
        return result;
    }

    /// <summary>One simplex of <paramref name="size"/> elements within containers, with strides between its elements.</summary>
    internal static void ConstrainStrided(Workspace w, Block free, int freeStart, int freeStride, Block result, int start, int stride, int size, bool jacobian)
    {
        int n = size - 1, at = result.Offset + start, from = free.Offset + freeStart;
        Span<double> x = w.V.AsSpan(at);
        SumToZeroVectorTransform.Expand(w.V.AsSpan(from), freeStride, n, x, stride);
        double largest = double.NegativeInfinity, sum = 0;
        for (int k = 0; k < size; k++) largest = Math.Max(largest, x[k * stride]);
        for (int k = 0; k < size; k++) sum += x[k * stride] = Math.Exp(x[k * stride] - largest);
        for (int k = 0; k < size; k++) x[k * stride] /= sum;
        if (jacobian)
        {
            w.Target += (0.5 * Math.Log(size)) - (size * (largest + Math.Log(sum)));
            if (result.Active) SumToZeroVectorTransform.AddContracted(x, stride, n, -size, w.A.AsSpan(from), freeStride);
        }
        if (result.Active) w.Record(Softmax, from, freeStride, at, stride, size);
    }

    /// <summary>The free values: Hᵀ log x.</summary>
    /// <exception cref="ArgumentException">An element is not positive or the sum is not 1.</exception>
    public static void Free(ReadOnlySpan<double> constrained, Span<double> free) => FreeStrided(constrained, 1, constrained.Length, free, 1);

    /// <summary>The free values of one simplex within containers.</summary>
    internal static void FreeStrided(ReadOnlySpan<double> x, int stride, int size, Span<double> free, int freeStride)
    {
        if (Violation(x, stride, size) is { } violation) throw new ArgumentException(violation, nameof(x));
        double before = 0;
        for (int i = 0; i < size; i++)
        {
            double value = x[i * stride];
            if (value == 0) throw new ArgumentException($"element {i + 1} is 0, but must be positive to have a logarithm", nameof(x));
            double logarithm = Math.Log(value);
            if (i > 0) free[(i - 1) * freeStride] = (before - (i * logarithm)) / Math.Sqrt((double)i * (i + 1));
            before += logarithm;
        }
    }

    /// <summary>Refuses vectors with a negative element or another sum than 1.</summary>
    public static void Check(ReadOnlySpan<double> x, string name)
    {
        if (Violation(x, 1, x.Length) is { } violation) Workspace.Reject($"{name}: {violation}");
    }

    /// <summary>What is wrong with a simplex within a container, or null.</summary>
    internal static string? Violation(ReadOnlySpan<double> x, int stride, int size)
    {
        double sum = 0;
        for (int k = 0; k < size; k++)
        {
            if (!(x[k * stride] >= 0)) return $"element {k + 1} is {x[k * stride]}, but must not be negative";
            sum += x[k * stride];
        }
        return Math.Abs(sum - 1) <= Tolerance ? null : $"the elements sum to {sum}, but must sum to 1";
    }

    private sealed class SoftmaxOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int from = o[0], freeStride = o[1], at = o[2], stride = o[3], size = o[4];
            double inner = 0, before = 0;
            for (int k = 0; k < size; k++) inner += w.V[at + (k * stride)] * w.A[at + (k * stride)];
            for (int i = 0; i < size; i++)
            {
                // z̄ = x ∘ (x̄ − x·x̄), then ȳ = Hᵀ z̄.
                double logit = w.V[at + (i * stride)] * (w.A[at + (i * stride)] - inner);
                if (i > 0) w.A[from + ((i - 1) * freeStride)] += (before - (i * logit)) / Math.Sqrt((double)i * (i + 1));
                before += logit;
            }
        }
    }
}
