using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

public class FixedEffectsBasisTests
{
    [Fact]
    public void Its_columns_are_orthonormal_under_the_weights_and_give_X_back()
    {
        var rng = new Rng(1, 1);
        var x = new Matrix(30, 3);
        for (int i = 0; i < 30; i++) (x[i, 0], x[i, 1], x[i, 2]) = (1, 1e6 + rng.NextNormal(), 1e-5 * rng.NextNormal());
        double[] weights = RandomMixedDesign.Positive(rng, 30);
        var basis = FixedEffectsBasis.Of(x, weights);
        Matrix q = FromRows(basis.Rows, 30, 3), product = Cross(q, weights, q), back = Multiply(q, basis.Factor);
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++) AssertClose(i == j ? 1 : 0, product[i, j], 1e-12, "Q'WQ");
        }
        for (int i = 0; i < 30; i++) AssertClose(1, back[i, 1] / x[i, 1], 1e-13, "QR");
        AssertClose(Invert(Cross(x, weights, x)).LogDeterminant, basis.LogDeterminant, 1e-3, "log |X'WX| (as far as the explicit matrix has digits)");
        double[] beta = [2, -1, 3], again = basis.ToCoefficients(basis.FromCoefficients(beta));
        for (int j = 0; j < 3; j++) AssertClose(beta[j], again[j], 1e-8, "coefficient");
    }

    [Fact]
    public void Columns_that_depend_on_earlier_ones_are_left_out()
    {
        var x = new Matrix(4, 4, [1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 2]);
        Assert.Equal([0, 1, 3], FixedEffectsBasis.Of(x, [1, 1, 1, 1]).Kept);
    }
}
