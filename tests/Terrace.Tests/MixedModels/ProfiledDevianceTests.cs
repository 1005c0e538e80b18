using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

public class ProfiledDevianceTests
{
    public static TheoryData<int, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<int, bool, bool>();
            for (int s = 0; s < RandomMixedDesign.Structures.Length; s++)
            {
                foreach (bool reml in (bool[])[false, true])
                {
                    cases.Add(s, reml, false);
                    cases.Add(s, reml, true);
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_gradient_agrees_with_finite_differences(int structure, bool reml, bool zeros)
    {
        var (deviance, theta, _, _, _, _) = Problem(structure, reml, zeros);
        double[] gradient = new double[theta.Length], probe = [.. theta];
        deviance.Evaluate(theta, gradient);
        for (int k = 0; k < theta.Length; k++)
        {
            const double h = 1e-5;
            probe[k] = theta[k] + h;
            double up = deviance.Evaluate(probe, []);
            probe[k] = theta[k] - h;
            double down = deviance.Evaluate(probe, []);
            probe[k] = theta[k];
            AssertClose((up - down) / (2 * h), gradient[k], 1e-6, $"theta {k}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_criterion_is_that_of_the_explicit_covariance(int structure, bool reml, bool zeros)
    {
        var (deviance, theta, cells, design, weights, y) = Problem(structure, reml, zeros);
        int n = y.Length;
        Matrix zl = Multiply(RandomMixedDesign.DenseZ(cells), RandomMixedDesign.DenseLambda(cells.Layout, theta));
        Matrix v = Multiply(zl, Transpose(zl));
        for (int i = 0; i < n; i++) v[i, i] += 1 / weights[i];
        var (inverse, logV) = Invert(v);
        Matrix xvx = Multiply(Transpose(design.X), Multiply(inverse, design.X));
        var (covariance, logX) = Invert(xvx);
        double[] beta = Multiply(covariance, Multiply(Transpose(design.X), Multiply(inverse, y)));
        double[] residual = [.. y.Zip(Multiply(design.X, beta), (a, b) => a - b)];
        double sum = residual.Zip(Multiply(inverse, residual), (a, b) => a * b).Sum();
        double degrees = reml ? n - design.X.Columns : n;
        double expected = logV + (reml ? logX : 0) + degrees * (1 + Math.Log(2 * Math.PI * sum / degrees));
        AssertClose(expected, deviance.Evaluate(theta, []), 1e-10, "criterion");
    }

    private static (ProfiledDeviance, double[] Theta, MixedModelCells, Terrace.Design.DesignMatrices, double[] Weights, double[] Y) Problem(int structure, bool reml, bool zeros)
    {
        var rng = new Rng(11, (ulong)structure);
        const int rows = 45;
        var design = RandomMixedDesign.Create(rng, rows, RandomMixedDesign.Structures[structure]);
        double[] weights = RandomMixedDesign.Positive(rng, rows), y = RandomMixedDesign.Normals(rng, rows);
        var cells = RandomMixedDesign.Cells(design, weights);
        var product = new BlockedCrossProduct(cells.Layout, cells.Pattern, cells.FixedColumns);
        new CrossProductAccumulator(cells).Accumulate(weights, y, product);
        var deviance = new ProfiledDeviance(product, rows, 0, weights.Sum(Math.Log), cells.Basis.LogDeterminant, reml);
        double[] theta = RandomMixedDesign.Normals(rng, cells.Layout.ThetaCount);
        foreach (var term in cells.Layout.Terms)
        {
            if (zeros) theta[term.ThetaIndex(term.Width - 1, term.Width - 1)] = 0;
        }
        return (deviance, theta, cells, design, weights, y);
    }
}
