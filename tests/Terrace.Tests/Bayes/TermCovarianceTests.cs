using Terrace.Bayes;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Tests.Bayes;

/// <summary>The densities of covariance parameters by direct integration and by simulation of the definitions.</summary>
public class TermCovarianceTests
{
    [Theory]
    [InlineData(1.0)]
    [InlineData(2.5)]
    public void The_LKJ_density_of_two_effects_is_normalised_and_has_its_variance(double shape)
    {
        // A correlation under LKJ(η) has variance 1/(2η + 1).
        double total = 0, squares = 0;
        double[] factor = new double[4], z = new double[1];
        for (double t = -20; t < 20; t += 1e-3)
        {
            double weight = 1e-3 * Math.Exp(CorrelationCoordinates.Set([t], 2, shape, true, factor, z));
            total += weight;
            squares += weight * factor[2] * factor[2];
        }
        Assert.Equal(1, total, 1e-6);
        Assert.Equal(1 / (2 * shape + 1), squares, 1e-6);
    }

    /// <summary>Under LKJ(η) of k effects every correlation has variance 1/(2η + k − 1); partial correlations are drawn from their Beta distributions, so that the factor is checked, with 200,000 draws to 5 standard errors.</summary>
    [Fact]
    public void Correlations_of_three_effects_have_the_variance_of_LKJ()
    {
        const int draws = 200_000, k = 3;
        const double shape = 1.5;
        var rng = new Rng(5, 0);
        double[] factor = new double[9], z = new double[3], t = new double[3], squares = new double[3];
        for (int draw = 0; draw < draws; draw++)
        {
            for (int i = 1, at = 0; i < k; i++)
            {
                for (int j = 0; j < i; j++, at++)
                {
                    double alpha = shape + 0.5 * (k - 2 - j), a = rng.NextGamma(alpha), b = rng.NextGamma(alpha);
                    t[at] = Math.Atanh(2 * a / (a + b) - 1);
                }
            }
            CorrelationCoordinates.Set(t, k, shape, true, factor, z);
            double[] rho = [factor[3], factor[6], factor[3] * factor[6] + factor[4] * factor[7]];
            for (int m = 0; m < 3; m++) squares[m] += rho[m] * rho[m] / draws;
        }
        foreach (double variance in squares) Assert.Equal(1 / (2 * shape + k - 1), variance, 5 * 0.3 / Math.Sqrt(draws));
    }

    /// <summary>The decov density of two standard deviations integrates to 1, and E(r) and E(π²) are those of Gamma and Dirichlet.</summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1.5, 2, 0.7)]
    public void The_decov_density_is_that_of_its_definition(double concentration, double shape, double scale)
    {
        var covariance = new TermCovariance(new DecovPrior(1, concentration, shape, scale), [1.0, 1.0]);
        double total = 0, r = 0, square = 0;
        const double h = 0.02;
        for (double a = -14; a < 4; a += h)
        {
            for (double b = -14; b < 4; b += h)
            {
                // t = 0 has the density ½ of an LKJ(1) correlation in atanh coordinates at 0, (1 − 0)/2.
                double weight = h * h * Math.Exp(covariance.Set([a, b, 0], 1, true)) * 2;
                double first = Math.Exp(2 * a), second = Math.Exp(2 * b), sum = first + second;
                total += weight;
                r += weight * Math.Sqrt(sum);
                square += weight * first / sum * first / sum;
            }
        }
        Assert.Equal(1, total, 2e-3);
        Assert.Equal(Math.Sqrt(2) * scale * shape, r, 5e-3 * Math.Sqrt(2) * scale * shape);
        Assert.Equal((concentration + 1) / (2 * (2 * concentration + 1)), square, 2e-3);
    }
}
