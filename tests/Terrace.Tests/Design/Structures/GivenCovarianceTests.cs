using Terrace.Data;
using Terrace.Design.Structures;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Tests.TestData;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.Design.Structures;

public class GivenCovarianceTests
{
    [Theory]
    [InlineData(new double[] { 2, 0.5, 0.1, 0.5, 1, 0.3, 0.1, 0.3, 1.5 }, 3)]
    [InlineData(new double[] { 1, 1, 0, 1, 1, 0, 0, 0, 2 }, 2)]
    public void The_basis_gives_the_matrix_back_also_where_it_is_singular(double[] values, int rank)
    {
        var a = new Matrix(3, 3, values);
        Matrix basis = GivenCovariance.Basis(a)!;
        Assert.Equal(rank, basis.Columns);
        RandomWalkTests.AssertSame(a, Multiply(basis, Transpose(basis)));
    }

    [Fact]
    public void A_matrix_with_negative_eigenvalues_is_refused()
    {
        Assert.Null(GivenCovariance.Basis(new Matrix(2, 2, [1, 2, 2, 1])));
        using var folder = new TemporaryFolder();
        Assert.Contains("negative eigenvalues", Assert.Throws<DataException>(() => GivenCovariance.Read(folder.Write("a.csv", "a,b\n1,2\n2,1\n"))).Message, StringComparison.Ordinal);
        Assert.Contains("3 columns", Assert.Throws<DataException>(() => GivenCovariance.Read(folder.Write("b.csv", "a,b,c\n1,2,3\n2,1,3\n"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_come_from_the_header()
    {
        using var folder = new TemporaryFolder();
        (IReadOnlyList<string> levels, Matrix basis) = GivenCovariance.Read(folder.Write("a.csv", "id,Ann,Bob\nAnn,4,0\nBob,0,9\n"));
        Assert.Equal(["Ann", "Bob"], levels);
        Assert.Equal([2, 0, 0, 3], basis.Values);
    }
}
