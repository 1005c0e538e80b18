using Terrace.Design.Structures;
using Terrace.Numerics.LinearAlgebra;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.Design.Structures;

public class RandomWalkTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(9, 1)]
    [InlineData(3, 2)]
    [InlineData(11, 2)]
    public void The_covariance_is_the_pseudo_inverse_of_the_differences_precision(int levels, int order)
    {
        Matrix basis = RandomWalk.Basis(levels, order, false), differences = Differences(levels, order);
        AssertSame(PseudoInverse(Multiply(Transpose(differences), differences)), Multiply(basis, Transpose(basis)));
    }

    /// <summary>Differences of the effects are the standard normal coefficients themselves.</summary>
    [Fact]
    public void The_differences_of_the_basis_are_the_identity()
    {
        foreach (int order in new[] { 1, 2 }) AssertSame(Matrix.Identity(8 - order), Multiply(Differences(8, order), RandomWalk.Basis(8, order, false)));
    }

    [Fact]
    public void Scaled_effects_have_variances_of_geometric_mean_one()
    {
        Matrix basis = RandomWalk.Basis(9, 1, true), covariance = Multiply(basis, Transpose(basis));
        Assert.Equal(0, Enumerable.Range(0, 9).Average(i => Math.Log(covariance[i, i])), 12);
        Matrix plain = RandomWalk.Basis(9, 1, false);
        Assert.Equal(basis[3, 2] / plain[3, 2], basis[7, 5] / plain[7, 5], 12);
    }

    internal static Matrix PseudoInverse(Matrix a)
    {
        var eigen = SymmetricEigen.Decompose(a);
        var inverse = new Matrix(a.Rows, a.Rows);
        for (int k = 0; k < a.Rows; k++)
        {
            if (eigen.Values[k] < 1e-9) continue;
            for (int i = 0; i < a.Rows; i++)
                for (int j = 0; j < a.Rows; j++) inverse[i, j] += eigen.Vectors[i, k] * eigen.Vectors[j, k] / eigen.Values[k];
        }
        return inverse;
    }

    internal static void AssertSame(Matrix expected, Matrix actual)
    {
        Assert.Equal((expected.Rows, expected.Columns), (actual.Rows, actual.Columns));
        for (int i = 0; i < expected.Values.Length; i++) AssertClose(expected.Values[i], actual.Values[i], 1e-9, $"element {i}");
    }

    private static Matrix Differences(int levels, int order)
    {
        var d = new Matrix(levels - order, levels);
        for (int i = 0; i < d.Rows; i++)
        {
            if (order == 1) (d[i, i], d[i, i + 1]) = (-1, 1);
            else (d[i, i], d[i, i + 1], d[i, i + 2]) = (1, -2, 1);
        }
        return d;
    }
}
