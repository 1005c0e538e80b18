using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// Solves T X = B in place for a lower triangular view T and many right-hand sides, recursively in halves.
/// <para>Formula: with T = [T11 0; T21 T22]: X1 = T11^-1 B1; X2 = T22^-1 (B2 - T21 X1); blocks of up to <see cref="Base"/> by forward substitution on
/// as many right-hand sides at once as a register holds.</para>
/// <para>Source: Elmroth, Gustavson, Jonsson and Kågström (2004), Recursive blocked algorithms, section 3. An upper triangle is a lower one seen in reverse,
/// and a solve from the right one of the transpose: see <see cref="Strided"/>. Tests: TrsmTests.</para>
/// </summary>
[SkipLocalsInit]
internal static unsafe class TriangularSolver
{
    private const int Base = 16;
    private const int WidestLanes = 8;

    /// <summary>Solves for the <paramref name="columns"/> columns of B (n × columns).</summary>
    public static void Solve(SimdLevel level, Strided t, int n, Strided b, int columns)
    {
        if (n == 0 || columns == 0) return;
        if (n <= Base)
        {
            SolveBase(level, t, n, b, columns);
            return;
        }

        int half = (n / 2 + 7) / 8 * 8;
        Solve(level, t, half, b, columns);
        GemmCore.Add(level, n - half, columns, half, -1, t.From(half, 0), b, b.From(half, 0));
        Solve(level, t.From(half, half), n - half, b.From(half, 0), columns);
    }

    private static void SolveBase(SimdLevel level, Strided t, int n, Strided b, int columns)
    {
        double* strip = stackalloc double[Base * WidestLanes];
        double* triangle = stackalloc double[Base * Base];
        for (int j = 0; j < n; j++)
        {
            for (int i = j; i < n; i++) triangle[i + j * Base] = *t.At(i, j);
            triangle[j + j * Base] = 1 / triangle[j + j * Base];
        }

        int width = level switch { SimdLevel.Avx512 => Lanes512.Count, SimdLevel.Avx2 => Lanes256.Count, _ => LanesScalar.Count };
        for (int column = 0; column < columns; column += width)
        {
            int lanes = Math.Min(width, columns - column);
            Strided part = b.From(0, column);
            if (lanes == width && b.ColumnStride == 1) Substitute(level, triangle, n, part.Start, part.RowStride);
            else SubstituteCopied(level, triangle, n, part, lanes, strip, width);
        }
    }

    private static void SubstituteCopied(SimdLevel level, double* triangle, int n, Strided b, int lanes, double* strip, int width)
    {
        for (int i = 0; i < n; i++)
        {
            for (int lane = 0; lane < lanes; lane++) strip[i * width + lane] = *b.At(i, lane);
            for (int lane = lanes; lane < width; lane++) strip[i * width + lane] = 0;
        }

        Substitute(level, triangle, n, strip, width);
        for (int i = 0; i < n; i++)
        {
            for (int lane = 0; lane < lanes; lane++) *b.At(i, lane) = strip[i * width + lane];
        }
    }

    private static void Substitute(SimdLevel level, double* triangle, int n, double* b, nint stride)
    {
        switch (level)
        {
            case SimdLevel.Avx512: Substitute<Lanes512, Vector512<double>>(triangle, n, b, stride); break;
            case SimdLevel.Avx2: Substitute<Lanes256, Vector256<double>>(triangle, n, b, stride); break;
            default: Substitute<LanesScalar, double>(triangle, n, b, stride); break;
        }
    }

    /// <summary>Forward substitution; the diagonal of the triangle holds reciprocals.</summary>
    private static void Substitute<S, V>(double* triangle, int n, double* b, nint stride) where S : struct, ILanes<V> where V : struct
    {
        for (int j = 0; j < n; j++)
        {
            double* column = triangle + j * Base;
            V x = S.Multiply(S.Load(b + j * stride), S.Broadcast(column[j]));
            S.Store(x, b + j * stride);
            for (int i = j + 1; i < n; i++)
            {
                double* target = b + i * stride;
                S.Store(S.MultiplySubtractFrom(x, S.Broadcast(column[i]), S.Load(target)), target);
            }
        }
    }
}
