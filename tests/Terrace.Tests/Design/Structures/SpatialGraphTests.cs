using Terrace.Data;
using Terrace.Design.Structures;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Tests.TestData;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.Design.Structures;

public class SpatialGraphTests
{
    // A ring of four with a tail, a pair, and an area without neighbours.
    private static readonly (string, string?)[] Pairs = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("d", "e"), ("p", "q"), ("b", "a"), ("z", null)];

    [Fact]
    public void Components_are_found()
    {
        Assert.Equal([[0, 1, 2, 3, 4], [5, 6], [7]], SpatialGraph.Of(Pairs).Components);
    }

    [Fact]
    public void The_covariance_of_a_component_is_the_scaled_pseudo_inverse_and_adds_up_to_zero()
    {
        Matrix basis = SpatialGraph.Of(Pairs).Basis(), covariance = Multiply(basis, Transpose(basis));
        var q = new Matrix(5, 5);
        foreach ((int i, int j) in new[] { (0, 1), (1, 2), (2, 3), (3, 0), (3, 4) })
        {
            (q[i, j], q[j, i]) = (-1, -1);
            q[i, i]++;
            q[j, j]++;
        }
        Matrix expected = RandomWalkTests.PseudoInverse(q);
        double scale = Math.Exp(Enumerable.Range(0, 5).Average(i => Math.Log(expected[i, i])));
        for (int i = 0; i < 5; i++)
        {
            for (int j = 0; j < 5; j++) AssertClose(expected[i, j] / scale, covariance[i, j], 1e-10, $"({i}, {j})");
            for (int j = 5; j < 8; j++) Assert.Equal(0, covariance[i, j]);
            AssertClose(0, Enumerable.Range(0, 5).Sum(j => covariance[i, j]), 1e-10, "sum");
        }
        // Of two areas the effects are opposite with variance 1; without neighbours they are independent.
        AssertClose(1, covariance[5, 5], 1e-12, "pair");
        AssertClose(-1, covariance[5, 6], 1e-12, "pair");
        AssertClose(1, covariance[7, 7], 1e-12, "island");
        Assert.Equal(6, basis.Columns);
    }

    [Fact]
    public void Pairs_and_tables_are_read_from_files()
    {
        using var folder = new TemporaryFolder();
        string pairs = folder.Write("pairs.csv", "from,to\na,b\nb,c\nz,\n"), table = folder.Write("table.csv", "area,a,b,c,z\na,0,1,0,0\nb,1,0,1,0\nc,0,1,0,0\nz,0,0,0,0\n");
        foreach (string file in new[] { pairs, table })
        {
            SpatialGraph graph = SpatialGraph.Read(file);
            Assert.Equal(["a", "b", "c", "z"], graph.Areas);
            Assert.Equal([[0, 1, 2], [3]], graph.Components);
        }
    }

    [Theory]
    [InlineData("x,y,z\na,b,c\n", "two columns")]
    [InlineData("area,a,b\na,0,1\nb,0,0\n", "not symmetric")]
    [InlineData("area,a,b\na,0,2\nb,2,0\n", "1 for neighbours")]
    [InlineData("area,a,b\na,0,x\nb,x,0\n", "is no number")]
    [InlineData("from,to\n,b\n", "row 1: the first area")]
    public void Faults_of_a_file_are_named(string text, string part)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(part, Assert.Throws<DataException>(() => SpatialGraph.Read(folder.Write("graph.csv", text))).Message, StringComparison.Ordinal);
    }
}
