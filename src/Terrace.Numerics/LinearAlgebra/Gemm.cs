namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// The general matrix product: C += alpha op(A) op(B), op = transpose or nothing.
/// <para>Source: Dongarra et al. (1990), A set of level 3 basic linear algebra subprograms; blocked as <see cref="GemmCore"/> says. Tests: GemmTests.</para>
/// </summary>
public static class Gemm
{
    /// <summary>Adds <paramref name="alpha"/> op(A) op(B) to <paramref name="c"/> (m × n), which must not share memory with A or B.</summary>
    /// <param name="c">The matrix added to.</param>
    /// <param name="alpha">The factor.</param>
    /// <param name="a">A, m × k, or k × m if transposed.</param>
    /// <param name="transposeA">Whether A is used transposed.</param>
    /// <param name="b">B, k × n, or n × k if transposed.</param>
    /// <param name="transposeB">Whether B is used transposed.</param>
    /// <param name="level">The instructions to use; null for the best.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static unsafe void AddProduct(Matrix c, double alpha, Matrix a, bool transposeA, Matrix b, bool transposeB, SimdLevel? level = null)
    {
        (int m, int k) = transposeA ? (a.Columns, a.Rows) : (a.Rows, a.Columns);
        (int inner, int n) = transposeB ? (b.Columns, b.Rows) : (b.Rows, b.Columns);
        if (inner != k || c.Rows != m || c.Columns != n)
        {
            throw new ArgumentException($"A product of {m} x {k} and {inner} x {n} cannot be added to {c.Rows} x {c.Columns}.");
        }

        fixed (double* pa = a.Values, pb = b.Values, pc = c.Values)
        {
            var left = new Strided(pa, 1, a.Rows);
            var right = new Strided(pb, 1, b.Rows);
            GemmCore.Add(SimdSupport.Choose(level), m, n, k, alpha, transposeA ? left.Transposed : left, transposeB ? right.Transposed : right, new Strided(pc, 1, c.Rows));
        }
    }

    /// <summary>op(A) op(B) as a new matrix.</summary>
    public static Matrix Product(Matrix a, bool transposeA, Matrix b, bool transposeB, SimdLevel? level = null)
    {
        var c = new Matrix(transposeA ? a.Columns : a.Rows, transposeB ? b.Rows : b.Columns);
        AddProduct(c, 1, a, transposeA, b, transposeB, level);
        return c;
    }
}
