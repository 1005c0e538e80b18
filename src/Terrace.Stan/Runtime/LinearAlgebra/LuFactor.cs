using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>
/// The LU factors of a general square matrix with row exchanges, P A = L U, in an arena: L below the diagonal (its own diagonal is 1), U on and above. Source: Golub and Van Loan (2013), Matrix Computations, algorithm 3.4.1.
/// </summary>
internal static class LuFactor
{
    /// <summary>Overwrites the matrix by its factors and writes the exchanges; returns the sign of the permutation, or 0 if a pivot is 0.</summary>
    public static int Factor(double[] v, int offset, int n, Span<int> pivots)
    {
        int sign = 1;
        for (int k = 0; k < n; k++)
        {
            Span<double> column = v.AsSpan(offset + (k * n), n);
            int pivot = k;
            for (int i = k + 1; i < n; i++) if (Math.Abs(column[i]) > Math.Abs(column[pivot])) pivot = i;
            pivots[k] = pivot;
            if (column[pivot] == 0 || double.IsNaN(column[pivot])) return 0;
            if (pivot != k)
            {
                sign = -sign;
                for (int j = 0, at = offset; j < n; j++, at += n) (v[at + k], v[at + pivot]) = (v[at + pivot], v[at + k]);
            }
            TensorPrimitives.Divide(column[(k + 1)..], column[k], column[(k + 1)..]);
            for (int j = k + 1; j < n; j++)
            {
                Span<double> other = v.AsSpan(offset + (j * n), n);
                TensorPrimitives.MultiplyAdd(column[(k + 1)..], -other[k], other[(k + 1)..], other[(k + 1)..]);
            }
        }
        return sign;
    }

    /// <summary>b := A⁻¹ b, or A⁻ᵀ b with <paramref name="transposed"/>, for a contiguous vector.</summary>
    public static void Solve(double[] v, int offset, int n, ReadOnlySpan<int> pivots, Span<double> b, bool transposed)
    {
        if (!transposed)
        {
            for (int k = 0; k < n; k++) (b[k], b[pivots[k]]) = (b[pivots[k]], b[k]);
            for (int k = 0; k < n; k++) TensorPrimitives.MultiplyAdd(v.AsSpan(offset + (k * n) + k + 1, n - k - 1), -b[k], b[(k + 1)..], b[(k + 1)..]);
            for (int k = n - 1; k >= 0; k--)
            {
                b[k] /= v[offset + (k * n) + k];
                TensorPrimitives.MultiplyAdd(v.AsSpan(offset + (k * n), k), -b[k], b[..k], b[..k]);
            }
            return;
        }
        for (int k = 0; k < n; k++) b[k] = (b[k] - TensorPrimitives.Dot<double>(v.AsSpan(offset + (k * n), k), b[..k])) / v[offset + (k * n) + k];
        for (int k = n - 1; k >= 0; k--) b[k] -= TensorPrimitives.Dot<double>(v.AsSpan(offset + (k * n) + k + 1, n - k - 1), b[(k + 1)..]);
        for (int k = n - 1; k >= 0; k--) (b[k], b[pivots[k]]) = (b[pivots[k]], b[k]);
    }
}
