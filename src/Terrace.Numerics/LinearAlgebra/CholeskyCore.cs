using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// The Cholesky factor and the inverse of a triangle, recursively in halves so that nearly all work is matrix products.
/// <para>Formula: with A = [A11 .; A21 A22]: L11 = chol(A11); L21 = A21 L11'^-1; L22 = chol(A22 - L21 L21').
/// For the inverse: W21 = -W22 (L21 L11^-1) beside W11 and W22.</para>
/// <para>Source: Gustavson (1997), Recursion leads to automatic variable blocking; Golub and Van Loan (2013), section 4.2.9. Blocks of up to
/// <see cref="Base"/> are copied to a padded square and eliminated column by column. Tests: CholeskyTests, each level forced.</para>
/// </summary>
[SkipLocalsInit]
internal static unsafe class CholeskyCore
{
    private const int Base = 48, TriangleBase = 8, RowBlock = 96;

    /// <summary>Overwrites the lower triangle by the factor; false when a pivot is not positive.</summary>
    public static bool Factor(SimdLevel level, double* a, int n, nint stride)
    {
        if (n <= Base) return FactorBase(level, a, n, stride);
        int half = Split(n);
        double* a21 = a + half, a22 = a + half * stride + half;
        if (!Factor(level, a, half, stride)) return false;
        var below = new Strided(a21, 1, stride);
        TriangularSolver.Solve(level, new Strided(a, 1, stride), half, below.Transposed, n - half);
        GemmCore.Add(level, n - half, n - half, half, -1, below, below.Transposed, new Strided(a22, 1, stride), lower: true);
        return Factor(level, a22, n - half, stride);
    }

    /// <summary>Overwrites a lower triangle by its inverse. What stands above the diagonal must be zeros.</summary>
    public static void InvertTriangle(SimdLevel level, double* l, int n, nint stride)
    {
        if (n <= TriangleBase)
        {
            InvertTriangleBase(l, n, stride);
            return;
        }

        int half = Split(n);
        var l11 = new Strided(l, 1, stride);
        Strided below = l11.From(half, 0), l22 = l11.From(half, half);
        Strided reversed = l11.Transposed.ReversedRows(half).ReversedColumns(half);
        TriangularSolver.Solve(level, reversed, half, below.Transposed.ReversedRows(half), n - half);
        InvertTriangle(level, l22.Start, n - half, stride);
        MultiplyByTriangle(level, l22, n - half, below, half);
        InvertTriangle(level, l, half, stride);
    }

    /// <summary>B := -W B for a lower triangle W with zeros above, by blocks of rows that end where W's rows do.</summary>
    private static void MultiplyByTriangle(SimdLevel level, Strided w, int n, Strided b, int columns)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(n * columns);
        fixed (double* copy = rented)
        {
            for (int j = 0; j < columns; j++)
            {
                var column = new Span<double>(b.At(0, j), n);
                column.CopyTo(new Span<double>(copy + (nint)j * n, n));
                column.Clear();
            }

            for (int row = 0; row < n; row += RowBlock)
            {
                int rows = Math.Min(RowBlock, n - row);
                GemmCore.Add(level, rows, columns, row + rows, -1, w.From(row, 0), new Strided(copy, 1, n), b.From(row, 0));
            }
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    private static int Split(int n) => n <= 2 * GemmMicroKernels.Rows512 ? (n / 2 + 7) / 8 * 8 : (n / 2 + 23) / 24 * 24;

    private static void InvertTriangleBase(double* l, int n, nint stride)
    {
        for (int j = 0; j < n; j++)
        {
            double* column = l + j * stride;
            double pivot = column[j] = 1 / column[j];
            for (int i = j + 1; i < n; i++)
            {
                double sum = column[i] * pivot;
                for (int k = j + 1; k < i; k++) sum += l[i + k * stride] * column[k];
                column[i] = -sum / l[i + i * stride];
            }
        }
    }

    private static bool FactorBase(SimdLevel level, double* a, int n, nint stride)
    {
        double* square = stackalloc double[Base * Base];
        int padded = (n + 7) / 8 * 8;
        for (int j = 0; j < n; j++)
        {
            double* source = a + j * stride, target = square + j * Base;
            for (int i = 0; i < j; i++) target[i] = 0;
            for (int i = j; i < n; i++) target[i] = source[i];
            for (int i = n; i < padded; i++) target[i] = 0;
        }

        bool positive = level switch
        {
            SimdLevel.Avx512 => Eliminate<Lanes512, Vector512<double>>(square, n, padded),
            SimdLevel.Avx2 => Eliminate<Lanes256, Vector256<double>>(square, n, padded),
            _ => Eliminate<LanesScalar, double>(square, n, padded),
        };
        for (int j = 0; positive && j < n; j++)
        {
            double* target = a + j * stride, source = square + j * Base;
            for (int i = j; i < n; i++) target[i] = source[i];
        }

        return positive;
    }

    /// <summary>Right-looking elimination in the padded square; what it leaves above the diagonal is not used.</summary>
    private static bool Eliminate<S, V>(double* square, int n, int padded) where S : struct, ILanes<V> where V : struct
    {
        for (int j = 0; j < n; j++)
        {
            double* pivot = square + j * Base;
            if (!(pivot[j] > 0) || double.IsInfinity(pivot[j])) return false;
            double root = Math.Sqrt(pivot[j]);
            V scale = S.Broadcast(root * (1 / pivot[j]));
            int first = j / S.Count * S.Count;
            for (int i = first; i < padded; i += S.Count) S.Store(S.Multiply(S.Load(pivot + i), scale), pivot + i);
            pivot[j] = root;
            for (int k = j + 1; k < n; k++)
            {
                double* target = square + k * Base;
                V factor = S.Broadcast(pivot[k]);
                for (int i = k / S.Count * S.Count; i < padded; i += S.Count)
                {
                    S.Store(S.MultiplySubtractFrom(factor, S.Load(pivot + i), S.Load(target + i)), target + i);
                }
            }
        }

        return true;
    }
}
