using Terrace.Families;
using Terrace.MixedModels;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

public class JointModeDevianceTests
{
    [Theory]
    [InlineData("binomial", "logit", Information.Observed, 0)]
    [InlineData("binomial", "logit", Information.Observed, 3)]
    [InlineData("poisson", "log", Information.Observed, 4)]
    [InlineData("binomial", "probit", Information.Expected, 2)]
    [InlineData("gamma", "log", Information.Observed, 1)]
    [InlineData("gamma", "log", Information.Expected, 5)]
    public void The_gradient_agrees_with_finite_differences(string family, string link, Information information, int structure)
    {
        var (laplace, parameters, cells, observations) = RandomGeneralisedProblem.Create(family, link, structure, information);
        var deviance = new JointModeDeviance(cells, observations, laplace);
        parameters[cells.Layout.ThetaCount..].CopyTo(laplace.Modes.Spherical, cells.Layout.Columns);
        double[] theta = parameters[..cells.Layout.ThetaCount], gradient = new double[theta.Length], probe = [.. theta];
        Assert.True(double.IsFinite(deviance.Evaluate(theta, gradient)));
        for (int k = 0; k < theta.Length; k++)
        {
            const double h = 1e-3;
            double At(double step)
            {
                probe[k] = theta[k] + step;
                return deviance.Evaluate(probe, []);
            }
            double difference = (8 * (At(h) - At(-h)) - (At(2 * h) - At(-2 * h))) / (12 * h);
            probe[k] = theta[k];
            AssertClose(difference, gradient[k], 1e-7, $"parameter {k}");
        }
    }

    [Fact]
    public void The_fixed_effects_are_stationary_for_the_penalised_deviance()
    {
        var (laplace, parameters, cells, observations) = RandomGeneralisedProblem.Create("binomial", "logit", 3, Information.Observed);
        new JointModeDeviance(cells, observations, laplace).Evaluate(parameters.AsSpan(0, cells.Layout.ThetaCount), []);
        var products = new double[cells.Coefficients];
        cells.TransposedProduct(laplace.Modes.Score, products);
        foreach (double slope in products[cells.Layout.Columns..]) AssertClose(0, slope, 1e-8, "slope");
    }
}
