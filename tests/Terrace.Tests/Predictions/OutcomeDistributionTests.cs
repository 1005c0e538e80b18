using Terrace.Families;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.RandomNumbers;
using Terrace.Predictions;

namespace Terrace.Tests.Predictions;

public class OutcomeDistributionTests
{
    [Fact]
    public void Without_uncertainty_it_is_the_familys_distribution()
    {
        Assert.Equal(Gamma.Quantile(0.9, 1 / 0.25, 1 / (0.25 * Math.E)), new OutcomeDistribution(Family.Gamma(Link.Log), 0.25).Quantile(0.9, 1, 0), 9);
        var poisson = new OutcomeDistribution(Family.Poisson(), 1);
        double median = poisson.Quantile(0.5, Math.Log(7.3), 0);
        Assert.True(Poisson.Cdf(median, 7.3) >= 0.5 && Poisson.Cdf(median - 1, 7.3) < 0.5);
        Assert.Equal(Math.Sqrt(7.3), poisson.Sd(Math.Log(7.3), 0), 10);
    }

    [Fact]
    public void A_gaussian_outcome_adds_both_variances()
    {
        var gaussian = new OutcomeDistribution(Family.Gaussian(), 4);
        Assert.Equal(Math.Sqrt(4 + 2.25), gaussian.Sd(1, 1.5), 12);
        Assert.Equal(Normal.Quantile(0.2, 1, 2.5), gaussian.Quantile(0.2, 1, 1.5), 12);
    }

    [Fact]
    public void A_yes_or_no_outcome_is_0_or_1()
    {
        var binomial = new OutcomeDistribution(Family.Binomial(), 1);
        Assert.Equal(0, binomial.Quantile(0.4, 0, 0.3));
        Assert.Equal(1, binomial.Quantile(0.6, 0, 0.3));
        Assert.Equal(0.5, binomial.Sd(0, 0.3), 10);
    }

    [Fact]
    public void Quasi_families_have_an_sd_but_no_quantiles()
    {
        var quasi = new OutcomeDistribution(Family.Quasipoisson(), 2);
        Assert.Equal(Math.Sqrt(2 * 5), quasi.Sd(Math.Log(5), 0), 10);
        Assert.True(double.IsNaN(quasi.Quantile(0.5, 1, 0.1)));
    }

    /// <summary>The share of 40,000 outcomes below the 90 % quantile is known to 0.15 %: a false alarm at five of these has a chance below 1e-6.</summary>
    [Fact]
    public void The_quantile_of_an_uncertain_mean_is_that_of_simulated_outcomes()
    {
        var distribution = new OutcomeDistribution(Family.Gamma(Link.Log), 0.5);
        double quantile = distribution.Quantile(0.9, 0.7, 0.6);
        var rng = new Rng(3, 0);
        int below = 0;
        const int count = 40_000;
        for (int i = 0; i < count; i++)
        {
            double mean = Math.Exp(0.7 + 0.6 * rng.NextNormal()), uniform = rng.NextDouble();
            if (Gamma.Quantile(uniform, 2, 2 / mean) <= quantile) below++;
        }
        Assert.InRange(below / (double)count, 0.9 - 0.0075, 0.9 + 0.0075);
    }
}
