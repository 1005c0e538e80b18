namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// The Cholesky factor of a symmetric positive definite matrix and what is computed from it: A = L L'.
/// <para>Formula: L_jj = sqrt(A_jj - sum_k L_jk^2); L_ij = (A_ij - sum_k L_ik L_jk) / L_jj.</para>
/// <para>Source: Golub and Van Loan (2013), Matrix Computations, 4th ed., algorithm 4.2.2.</para>
/// <para>Only lower triangles are read and written; what stands above a diagonal is left alone unless a method says otherwise.</para>
/// <para>Tests: CholeskyTests (products and inverses against plain loops).</para>
/// </summary>
public static class Cholesky
{
    /// <summary>
    /// Overwrites the lower triangle of <paramref name="a"/> (n × n) by L. False, with <paramref name="a"/> spoilt, when a pivot is not positive:
    /// the matrix is then not positive definite to working precision, or contains NaN.
    /// </summary>
    public static bool TryFactor(Matrix a)
    {
        RequireSquare(a);
        for (int j = 0; j < a.Columns; j++)
        {
            Span<double> pivot = a.Column(j);
            if (!(pivot[j] > 0) || double.IsInfinity(pivot[j])) return false;
            double root = Math.Sqrt(pivot[j]);
            for (int i = j; i < pivot.Length; i++) pivot[i] /= root;
            for (int k = j + 1; k < a.Columns; k++)
            {
                Span<double> target = a.Column(k);
                double factor = pivot[k];
                for (int i = k; i < target.Length; i++) target[i] -= factor * pivot[i];
            }
        }

        return true;
    }

    /// <summary>Replaces <paramref name="b"/> (length n) by L^-1 b.</summary>
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
    public static void SolveLower(Matrix l, Matrix b)
    {
        for (int j = 0; j < b.Columns; j++) SolveLower(l, b.Column(j));
    }

    /// <summary>Replaces <paramref name="b"/> (n × any) by L'^-1 B.</summary>
    public static void SolveLowerTransposed(Matrix l, Matrix b)
    {
        for (int j = 0; j < b.Columns; j++) SolveLowerTransposed(l, b.Column(j));
    }

    /// <summary>log |A| = 2 sum log L_jj, the log determinant of the factored matrix (not of L).</summary>
    public static double LogDeterminant(Matrix l)
    {
        double sum = 0;
        for (int j = 0; j < l.Columns; j++) sum += Math.Log(l[j, j]);
        return 2 * sum;
    }

    /// <summary>L^-1 as a new n × n matrix, zero above the diagonal.</summary>
    public static Matrix TriangularInverse(Matrix l)
    {
        RequireSquare(l);
        Matrix inverse = Matrix.Identity(l.Columns);
        SolveLower(l, inverse);
        return inverse;
    }

    /// <summary>A^-1 = L'^-1 L^-1 as a new n × n matrix, full and symmetric.</summary>
    public static Matrix InverseFromFactor(Matrix l)
    {
        Matrix w = TriangularInverse(l);
        int n = l.Columns;
        var inverse = new Matrix(n, n);
        for (int j = 0; j < n; j++)
        {
            for (int i = j; i < n; i++)
            {
                double sum = 0;
                ReadOnlySpan<double> x = w.Column(i), y = w.Column(j);
                for (int k = i; k < n; k++) sum += x[k] * y[k];
                inverse[i, j] = inverse[j, i] = sum;
            }
        }

        return inverse;
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
