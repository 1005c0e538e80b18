using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Numerics.Tests.LinearAlgebra;

public class PivotedQrTests
{
    [Theory]
    [InlineData(9, 4)]
    [InlineData(5, 5)]
    [InlineData(1, 1)]
    [InlineData(3, 6)]
    public void Orthogonal_factor_times_triangle_is_the_matrix(int rows, int columns)
    {
        Matrix a = RandomMatrix.Normal(rows, columns, 1);
        PivotedQr qr = PivotedQr.Factor(a);
        Assert.Equal(Math.Min(rows, columns), qr.Rank);
        Matrix r = qr.UpperTriangle();
        for (int j = 0; j < qr.Rank; j++)
        {
            var column = new double[rows];
            r.Column(j).CopyTo(column);
            qr.ApplyQ(column);
            for (int i = 0; i < rows; i++) Assert.Equal(a[i, qr.Pivot[j]], column[i], 1e-13);
        }
    }

    [Fact]
    public void Transposed_factor_undoes_the_factor()
    {
        PivotedQr qr = PivotedQr.Factor(RandomMatrix.Normal(7, 3, 2));
        double[] y = [1, 2, 3, 4, 5, 6, 7], z = [.. y];
        qr.ApplyQ(z);
        qr.ApplyTransposedQ(z);
        for (int i = 0; i < 7; i++) Assert.Equal(y[i], z[i], 1e-13);
    }

    [Fact]
    public void Moves_dependent_columns_behind_the_others_and_keeps_their_order()
    {
        Matrix a = RandomMatrix.Normal(8, 6, 3);
        for (int i = 0; i < 8; i++)
        {
            a[i, 1] = 2 * a[i, 0];
            a[i, 3] = a[i, 0] - a[i, 2];
            a[i, 4] = 0;
        }

        PivotedQr qr = PivotedQr.Factor(a);
        Assert.Equal(3, qr.Rank);
        Assert.Equal([0, 2, 5, 1, 3, 4], qr.Pivot);
        double[] coefficients = qr.Solve(a.Column(3));
        Assert.Equal(1, coefficients[0], 1e-12);
        Assert.Equal(-1, coefficients[2], 1e-12);
        Assert.Equal(0, coefficients[5], 1e-12);
        Assert.True(double.IsNaN(coefficients[1]) && double.IsNaN(coefficients[3]) && double.IsNaN(coefficients[4]));
    }

    [Theory]
    [InlineData(1e-6, 2)]
    [InlineData(1e-8, 1)]
    public void Counts_a_column_as_dependent_below_the_relative_tolerance(double difference, int rank)
    {
        var a = new Matrix(3, 2, [1e9, 1e9, 1e9, 1e9, 1e9, 1e9 * (1 + difference)]);
        Assert.Equal(rank, PivotedQr.Factor(a).Rank);
    }

    [Fact]
    public void Inverse_of_the_cross_product_and_leverages_agree_with_plain_algebra()
    {
        Matrix a = RandomMatrix.Normal(10, 4, 5);
        PivotedQr qr = PivotedQr.Factor(a);
        Matrix inverse = qr.InverseOfCrossProduct();
        Matrix product = RandomMatrix.Product(inverse, RandomMatrix.Product(RandomMatrix.Transpose(a), a));
        Assert.InRange(RandomMatrix.Difference(product, Matrix.Identity(4)), 0, 1e-12);
        Matrix hat = RandomMatrix.Product(a, RandomMatrix.Product(inverse, RandomMatrix.Transpose(a)));
        double[] leverages = qr.Leverages();
        for (int i = 0; i < 10; i++) Assert.Equal(hat[i, i], leverages[i], 1e-12);
    }

    [Fact]
    public void Of_no_columns_has_rank_zero_and_no_coefficients()
    {
        PivotedQr qr = PivotedQr.Factor(new Matrix(4, 0));
        Assert.Equal(0, qr.Rank);
        Assert.Empty(qr.Solve([1, 2, 3, 4]));
        Assert.Equal([0, 0, 0, 0], qr.Leverages());
    }

    [Fact]
    public void Survives_values_whose_squares_overflow()
    {
        PivotedQr qr = PivotedQr.Factor(new Matrix(2, 2, [1e200, 0, 1e200, 1e200]));
        double[] coefficients = qr.Solve([3e100, 2e100]);
        Assert.Equal(1, coefficients[0] * 1e100, 1e-12);
        Assert.Equal(2, coefficients[1] * 1e100, 1e-12);
    }
}
