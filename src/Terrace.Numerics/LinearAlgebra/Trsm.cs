namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// Solves triangular systems with many right-hand sides in place: L X = B, L'X = B, X L' = B and X L = B for lower triangular L.
/// <para>Source: Dongarra et al. (1990), A set of level 3 basic linear algebra subprograms; recursive as <see cref="TriangularSolver"/> says. Tests: TrsmTests.</para>
/// </summary>
public static class Trsm
{
    /// <summary>Replaces <paramref name="b"/> (n × m) by L^-1 B, or by L'^-1 B with <paramref name="transpose"/>.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static unsafe void SolveLeft(Matrix l, bool transpose, Matrix b, SimdLevel? level = null)
    {
        Check(l, b.Rows);
        fixed (double* pl = l.Values, pb = b.Values)
        {
            Solve(SimdSupport.Choose(level), new Strided(pl, 1, l.Rows), l.Rows, transpose, new Strided(pb, 1, b.Rows), b.Columns);
        }
    }

    /// <summary>Replaces <paramref name="b"/> (m × n) by B L^-1, or by B L'^-1 with <paramref name="transpose"/>.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static unsafe void SolveRight(Matrix l, bool transpose, Matrix b, SimdLevel? level = null)
    {
        Check(l, b.Columns);
        fixed (double* pl = l.Values, pb = b.Values)
        {
            Solve(SimdSupport.Choose(level), new Strided(pl, 1, l.Rows), l.Rows, !transpose, new Strided(pb, b.Rows, 1), b.Rows);
        }
    }

    private static void Solve(SimdLevel level, Strided l, int n, bool transpose, Strided b, int columns)
    {
        if (n == 0) return;
        Strided triangle = transpose ? l.Transposed.ReversedRows(n).ReversedColumns(n) : l;
        TriangularSolver.Solve(level, triangle, n, transpose ? b.ReversedRows(n) : b, columns);
    }

    private static void Check(Matrix l, int length)
    {
        if (l.Rows != l.Columns || l.Rows != length) throw new ArgumentException($"A factor of {l.Rows} x {l.Columns} cannot be solved with {length} equations.");
    }
}
