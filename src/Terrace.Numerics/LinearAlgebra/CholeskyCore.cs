using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// The Cholesky factor and the inverse of a triangle, recursively in halves so that nearly all work is matrix products.
/// <para>Formula: with A = [A11 .; A21 A22]: L11 = chol(A11); L21 = A21 L11'^-1; L22 = chol(A22 - L21 L21').
/// For the inverse: W21 = -W22 (L21 L11^-1) beside W11 and W22.</para>
/// <para>Source: Gustavson (1997), Recursion leads to automatic variable blocking; Golub and Van Loan (2013), section 4.2.9. Blocks of up to
/// <see cref="Base"/> are copied to a padded square and eliminated four columns at a time. Tests: CholeskyTests, each level forced.</para>
/// </summary>
[SkipLocalsInit]
internal static unsafe class CholeskyCore
{
    private const int Base = 64, Lead = 72, TriangleBase = 8, RowBlock = 96, Panel = 4;

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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool FactorBase(SimdLevel level, double* a, int n, nint stride)
    {
        double* square = stackalloc double[Base * Lead];
        int padded = (n + 7) / 8 * 8;
        for (int j = 0; j < n; j++)
        {
            double* source = a + j * stride, target = square + j * Lead;
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
            double* target = a + j * stride, source = square + j * Lead;
            for (int i = j; i < n; i++) target[i] = source[i];
        }

        return positive;
    }

    /// <summary>Eliminates in the padded square, four columns at a time; what it leaves above the diagonal is not used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Eliminate<S, V>(double* square, int n, int padded) where S : struct, ILanes<V> where V : struct
    {
        for (int first = 0; first < n; first += Panel)
        {
            int end = Math.Min(first + Panel, n);
            for (int j = first; j < end; j++)
            {
                if (!ScaleColumn<S, V>(square + j * Lead, j, padded)) return false;
                for (int k = j + 1; k < end; k++) SubtractColumn<S, V>(square + j * Lead, square + k * Lead, k, padded);
            }

            if (end - first < Panel) break;
            int next = end;
            for (; next + 1 < n; next += 2) SubtractPanel<S, V>(square + first * Lead, square + next * Lead, square + (next + 1) * Lead, next, padded);
            for (int j = first; next < n && j < end; j++) SubtractColumn<S, V>(square + j * Lead, square + next * Lead, next, padded);
        }

        return true;
    }

    /// <summary>Divides column j by the root of its pivot; false when the pivot is not positive.</summary>
    private static bool ScaleColumn<S, V>(double* column, int j, int padded) where S : struct, ILanes<V> where V : struct
    {
        double pivot = column[j];
        if (!(pivot > 0) || double.IsInfinity(pivot)) return false;
        double root = Math.Sqrt(pivot);
        V scale = S.Broadcast(root * (1 / pivot));
        for (int i = j / S.Count * S.Count; i < padded; i += S.Count) S.Store(S.Multiply(S.Load(column + i), scale), column + i);
        column[j] = root;
        return true;
    }

    private static void SubtractColumn<S, V>(double* column, double* target, int k, int padded) where S : struct, ILanes<V> where V : struct
    {
        V factor = S.Broadcast(column[k]);
        for (int i = k / S.Count * S.Count; i < padded; i += S.Count)
        {
            S.Store(S.MultiplySubtractFrom(factor, S.Load(column + i), S.Load(target + i)), target + i);
        }
    }

    /// <summary>Subtracts what the four columns of a panel give from columns k and k + 1 at once, so that each is loaded and stored once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SubtractPanel<S, V>(double* panel, double* left, double* right, int k, int padded) where S : struct, ILanes<V> where V : struct
    {
        double* p0 = panel, p1 = panel + Lead, p2 = panel + 2 * Lead, p3 = panel + 3 * Lead;
        V l0 = S.Broadcast(p0[k]), l1 = S.Broadcast(p1[k]), l2 = S.Broadcast(p2[k]), l3 = S.Broadcast(p3[k]);
        V r0 = S.Broadcast(p0[k + 1]), r1 = S.Broadcast(p1[k + 1]), r2 = S.Broadcast(p2[k + 1]), r3 = S.Broadcast(p3[k + 1]);
        for (int i = k / S.Count * S.Count; i < padded; i += S.Count)
        {
            V x0 = S.Load(p0 + i), x1 = S.Load(p1 + i), x2 = S.Load(p2 + i), x3 = S.Load(p3 + i);
            V a = S.MultiplySubtractFrom(l1, x1, S.MultiplySubtractFrom(l0, x0, S.Load(left + i)));
            V b = S.MultiplySubtractFrom(r1, x1, S.MultiplySubtractFrom(r0, x0, S.Load(right + i)));
            S.Store(S.MultiplySubtractFrom(l3, x3, S.MultiplySubtractFrom(l2, x2, a)), left + i);
            S.Store(S.MultiplySubtractFrom(r3, x3, S.MultiplySubtractFrom(r2, x2, b)), right + i);
        }
    }
}
