using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Tests.MixedModels;

/// <summary>Plain loops that serve as the second computation.</summary>
internal static class DenseAlgebra
{
    public static Matrix Multiply(Matrix a, Matrix b)
    {
        var c = new Matrix(a.Rows, b.Columns);
        for (int j = 0; j < b.Columns; j++)
        {
            for (int k = 0; k < a.Columns; k++)
            {
                for (int i = 0; i < a.Rows; i++) c[i, j] += a[i, k] * b[k, j];
            }
        }
        return c;
    }

    public static Matrix Transpose(Matrix a)
    {
        var t = new Matrix(a.Columns, a.Rows);
        for (int j = 0; j < a.Columns; j++)
        {
            for (int i = 0; i < a.Rows; i++) t[j, i] = a[i, j];
        }
        return t;
    }

    /// <summary>a' diag(w) b.</summary>
    public static Matrix Cross(Matrix a, double[] w, Matrix b)
    {
        var scaled = b.Copy();
        for (int j = 0; j < b.Columns; j++)
        {
            for (int i = 0; i < b.Rows; i++) scaled[i, j] *= w[i];
        }
        return Multiply(Transpose(a), scaled);
    }

    public static Matrix Beside(Matrix a, Matrix b) => new(a.Rows, a.Columns + b.Columns, [.. a.Values, .. b.Values]);

    public static Matrix FromRows(double[] values, int rows, int columns)
    {
        var m = new Matrix(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++) m[i, j] = values[i * columns + j];
        }
        return m;
    }

    /// <summary>The inverse and the log determinant by Gauss-Jordan elimination with pivoting.</summary>
    public static (Matrix Inverse, double LogDeterminant) Invert(Matrix a)
    {
        int n = a.Rows;
        var work = a.Copy();
        var inverse = Matrix.Identity(n);
        double log = 0;
        for (int k = 0; k < n; k++)
        {
            int pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(work[i, k]));
            for (int j = 0; j < n; j++)
            {
                (work[k, j], work[pivot, j]) = (work[pivot, j], work[k, j]);
                (inverse[k, j], inverse[pivot, j]) = (inverse[pivot, j], inverse[k, j]);
            }
            double d = work[k, k];
            log += Math.Log(Math.Abs(d));
            for (int j = 0; j < n; j++)
            {
                work[k, j] /= d;
                inverse[k, j] /= d;
            }
            for (int i = 0; i < n; i++)
            {
                double f = work[i, k];
                if (i == k || f == 0) continue;
                for (int j = 0; j < n; j++)
                {
                    work[i, j] -= f * work[k, j];
                    inverse[i, j] -= f * inverse[k, j];
                }
            }
        }
        return (inverse, log);
    }

    public static double[] Multiply(Matrix a, double[] v) => Multiply(a, new Matrix(v.Length, 1, v)).Values;

    public static void AssertClose(double expected, double actual, double relative, string what) =>
        Assert.True(Math.Abs(expected - actual) <= relative * Math.Max(1, Math.Abs(expected)), $"{what}: expected {expected:R}, got {actual:R}");
}
