using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>
/// L Lᵀ of the lower triangle of a matrix. With S = L Lᵀ the adjoint is L̄ += tril((S̄ + S̄ᵀ) L). Source: Giles (2008), section 2.2.2, for both factors.
/// </summary>
internal static class LowerTriangularProduct
{
    private static readonly SelfTransposeOperation Squared = new();

    /// <summary>L Lᵀ; what stands above the diagonal of L is taken as 0. A rectangular L (M × N) gives M × M.</summary>
    public static Block SelfTranspose(Workspace w, Block l)
    {
        bool active = l.Active && w.Differentiating;
        int n = l.Rows, m = Math.Min(l.Cols, n);
        Block result = w.Allocate(1, n, n, active);
        w.Values(result).Clear();
        for (int k = 0; k < m; k++)
        {
            for (int j = k; j < n; j++)
            {
                Span<double> target = w.V.AsSpan(result.Offset + (j * n) + j, n - j);
                TensorPrimitives.MultiplyAdd(w.V.AsSpan(l.Offset + (k * n) + j, n - j), w.V[l.Offset + (k * n) + j], target, target);
            }
        }
        for (int j = 0; j < n; j++)
            for (int i = j + 1; i < n; i++) w.V[result.Offset + (i * n) + j] = w.V[result.Offset + (j * n) + i];
        if (active) w.Record(Squared, l.Offset, result.Offset, n, m, w.AllocateSlots(n * n));
        return result;
    }

    private sealed class SelfTransposeOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[2];
            Span<double> sum = w.V.AsSpan(o[4], n * n);
            for (int j = 0; j < n; j++)
                for (int i = 0; i < n; i++) sum[(j * n) + i] = w.A[o[1] + (j * n) + i] + w.A[o[1] + (i * n) + j];
            for (int k = 0; k < o[3]; k++)
            {
                Span<double> adjoint = w.A.AsSpan(o[0] + (k * n) + k, n - k);
                for (int j = k; j < n; j++) TensorPrimitives.MultiplyAdd(sum.Slice((j * n) + k, n - k), w.V[o[0] + (k * n) + j], adjoint, adjoint);
            }
        }
    }
}
