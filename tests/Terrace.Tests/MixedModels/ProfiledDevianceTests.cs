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

    /// <summary>At zero the gradient is zero too, so a search that trusted it would stay there.</summary>
    [Fact]
    public void A_search_that_starts_at_zero_escapes()
    {
        var (deviance, theta, cells, _, _, _) = Problem(2, true, false, effects: 3);
        var search = new VarianceSearch(cells.Layout, deviance.Evaluate, theta.Length, 500, default);
        double[] expected = search.Minimize(cells.Layout.IdentityTheta(), deviance.CurvatureGuess(cells.Layout.IdentityTheta()));
        Assert.True(expected.Max() > 0.5);
        double[] zero = new double[theta.Length], found = search.Minimize(zero, deviance.CurvatureGuess(cells.Layout.IdentityTheta()));
        for (int k = 0; k < zero.Length; k++) AssertClose(expected[k], found[k], 1e-4, $"theta {k}");
        Assert.True(search.Converged);
    }

    private static (ProfiledDeviance, double[] Theta, MixedModelCells, Terrace.Design.DesignMatrices, double[] Weights, double[] Y) Problem(int structure, bool reml, bool zeros, double effects = 0)
    {
        var rng = new Rng(11, (ulong)structure);
        const int rows = 45;
        var design = RandomMixedDesign.Create(rng, rows, RandomMixedDesign.Structures[structure]);
        double[] weights = RandomMixedDesign.Positive(rng, rows), y = RandomMixedDesign.Normals(rng, rows);
        var cells = RandomMixedDesign.Cells(design, weights);
        for (int i = 0; i < rows; i++) y[i] += effects * Math.Sin(1 + design.RandomTerms[0].Codes[i]) * design.RandomTerms[0].Z[i, 0];
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
