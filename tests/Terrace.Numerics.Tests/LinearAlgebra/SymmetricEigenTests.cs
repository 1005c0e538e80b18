using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Numerics.Tests.LinearAlgebra;

public class SymmetricEigenTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(30)]
    public void Vectors_and_values_rebuild_the_matrix(int n)
    {
        Matrix a = RandomMatrix.Definite(n, 9);
        SymmetricEigen eigen = SymmetricEigen.Decompose(a);
        Matrix scaled = eigen.Vectors.Copy();
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < n; i++) scaled[i, j] *= eigen.Values[j];
        }

        Matrix transposed = RandomMatrix.Transpose(eigen.Vectors);
        Assert.InRange(RandomMatrix.Difference(a, RandomMatrix.Product(scaled, transposed)), 0, 1e-11);
        Assert.InRange(RandomMatrix.Difference(Matrix.Identity(n), RandomMatrix.Product(transposed, eigen.Vectors)), 0, 1e-12);
        Assert.Equal(eigen.Values.OrderDescending(), eigen.Values);
    }

    [Fact]
    public void Keeps_the_digits_of_a_small_eigenvalue()
    {
        SymmetricEigen eigen = SymmetricEigen.Decompose(new Matrix(2, 2, [1, 1e-8, 1e-8, 2e-16]));
        Assert.Equal(1e-16, eigen.Values[1], 1e-24);
    }

    [Fact]
    public void Takes_matrices_without_full_rank_and_with_zeros()
    {
        Assert.Equal([2, 0], SymmetricEigen.Decompose(new Matrix(2, 2, [1, 1, 1, 1])).Values.Select(x => Math.Round(x, 14)));
        Assert.Equal([1, -1], SymmetricEigen.Decompose(new Matrix(2, 2, [0, 1, 1, 0])).Values.Select(x => Math.Round(x, 14)));
    }

    [Fact]
    public void Refuses_what_is_not_finite() => Assert.Throws<ArgumentException>(() => SymmetricEigen.Decompose(new Matrix(1, 1, [double.NaN])));
}
