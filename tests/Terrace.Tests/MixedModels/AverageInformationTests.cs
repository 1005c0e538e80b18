using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

public class AverageInformationTests
{
    private const int Rows = 45;

    public static TheoryData<int, bool> Cases
    {
        get
        {
            var cases = new TheoryData<int, bool>();
            for (int s = 0; s < RandomMixedDesign.Structures.Length; s++)
            {
                cases.Add(s, false);
                cases.Add(s, true);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_is_that_of_explicit_matrices(int structure, bool scaleIsKnown)
    {
        var rng = new Rng(12, (ulong)structure);
        var design = RandomMixedDesign.Create(rng, Rows, RandomMixedDesign.Structures[structure]);
        double[] weights = RandomMixedDesign.Positive(rng, Rows), y = RandomMixedDesign.Normals(rng, Rows);
        var cells = RandomMixedDesign.Cells(design, weights);
        var product = new BlockedCrossProduct(cells.Layout, cells.Pattern, cells.FixedColumns);
        new CrossProductAccumulator(cells).Accumulate(weights, y, product);
        var deviance = new ProfiledDeviance(product, Rows, 0, 0, 0, reml: false, scaleIsKnown);
        double[] theta = RandomMixedDesign.Normals(rng, cells.Layout.ThetaCount);
        Matrix expected = Explicit(cells, design.X, weights, y, theta, scaleIsKnown), actual = deviance.Information(theta);
        for (int i = 0; i < expected.Values.Length; i++) Assert.Equal(expected.Values[i], actual.Values[i], 1e-9 * (1 + expected.Values.Max(Math.Abs)));
    }

    private static Matrix Explicit(MixedModelCells cells, Matrix x, double[] weights, double[] y, double[] theta, bool scaleIsKnown)
    {
        Matrix z = RandomMixedDesign.DenseZ(cells), lambda = RandomMixedDesign.DenseLambda(cells.Layout, theta), zl = Multiply(z, lambda), v = Multiply(zl, Transpose(zl));
        for (int i = 0; i < y.Length; i++) v[i, i] += 1 / weights[i];
        Matrix inverse = Invert(v).Inverse, vx = Multiply(inverse, x), correction = Multiply(vx, Multiply(Invert(Multiply(Transpose(x), vx)).Inverse, Transpose(vx)));
        var p = new Matrix(y.Length, y.Length, [.. inverse.Values.Zip(correction.Values, (a, b) => a - b)]);
        double[] e = Multiply(p, y);
        double squares = e.Zip(y, (a, b) => a * b).Sum(), scale = scaleIsKnown ? 1 : y.Length / squares;
        double[][] directions = [.. Enumerable.Range(0, theta.Length).Select(k => Direction(cells, z, zl, theta, k, e))];
        double[] slopes = [.. directions.Select(f => f.Zip(e, (a, b) => a * b).Sum())];
        var information = new Matrix(theta.Length, theta.Length);
        for (int i = 0; i < theta.Length; i++)
        {
            for (int j = 0; j < theta.Length; j++)
            {
                information[i, j] = scale * directions[i].Zip(Multiply(p, directions[j]), (a, b) => a * b).Sum();
                if (!scaleIsKnown) information[i, j] -= scale / squares * slopes[i] * slopes[j];
            }
        }
        return information;
    }

    /// <summary>V_k e by a difference, which is exact but for rounding since V is quadratic in θ.</summary>
    private static double[] Direction(MixedModelCells cells, Matrix z, Matrix zl, double[] theta, int k, double[] e)
    {
        Matrix Covariance(double step)
        {
            double[] moved = [.. theta];
            moved[k] += step;
            Matrix half = Multiply(z, RandomMixedDesign.DenseLambda(cells.Layout, moved));
            return Multiply(half, Transpose(half));
        }
        Assert.Equal(zl.Rows, e.Length);
        double[] up = Multiply(Covariance(0.5), e), down = Multiply(Covariance(-0.5), e);
        return [.. up.Zip(down, (a, b) => a - b)];
    }
}
