using System.Runtime.CompilerServices;

namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// The Cholesky factor of a symmetric positive definite matrix and what is computed from it: A = L L'.
/// <para>Formula: L_jj = sqrt(A_jj - sum_k L_jk^2); L_ij = (A_ij - sum_k L_ik L_jk) / L_jj.</para>
/// <para>Source: Golub and Van Loan (2013), Matrix Computations, 4th ed., algorithm 4.2.2; computed recursively as <see cref="CholeskyCore"/> says.</para>
/// <para>Only lower triangles are read and written; what stands above a diagonal is left alone unless a method says otherwise.</para>
/// <para>Tests: CholeskyTests (products and inverses against plain loops).</para>
/// </summary>
public static class Cholesky
{
    /// <summary>
    /// Overwrites the lower triangle of <paramref name="a"/> (n × n) by L. False, with <paramref name="a"/> spoilt, when a pivot is not positive:
    /// the matrix is then not positive definite to working precision, or contains NaN.
    /// </summary>
    /// <param name="a">The matrix; only its lower triangle is read and written.</param>
    /// <param name="level">The instructions to use; null for the best.</param>
    public static unsafe bool TryFactor(Matrix a, SimdLevel? level = null)
    {
        RequireSquare(a);
        fixed (double* start = a.Values) return CholeskyCore.Factor(SimdSupport.Choose(level), start, a.Rows, a.Rows);
    }

    /// <summary>Replaces <paramref name="b"/> (length n) by L^-1 b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SolveLower(Matrix l, Span<double> b)
    {
        RequireLength(l, b.Length);
        for (int j = 0; j < l.Columns; j++)
        {
            ReadOnlySpan<double> column = l.Column(j);
            double value = b[j] /= column[j];
            for (int i = j + 1; i < b.Length; i++) b[i] -= value * column[i];
        }
    }

    /// <summary>Replaces <paramref name="b"/> (length n) by L'^-1 b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SolveLowerTransposed(Matrix l, Span<double> b)
    {
        RequireLength(l, b.Length);
        for (int j = l.Columns - 1; j >= 0; j--)
        {
            ReadOnlySpan<double> column = l.Column(j);
            double sum = b[j];
            for (int i = j + 1; i < b.Length; i++) sum -= column[i] * b[i];
            b[j] = sum / column[j];
        }
    }

    /// <summary>Replaces <paramref name="b"/> (n × any) by L^-1 B.</summary>
    public static void SolveLower(Matrix l, Matrix b, SimdLevel? level = null) => Trsm.SolveLeft(l, false, b, level);

    /// <summary>Replaces <paramref name="b"/> (n × any) by L'^-1 B.</summary>
    public static void SolveLowerTransposed(Matrix l, Matrix b, SimdLevel? level = null) => Trsm.SolveLeft(l, true, b, level);

    /// <summary>log |A| = 2 sum log L_jj, the log determinant of the factored matrix (not of L).</summary>
    public static double LogDeterminant(Matrix l)
    {
        double sum = 0;
        for (int j = 0; j < l.Columns; j++) sum += Math.Log(l[j, j]);
        return 2 * sum;
    }

    /// <summary>L^-1 as a new n × n matrix, zero above the diagonal.</summary>
    public static Matrix TriangularInverse(Matrix l, SimdLevel? level = null)
    {
        Matrix inverse = l.Copy();
        InvertTriangle(inverse, level);
        return inverse;
    }

    /// <summary>Overwrites L by L^-1, zero above the diagonal.</summary>
    public static unsafe void InvertTriangle(Matrix l, SimdLevel? level = null)
    {
        RequireSquare(l);
        for (int j = 1; j < l.Columns; j++) l.Column(j)[..j].Clear();
        fixed (double* start = l.Values) CholeskyCore.InvertTriangle(SimdSupport.Choose(level), start, l.Rows, l.Rows);
    }

    /// <summary>A^-1 = L'^-1 L^-1 as a new n × n matrix, full and symmetric.</summary>
    public static Matrix InverseFromFactor(Matrix l, SimdLevel? level = null)
    {
        var inverse = new Matrix(l.Rows, l.Rows);
        InverseFromTriangularInverse(TriangularInverse(l, level), inverse, level);
        return inverse;
    }

    /// <summary>
    /// Writes A^-1 = W'W, full and symmetric, for W = L^-1 (zero above the diagonal): the sum of the cross-products of blocks of W's rows, which end at the diagonal.
    /// </summary>
    public static unsafe void InverseFromTriangularInverse(Matrix w, Matrix inverse, SimdLevel? level = null)
    {
        const int Block = 96;
        RequireSquare(w);
        RequireSquare(inverse);
        RequireLength(inverse, w.Rows);
        SimdLevel chosen = SimdSupport.Choose(level);
        int n = w.Rows;
        Array.Clear(inverse.Values);
        fixed (double* source = w.Values, target = inverse.Values)
        {
            for (int row = 0; row < n; row += Block)
            {
                int end = Math.Min(row + Block, n);
                Strided rows = new Strided(source, 1, n).From(row, 0);
                GemmCore.Add(chosen, end, end, end - row, 1, rows.Transposed, rows, new Strided(target, 1, n), lower: true);
            }
        }

        Syrk.MirrorLower(inverse);
    }

    private static void RequireSquare(Matrix a)
    {
        if (a.Rows != a.Columns) throw new ArgumentException($"The matrix is {a.Rows} x {a.Columns}, not square.");
    }

    private static void RequireLength(Matrix l, int length)
    {
        RequireSquare(l);
        if (length != l.Rows) throw new ArgumentException($"The factor has {l.Rows} rows, the right-hand side {length}.");
    }
}
