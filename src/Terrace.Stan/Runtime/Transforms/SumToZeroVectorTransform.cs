namespace Terrace.Stan.Runtime.Transforms;

/// <summary>
/// Vectors that sum to zero, by an orthonormal basis of that subspace: x = H y with x₁ = Σₙ wₙ and xₙ₊₁ = Σ(i > n) wᵢ − n wₙ, wₙ = yₙ / √(n (n + 1)). As HᵀH = I, the inverse is y = Hᵀx, and the map changes no volume: log |J| = 0.
/// Sources: Stan reference manual, "Sum-to-zero vector"; Egozcue et al. (2003), Isometric logratio transformations for compositional data analysis, Mathematical Geology 35, section 4.
/// </summary>
internal static class SumToZeroVectorTransform
{
    private const double Tolerance = 1e-8;
    private static readonly BasisOperation Basis = new();

    /// <summary>The number of free values.</summary>
    public static int FreeSize(int size) => Math.Max(0, size - 1);

    /// <summary>The values that sum to zero; a row vector is given a row vector.</summary>
    public static Block Constrain(Workspace w, Block free, bool jacobian)
    {
        _ = jacobian; // The map is orthonormal.
        bool active = free.Active && w.Differentiating;
        int n = free.Count;
        Block result = w.Allocate(1, free.Cols > 1 ? 1 : n + 1, free.Cols > 1 ? n + 1 : 1, active);
        Expand(w.V.AsSpan(free.Offset), 1, n, w.V.AsSpan(result.Offset), 1);
        if (active) w.Record(Basis, free.Offset, result.Offset, n);
        return result;
    }

    /// <summary>x = H y for n free values, with strides between the elements.</summary>
    internal static void Expand(ReadOnlySpan<double> y, int freeStride, int n, Span<double> x, int stride)
    {
        double sum = 0;
        x[n * stride] = 0;
        for (int i = n; i >= 1; i--)
        {
            double share = y[(i - 1) * freeStride] / Math.Sqrt((double)i * (i + 1));
            x[i * stride] = sum - (i * share);
            sum += share;
        }
        x[0] = sum;
    }

    /// <summary>y += factor · Hᵀx, with strides between the elements.</summary>
    internal static void AddContracted(ReadOnlySpan<double> x, int stride, int n, double factor, Span<double> y, int freeStride)
    {
        double before = 0;
        for (int i = 1; i <= n; i++)
        {
            before += x[(i - 1) * stride];
            y[(i - 1) * freeStride] += factor * (before - (i * x[i * stride])) / Math.Sqrt((double)i * (i + 1));
        }
    }

    /// <summary>The free values.</summary>
    /// <exception cref="ArgumentException">The values do not sum to zero.</exception>
    public static void Free(ReadOnlySpan<double> constrained, Span<double> free)
    {
        if (Violation(constrained) is { } violation) throw new ArgumentException(violation, nameof(constrained));
        free.Clear();
        AddContracted(constrained, 1, free.Length, 1, free, 1);
    }

    /// <summary>Refuses values that do not sum to zero.</summary>
    public static void Check(ReadOnlySpan<double> x, string name)
    {
        if (Violation(x) is { } violation) Workspace.Reject($"{name}: {violation}");
    }

    private static string? Violation(ReadOnlySpan<double> x)
    {
        double sum = 0;
        foreach (double value in x) sum += value;
        return Math.Abs(sum) <= Tolerance ? null : $"the elements sum to {sum}, but must sum to 0";
    }

    private sealed class BasisOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o) => AddContracted(w.A.AsSpan(o[1]), 1, o[2], 1, w.A.AsSpan(o[0]), 1);
    }
}
