using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>A column-major matrix within an array of an arena: where it starts, its rows (the distance of its columns) and whether it is read transposed.</summary>
/// <param name="Values">The array.</param>
/// <param name="Offset">The place of element (1, 1).</param>
/// <param name="Stride">The distance between columns.</param>
/// <param name="Transposed">Whether rows are columns.</param>
internal readonly record struct MatrixView(double[] Values, int Offset, int Stride, bool Transposed = false)
{
    /// <summary>The transpose.</summary>
    public MatrixView T => this with { Transposed = !Transposed };
}

/// <summary>Products, triangular solutions and Cholesky factors of matrices that lie in an arena, by the kernels of Terrace.Numerics, without copies.</summary>
internal static unsafe class MatrixKernels
{
    /// <summary>C += α A B, C m × n, A m × k, B k × n.</summary>
    public static void AddProduct(MatrixView c, double alpha, MatrixView a, MatrixView b, int m, int n, int k)
    {
        if (m == 0 || n == 0 || k == 0) return;
        fixed (double* pa = &a.Values[a.Offset], pb = &b.Values[b.Offset], pc = &c.Values[c.Offset])
        {
            Strided left = View(pa, a), right = View(pb, b), target = View(pc, c);
            if ((long)m * n * k > 1000)
            {
                GemmCore.Add(SimdSupport.Choose(null), m, n, k, alpha, left, right, target);
                return;
            }
            for (int j = 0; j < n; j++)
            {
                for (int l = 0; l < k; l++)
                {
                    double factor = alpha * *right.At(l, j);
                    for (int i = 0; i < m; i++) *target.At(i, j) += factor * *left.At(i, l);
                }
            }
        }
    }

    /// <summary>B := L⁻¹ B for lower triangular L (n × n), or L⁻ᵀ B if L is given transposed; B is n × m, and may be a transposed view.</summary>
    public static void Solve(MatrixView l, int n, MatrixView b, int m)
    {
        if (n == 0 || m == 0) return;
        fixed (double* pl = &l.Values[l.Offset], pb = &b.Values[b.Offset])
        {
            Strided triangle = View(pl, l), right = View(pb, b);
            if (l.Transposed) TriangularSolver.Solve(SimdSupport.Choose(null), triangle.ReversedRows(n).ReversedColumns(n), n, right.ReversedRows(n), m);
            else TriangularSolver.Solve(SimdSupport.Choose(null), triangle, n, right, m);
        }
    }

    /// <summary>Overwrites the lower triangle of an n × n matrix by its Cholesky factor; false if it is not positive definite.</summary>
    public static bool TryFactor(double[] values, int offset, int n)
    {
        if (n == 0) return true;
        fixed (double* a = &values[offset]) return CholeskyCore.Factor(SimdSupport.Choose(null), a, n, n);
    }

    /// <summary>Sets the elements above the diagonal to 0.</summary>
    public static void ClearUpper(double[] values, int offset, int n)
    {
        for (int j = 1; j < n; j++) values.AsSpan(offset + (j * n), j).Clear();
    }

    private static Strided View(double* start, MatrixView view) => view.Transposed ? new Strided(start, view.Stride, 1) : new Strided(start, 1, view.Stride);
}
