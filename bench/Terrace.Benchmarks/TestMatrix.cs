using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Benchmarks;

/// <summary>The matrices measured: the same ones in every run.</summary>
internal static class TestMatrix
{
    public static Matrix Normal(int rows, int columns)
    {
        var rng = new Rng(1, 2);
        var matrix = new Matrix(rows, columns);
        for (int i = 0; i < matrix.Values.Length; i++) matrix.Values[i] = rng.NextNormal();
        return matrix;
    }

    public static Matrix Definite(int n)
    {
        var matrix = new Matrix(n, n);
        Syrk.AddLower(matrix, 1, Normal(n, n), false);
        for (int i = 0; i < n; i++) matrix[i, i] += n;
        Syrk.MirrorLower(matrix);
        return matrix;
    }
}
