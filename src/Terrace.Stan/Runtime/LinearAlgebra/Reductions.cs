using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>Sums, products, extremes and moments of all elements of a container (Stan functions reference, "Reductions").</summary>
internal static class Reductions
{
    private static readonly SumOperation Summed = new();
    private static readonly ProductOperation Multiplied = new();
    private static readonly VarianceOperation Varied = new();

    /// <summary>Σ x.</summary>
    public static Block Sum(Workspace w, Block x)
    {
        Block result = w.AllocateScalar(TensorPrimitives.Sum(w.Values(x)), x.Active && w.Differentiating);
        if (result.Active) w.Record(Summed, x.Offset, x.Count, result.Offset, 1);
        return result;
    }

    /// <summary>Σ x / n.</summary>
    public static Block Mean(Workspace w, Block x)
    {
        RequireElements("mean", x);
        Block result = w.AllocateScalar(TensorPrimitives.Sum(w.Values(x)) / x.Count, x.Active && w.Differentiating);
        if (result.Active) w.Record(Summed, x.Offset, x.Count, result.Offset, x.Count);
        return result;
    }

    /// <summary>Π x, 1 if there is no element.</summary>
    public static Block Prod(Workspace w, Block x)
    {
        double product = 1;
        foreach (double value in w.Values(x)) product *= value;
        Block result = w.AllocateScalar(product, x.Active && w.Differentiating);
        if (result.Active) w.Record(Multiplied, x.Offset, x.Count, result.Offset);
        return result;
    }

    /// <summary>The least element, ∞ if there is none; its adjoint is that of the first such element.</summary>
    public static Block Min(Workspace w, Block x) => Extreme(w, x, x.Count == 0 ? -1 : TensorPrimitives.IndexOfMin(w.Values(x)), double.PositiveInfinity);

    /// <summary>The largest element, −∞ if there is none; its adjoint is that of the first such element.</summary>
    public static Block Max(Workspace w, Block x) => Extreme(w, x, x.Count == 0 ? -1 : TensorPrimitives.IndexOfMax(w.Values(x)), double.NegativeInfinity);

    private static Block Extreme(Workspace w, Block x, int place, double empty)
    {
        if (place < 0) return w.AllocateScalar(empty, false);
        Block result = w.AllocateScalar(w.V[x.Offset + place], x.Active && w.Differentiating);
        if (result.Active) w.Record(Summed, x.Offset + place, 1, result.Offset, 1);
        return result;
    }

    /// <summary>Σ (x − x̄)² / (n − 1); 0 for one element.</summary>
    public static Block Variance(Workspace w, Block x) => Spread(w, x, "variance", false);

    /// <summary>The square root of the variance.</summary>
    public static Block Sd(Workspace w, Block x) => Spread(w, x, "sd", true);

    private static Block Spread(Workspace w, Block x, string name, bool root)
    {
        RequireElements(name, x);
        ReadOnlySpan<double> values = w.Values(x);
        double mean = TensorPrimitives.Sum(values) / values.Length, squares = 0;
        foreach (double value in values) squares += (value - mean) * (value - mean);
        double variance = values.Length == 1 ? 0 : squares / (values.Length - 1);
        Block result = w.AllocateScalar(root ? Math.Sqrt(variance) : variance, x.Active && w.Differentiating);
        if (result.Active) w.Record(Varied, x.Offset, x.Count, result.Offset, root ? 1 : 0);
        return result;
    }

    private static void RequireElements(string name, Block x)
    {
        if (x.Count == 0) Workspace.Fail($"{name}: there is no element");
    }

    /// <summary>Operands: place and number of the elements, place of the result, the divisor.</summary>
    private sealed class SumOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            Span<double> adjoint = w.A.AsSpan(o[0], o[1]);
            TensorPrimitives.Add(adjoint, w.A[o[2]] / o[3], adjoint);
        }
    }

    private sealed class ProductOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            double given = w.A[o[2]];
            ReadOnlySpan<double> x = w.V.AsSpan(o[0], o[1]);
            int zeros = 0;
            foreach (double value in x) if (value == 0) zeros++;
            if (zeros > 1) return;
            double others = 1;
            foreach (double value in x) if (value != 0) others *= value;
            for (int i = 0; i < x.Length; i++)
            {
                if (zeros == 0) w.A[o[0] + i] += given * others / x[i];
                else if (x[i] == 0) w.A[o[0] + i] += given * others;
            }
        }
    }

    private sealed class VarianceOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[1];
            // The standard deviation has no derivative where all elements are equal; 0 is as good as any.
            double value = w.V[o[2]], scale = n == 1 || value == 0 ? 0 : w.A[o[2]] / (n - 1) * (o[3] != 0 ? 1 / value : 2);
            ReadOnlySpan<double> x = w.V.AsSpan(o[0], n);
            double mean = TensorPrimitives.Sum(x) / n;
            for (int i = 0; i < n; i++) w.A[o[0] + i] += scale * (x[i] - mean);
        }
    }
}
