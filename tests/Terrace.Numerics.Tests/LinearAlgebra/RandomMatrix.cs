using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Numerics.Tests.LinearAlgebra;

/// <summary>Matrices to test with, the same for the same seed, and the plain loops that they are checked by.</summary>
internal static class RandomMatrix
{
    public static Matrix Normal(int rows, int columns, ulong seed)
    {
        var rng = new Rng(seed, 77);
        var matrix = new Matrix(rows, columns);
        for (int i = 0; i < matrix.Values.Length; i++) matrix.Values[i] = rng.NextNormal();
        return matrix;
    }

    /// <summary>A symmetric positive definite matrix with eigenvalues of the order of its size.</summary>
    public static Matrix Definite(int n, ulong seed)
    {
        Matrix root = Normal(n, n, seed), product = Product(root, Transpose(root));
        for (int i = 0; i < n; i++) product[i, i] += n;
        return product;
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

    public static Matrix Product(Matrix a, Matrix b)
    {
        var c = new Matrix(a.Rows, b.Columns);
        for (int j = 0; j < b.Columns; j++)
        {
            Span<double> target = c.Column(j);
            for (int k = 0; k < a.Columns; k++)
            {
                double factor = b[k, j];
                ReadOnlySpan<double> column = a.Column(k);
                for (int i = 0; i < column.Length; i++) target[i] += column[i] * factor;
            }
        }

        return c;
    }

    public static Matrix Lower(Matrix a)
    {
        Matrix l = a.Copy();
        for (int j = 0; j < l.Columns; j++) l.Column(j)[..Math.Min(j, l.Rows)].Clear();
        return l;
    }

    /// <summary>The largest absolute difference over the elements.</summary>
    public static double Difference(Matrix a, Matrix b)
    {
        Assert.Equal((a.Rows, a.Columns), (b.Rows, b.Columns));
        double largest = 0;
        for (int i = 0; i < a.Values.Length; i++)
        {
            double difference = Math.Abs(a.Values[i] - b.Values[i]);
            largest = difference <= largest ? largest : difference;
        }

        return largest;
    }
}
