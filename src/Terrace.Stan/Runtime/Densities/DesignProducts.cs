using System.Numerics;
using System.Runtime.CompilerServices;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The two products of a tile of a design matrix, η += X b and g += Xᵀ r, four columns at a time so that the vector of the rows is read once for four.</summary>
internal static unsafe class DesignProducts
{
    /// <summary>η += X b, X given by columns <paramref name="stride"/> apart, from its first row of the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<double> x, int stride, ReadOnlySpan<double> b, Span<double> eta)
    {
        int n = eta.Length, width = Vector<double>.Count, j = 0;
        fixed (double* columns = x, e = eta)
        {
            for (; j + 4 <= b.Length; j += 4)
            {
                double* x0 = columns + ((long)j * stride), x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride;
                double c0 = b[j], c1 = b[j + 1], c2 = b[j + 2], c3 = b[j + 3];
                Vector<double> b0 = new(c0), b1 = new(c1), b2 = new(c2), b3 = new(c3);
                int i = 0;
                for (; i + width <= n; i += width)
                {
                    Vector<double> sum = Vector.FusedMultiplyAdd(Vector.Load(x0 + i), b0, Vector.Load(e + i));
                    sum = Vector.FusedMultiplyAdd(Vector.Load(x1 + i), b1, sum);
                    sum = Vector.FusedMultiplyAdd(Vector.Load(x2 + i), b2, sum);
                    Vector.FusedMultiplyAdd(Vector.Load(x3 + i), b3, sum).Store(e + i);
                }
                for (; i < n; i++) e[i] += (x0[i] * c0) + (x1[i] * c1) + (x2[i] * c2) + (x3[i] * c3);
            }
            for (; j < b.Length; j++)
            {
                double* x0 = columns + ((long)j * stride);
                double c0 = b[j];
                Vector<double> b0 = new(c0);
                int i = 0;
                for (; i + width <= n; i += width) Vector.FusedMultiplyAdd(Vector.Load(x0 + i), b0, Vector.Load(e + i)).Store(e + i);
                for (; i < n; i++) e[i] += x0[i] * c0;
            }
        }
    }

    /// <summary>g += Xᵀ r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddTransposed(ReadOnlySpan<double> x, int stride, ReadOnlySpan<double> residual, Span<double> gradient)
    {
        int n = residual.Length, width = Vector<double>.Count, j = 0;
        fixed (double* columns = x, r = residual)
        {
            for (; j + 4 <= gradient.Length; j += 4)
            {
                double* x0 = columns + ((long)j * stride), x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride;
                Vector<double> s0 = default, s1 = default, s2 = default, s3 = default;
                int i = 0;
                for (; i + width <= n; i += width)
                {
                    Vector<double> row = Vector.Load(r + i);
                    s0 = Vector.FusedMultiplyAdd(Vector.Load(x0 + i), row, s0);
                    s1 = Vector.FusedMultiplyAdd(Vector.Load(x1 + i), row, s1);
                    s2 = Vector.FusedMultiplyAdd(Vector.Load(x2 + i), row, s2);
                    s3 = Vector.FusedMultiplyAdd(Vector.Load(x3 + i), row, s3);
                }
                double g0 = Vector.Sum(s0), g1 = Vector.Sum(s1), g2 = Vector.Sum(s2), g3 = Vector.Sum(s3);
                for (; i < n; i++)
                {
                    g0 += x0[i] * r[i];
                    g1 += x1[i] * r[i];
                    g2 += x2[i] * r[i];
                    g3 += x3[i] * r[i];
                }
                gradient[j] += g0;
                gradient[j + 1] += g1;
                gradient[j + 2] += g2;
                gradient[j + 3] += g3;
            }
            for (; j < gradient.Length; j++)
            {
                double* x0 = columns + ((long)j * stride);
                Vector<double> s0 = default;
                int i = 0;
                for (; i + width <= n; i += width) s0 = Vector.FusedMultiplyAdd(Vector.Load(x0 + i), Vector.Load(r + i), s0);
                double g0 = Vector.Sum(s0);
                for (; i < n; i++) g0 += x0[i] * r[i];
                gradient[j] += g0;
            }
        }
    }
}
