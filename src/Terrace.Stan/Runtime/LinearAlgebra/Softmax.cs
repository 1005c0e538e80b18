using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>log Σ exp(xᵢ), softmax(x) = exp(x) / Σ exp(xᵢ) and its logarithm, all relative to the largest element so that nothing overflows.</summary>
internal static class Softmax
{
    private static readonly LogSumOperation Summed = new();
    private static readonly SoftmaxOperation Normalised = new();
    private static readonly LogSoftmaxOperation LogNormalised = new();

    /// <summary>log Σ exp(xᵢ) of all elements; −∞ of none.</summary>
    public static Block LogSumExp(Workspace w, Block x)
    {
        bool active = x.Active && w.Differentiating;
        // The shares softmax(x) are the partial derivatives and are kept for the reverse pass.
        int shares = w.AllocateSlots(x.Count);
        Block result = w.AllocateScalar(Shares(w.Values(x), w.V.AsSpan(shares, x.Count)), active);
        if (active) w.Record(Summed, x.Offset, x.Count, shares, result.Offset);
        return result;
    }

    /// <summary>Writes exp(x) / Σ exp(x) and returns log Σ exp(x).</summary>
    private static double Shares(ReadOnlySpan<double> x, Span<double> shares)
    {
        if (x.Length == 0) return double.NegativeInfinity;
        double largest = TensorPrimitives.Max(x);
        if (double.IsInfinity(largest) || double.IsNaN(largest))
        {
            // All −∞, or some ∞: the limit of the shares is taken as equal parts of the largest ones.
            int count = 0;
            foreach (double value in x) if (value == largest) count++;
            for (int i = 0; i < x.Length; i++) shares[i] = x[i] == largest ? 1.0 / count : 0;
            return largest;
        }
        TensorPrimitives.Subtract(x, largest, shares);
        TensorPrimitives.Exp(shares, shares);
        double sum = TensorPrimitives.Sum<double>(shares);
        TensorPrimitives.Divide(shares, sum, shares);
        return largest + Math.Log(sum);
    }

    /// <summary>exp(x) / Σ exp(x) of each array element.</summary>
    public static Block Of(Workspace w, Block x)
    {
        Block result = w.AllocateLike(x, x.Active && w.Differentiating);
        for (int k = 0; k < x.Outer; k++) Shares(w.Values(x.Element(k)), w.Values(result.Element(k)));
        if (result.Active) w.Record(Normalised, x.Offset, result.Offset, x.Outer, x.Inner);
        return result;
    }

    /// <summary>x − log Σ exp(x) of each array element.</summary>
    public static Block LogOf(Workspace w, Block x)
    {
        Block result = w.AllocateLike(x, x.Active && w.Differentiating);
        int shares = w.AllocateSlots(x.Count);
        for (int k = 0; k < x.Outer; k++)
        {
            ReadOnlySpan<double> from = w.Values(x.Element(k));
            double logSum = Shares(from, w.V.AsSpan(shares + (k * x.Inner), x.Inner));
            TensorPrimitives.Subtract(from, logSum, w.Values(result.Element(k)));
        }
        if (result.Active) w.Record(LogNormalised, x.Offset, result.Offset, x.Outer, x.Inner, shares);
        return result;
    }

    private sealed class LogSumOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            Span<double> adjoint = w.A.AsSpan(o[0], o[1]);
            TensorPrimitives.MultiplyAdd(w.V.AsSpan(o[2], o[1]), w.A[o[3]], adjoint, adjoint);
        }
    }

    private sealed class SoftmaxOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[3];
            for (int k = 0; k < o[2]; k++)
            {
                ReadOnlySpan<double> value = w.V.AsSpan(o[1] + (k * n), n), given = w.A.AsSpan(o[1] + (k * n), n);
                Span<double> adjoint = w.A.AsSpan(o[0] + (k * n), n);
                double inner = TensorPrimitives.Dot(value, given);
                for (int i = 0; i < n; i++) adjoint[i] += value[i] * (given[i] - inner);
            }
        }
    }

    private sealed class LogSoftmaxOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[3];
            for (int k = 0; k < o[2]; k++)
            {
                ReadOnlySpan<double> share = w.V.AsSpan(o[4] + (k * n), n), given = w.A.AsSpan(o[1] + (k * n), n);
                Span<double> adjoint = w.A.AsSpan(o[0] + (k * n), n);
                double sum = TensorPrimitives.Sum(given);
                for (int i = 0; i < n; i++) adjoint[i] += given[i] - (share[i] * sum);
            }
        }
    }
}
