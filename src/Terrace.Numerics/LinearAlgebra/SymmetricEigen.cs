namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// Eigenvalues and eigenvectors of a small symmetric matrix by Jacobi's rotations: A = V diag(values) V'.
/// <para>Formula: each rotation with tan t = sign(h) / (|h| + sqrt(1 + h^2)), h = (a_qq - a_pp) / (2 a_pq), makes a_pq zero; sweeps over all pairs go on until
/// nothing is left beside the diagonal.</para>
/// <para>Source: Golub and Van Loan (2013), Matrix Computations, section 8.5. Cost about 10 n^3 each sweep, 6 to 10 sweeps: meant for covariances of a few
/// dozen rows; small eigenvalues of definite matrices keep their digits. Tests: SymmetricEigenTests.</para>
/// </summary>
public sealed class SymmetricEigen
{
    private const int MaximumSweeps = 60;

    private SymmetricEigen(double[] values, Matrix vectors)
    {
        Values = values;
        Vectors = vectors;
    }

    /// <summary>The eigenvalues, largest first.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>The eigenvectors of length 1, column j belonging to value j.</summary>
    public Matrix Vectors { get; }

    /// <summary>Decomposes a symmetric matrix, of which only the lower triangle is read.</summary>
    /// <exception cref="ArgumentException">The matrix is not square or holds a value that is not finite.</exception>
    public static SymmetricEigen Decompose(Matrix a)
    {
        if (a.Rows != a.Columns) throw new ArgumentException($"The matrix is {a.Rows} x {a.Columns}, not square.");
        Matrix work = a.Copy(), vectors = Matrix.Identity(a.Rows);
        Syrk.MirrorLower(work);
        foreach (double value in work.Values)
        {
            if (!double.IsFinite(value)) throw new ArgumentException("The matrix holds a value that is not finite.");
        }

        for (int sweep = 0; sweep < MaximumSweeps && Sweep(work, vectors); sweep++)
        {
        }

        return Sort(work, vectors);
    }

    /// <summary>Rotates every pair once; false when no rotation was needed.</summary>
    private static bool Sweep(Matrix a, Matrix vectors)
    {
        bool rotated = false;
        for (int p = 0; p < a.Rows; p++)
        {
            for (int q = p + 1; q < a.Rows; q++)
            {
                double apq = a[p, q];
                if (Math.Abs(apq) <= 1e-17 * Math.Sqrt(Math.Abs(a[p, p])) * Math.Sqrt(Math.Abs(a[q, q])) || apq == 0) continue;
                rotated = true;
                Rotate(a, vectors, p, q);
            }
        }

        return rotated;
    }

    private static void Rotate(Matrix a, Matrix vectors, int p, int q)
    {
        double h = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        double t = Math.CopySign(1, h) / (Math.Abs(h) + Math.Sqrt(1 + h * h));
        if (double.IsNaN(t)) t = 0;
        double c = 1 / Math.Sqrt(1 + t * t), s = t * c, shift = t * a[p, q];
        a[p, p] -= shift;
        a[q, q] += shift;
        a[p, q] = a[q, p] = 0;
        for (int i = 0; i < a.Rows; i++)
        {
            if (i != p && i != q)
            {
                double x = a[i, p], y = a[i, q];
                a[i, p] = a[p, i] = c * x - s * y;
                a[i, q] = a[q, i] = s * x + c * y;
            }

            double vp = vectors[i, p], vq = vectors[i, q];
            vectors[i, p] = c * vp - s * vq;
            vectors[i, q] = s * vp + c * vq;
        }
    }

    private static SymmetricEigen Sort(Matrix a, Matrix vectors)
    {
        int[] order = [.. Enumerable.Range(0, a.Rows).OrderByDescending(i => a[i, i])];
        var sorted = new Matrix(a.Rows, a.Rows);
        for (int j = 0; j < order.Length; j++) vectors.Column(order[j]).CopyTo(sorted.Column(j));
        return new SymmetricEigen([.. order.Select(i => a[i, i])], sorted);
    }
}
