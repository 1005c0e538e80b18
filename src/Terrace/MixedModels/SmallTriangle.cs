using System.Runtime.CompilerServices;

namespace Terrace.MixedModels;

/// <summary>
/// Cholesky factors of the tiny k × k blocks that belong to one level of a grouping factor, stored column by column; k is 1 or 2 nearly always.
/// </summary>
/// <remarks>A = L L' as in Golub and Van Loan (2013), algorithm 4.2.1, on spans, so that a level costs no call into the blocked kernels. Check: BlockedCholeskyTests.</remarks>
internal static class SmallTriangle
{
    /// <summary>Overwrites the lower triangle by L and adds log |A|; false if A is not positive definite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryFactor(Span<double> a, int k, ref double logDeterminant)
    {
        for (int j = 0; j < k; j++)
        {
            double pivot = a[j + j * k];
            for (int c = 0; c < j; c++) pivot -= a[j + c * k] * a[j + c * k];
            if (!(pivot > 0)) return false;
            logDeterminant += Math.Log(pivot);
            double root = Math.Sqrt(pivot);
            a[j + j * k] = root;
            for (int i = j + 1; i < k; i++)
            {
                double sum = a[i + j * k];
                for (int c = 0; c < j; c++) sum -= a[i + c * k] * a[j + c * k];
                a[i + j * k] = sum / root;
            }
        }
        return true;
    }

    /// <summary>x = L⁻¹ x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SolveLower(ReadOnlySpan<double> l, int k, Span<double> x)
    {
        for (int i = 0; i < k; i++)
        {
            double sum = x[i];
            for (int c = 0; c < i; c++) sum -= l[i + c * k] * x[c];
            x[i] = sum / l[i + i * k];
        }
    }

    /// <summary>x = L'⁻¹ x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SolveLowerTransposed(ReadOnlySpan<double> l, int k, Span<double> x)
    {
        for (int i = k - 1; i >= 0; i--)
        {
            double sum = x[i];
            for (int c = i + 1; c < k; c++) sum -= l[c + i * k] * x[c];
            x[i] = sum / l[i + i * k];
        }
    }
}
