using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Numerics.Tests.LinearAlgebra;

public class CholeskyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    [InlineData(130)]
    public void Factor_times_its_transpose_is_the_matrix(int n)
    {
        Matrix a = RandomMatrix.Definite(n, 1), l = RandomMatrix.Lower(a);
        Assert.True(Cholesky.TryFactor(l));
        Assert.InRange(RandomMatrix.Difference(a, RandomMatrix.Product(l, RandomMatrix.Transpose(l))), 0, 1e-13 * n * n);
    }

    [Theory]
    [ClassData(typeof(SimdLevelData))]
    public void Every_level_gives_the_same_factor_and_inverse_to_rounding(SimdLevel level)
    {
        foreach (int n in new[] { 1, 8, 31, 32, 33, 80, 100, 257 })
        {
            Matrix a = RandomMatrix.Definite(n, 8), l = RandomMatrix.Lower(a);
            Assert.True(Cholesky.TryFactor(l, level));
            Assert.InRange(RandomMatrix.Difference(a, RandomMatrix.Product(l, RandomMatrix.Transpose(l))), 0, 1e-13 * n * n);
            Matrix inverse = Cholesky.InverseFromFactor(l, level);
            Assert.InRange(RandomMatrix.Difference(Matrix.Identity(n), RandomMatrix.Product(a, inverse)), 0, 1e-10);
            Assert.Equal(0, RandomMatrix.Difference(inverse, RandomMatrix.Transpose(inverse)));
        }
    }

    [Fact]
    public void Leaves_what_stands_above_the_diagonal()
    {
        Matrix a = RandomMatrix.Definite(40, 2), l = a.Copy();
        Assert.True(Cholesky.TryFactor(l));
        Assert.Equal(a[3, 17], l[3, 17]);
        Assert.Equal(a[0, 39], l[0, 39]);
    }

    [Fact]
    public void Refuses_matrices_that_are_not_positive_definite()
    {
        Assert.False(Cholesky.TryFactor(new Matrix(2, 2, [1, 2, 2, 1])));
        Assert.False(Cholesky.TryFactor(new Matrix(1, 1, [double.NaN])));
        Assert.False(Cholesky.TryFactor(new Matrix(1, 1, [0.0])));
        Matrix large = RandomMatrix.Definite(200, 3);
        large[150, 150] = -1;
        Assert.False(Cholesky.TryFactor(large));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 4)]
    [InlineData(140, 30)]
    public void Solves_with_the_factor_and_its_transpose(int n, int columns)
    {
        Matrix a = RandomMatrix.Definite(n, 4), l = RandomMatrix.Lower(a);
        Assert.True(Cholesky.TryFactor(l));
        Matrix b = RandomMatrix.Normal(n, columns, 5), x = b.Copy(), y = b.Copy();
        Cholesky.SolveLower(l, x);
        Assert.InRange(RandomMatrix.Difference(b, RandomMatrix.Product(l, x)), 0, 1e-11);
        Cholesky.SolveLowerTransposed(l, y);
        Assert.InRange(RandomMatrix.Difference(b, RandomMatrix.Product(RandomMatrix.Transpose(l), y)), 0, 1e-11);
        double[] vector = b.Column(0).ToArray();
        Cholesky.SolveLower(l, vector);
        for (int i = 0; i < n; i++) Assert.Equal(x[i, 0], vector[i], 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(150)]
    public void Inverts_the_factor_and_the_matrix(int n)
    {
        Matrix a = RandomMatrix.Definite(n, 6), l = RandomMatrix.Lower(a);
        Assert.True(Cholesky.TryFactor(l));
        Assert.InRange(RandomMatrix.Difference(Matrix.Identity(n), RandomMatrix.Product(l, Cholesky.TriangularInverse(l))), 0, 1e-11);
        Assert.InRange(RandomMatrix.Difference(Matrix.Identity(n), RandomMatrix.Product(a, Cholesky.InverseFromFactor(l))), 0, 1e-10);
    }

    [Theory]
    [ClassData(typeof(SimdLevelData))]
    public void Inverts_in_the_callers_memory_whatever_it_held(SimdLevel level)
    {
        foreach (int n in new[] { 1, 9, 75, 210 })
        {
            Matrix a = RandomMatrix.Definite(n, 7), w = a.Copy(), inverse = RandomMatrix.Normal(n, n, 8);
            Assert.True(Cholesky.TryFactor(w, level));
            Matrix l = RandomMatrix.Lower(w);
            Cholesky.InvertTriangle(w, level);
            Assert.InRange(RandomMatrix.Difference(Matrix.Identity(n), RandomMatrix.Product(l, w)), 0, 1e-12);
            Cholesky.InverseFromTriangularInverse(w, inverse, level);
            Assert.InRange(RandomMatrix.Difference(Matrix.Identity(n), RandomMatrix.Product(a, inverse)), 0, 1e-10);
        }
    }

    [Fact]
    public void Log_determinant_is_that_of_the_factored_matrix()
    {
        var l = new Matrix(2, 2, [4, 2, 0, 3]);
        Assert.True(Cholesky.TryFactor(l));
        Assert.Equal(Math.Log(8), Cholesky.LogDeterminant(l), 1e-14);
    }
}
