using Terrace.Inference.Diagnostics;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;

namespace Terrace.Inference.Tests.Sampling;

/// <summary>Posteriors known in closed form, over ten seeds: means, standard deviations and quantiles within 4.5 Monte Carlo errors; 60 comparisons a case make a false alarm of 4e-4.</summary>
public class ConjugateTests
{
    /// <summary>y_i ~ N(μ, 2²), μ ~ N(1, 3²): the precision is 1/9 + n/4.</summary>
    [Fact]
    public void A_normal_mean_with_a_normal_prior_has_its_posterior()
    {
        double[] y = [3.1, -0.4, 2.2, 5.0, 1.7, 2.9, 0.3];
        double precision = 1.0 / 9 + y.Length / 4.0, mean = (1.0 / 9 + y.Sum() / 4) / precision, sd = 1 / Math.Sqrt(precision);
        var model = new DelegateDensity(["mu"], (x, gradient) =>
        {
            double value = -0.5 * Math.Pow((x[0] - 1) / 3, 2);
            gradient[0] = -(x[0] - 1) / 9;
            foreach (double own in y)
            {
                value -= 0.5 * Math.Pow((own - x[0]) / 2, 2);
                gradient[0] += (own - x[0]) / 4;
            }
            return value;
        });
        foreach (Draws draws in OverSeeds(model)) AssertMoments(draws.Column(0), mean, sd, [mean - 1.6448536269514722 * sd, mean, mean + 1.6448536269514722 * sd]);
    }

    /// <summary>s successes of n, p ~ Beta(a, b): Beta(a + s, b + n − s), sampled on the logit scale; quantiles by R's qbeta.</summary>
    [Fact]
    public void A_probability_with_a_beta_prior_has_its_posterior()
    {
        const double a = 2 + 9, b = 3 + 20 - 9;
        var model = new DelegateDensity(["logit"], (x, gradient) =>
        {
            double p = 1 / (1 + Math.Exp(-x[0]));
            gradient[0] = a * (1 - p) - b * p;
            return a * Math.Log(p) + b * Math.Log(1 - p);
        });
        double mean = a / (a + b), sd = Math.Sqrt(a * b / ((a + b) * (a + b) * (a + b + 1)));
        // qbeta(c(.05, .5, .95), 11, 14)
        double[] quantiles = [0.2823555266, 0.4383749699, 0.6032149318];
        foreach (Draws draws in OverSeeds(model)) AssertMoments([.. draws.Column(0).ToArray().Select(x => 1 / (1 + Math.Exp(-x)))], mean, sd, quantiles);
    }

    private static IEnumerable<Draws> OverSeeds(ILogDensityModel model) => Enumerable.Range(1, 10).Select(seed => Sampler.Run(model, new NutsOptions { Seed = (ulong)seed, Warmup = 500, Iterations = 1000 }).Draws);

    private static void AssertMoments(ReadOnlySpan<double> draws, double mean, double sd, double[] quantiles)
    {
        Assert.True(Math.Abs(SampleMoments.Mean(draws) - mean) < 4.5 * Mcse.OfMean(draws, 4), $"mean {SampleMoments.Mean(draws)}, expected {mean}");
        Assert.True(Math.Abs(SampleMoments.StandardDeviation(draws) - sd) < 4.5 * Mcse.OfStandardDeviation(draws, 4), $"sd {SampleMoments.StandardDeviation(draws)}, expected {sd}");
        double[] probabilities = [0.05, 0.5, 0.95], own = SampleQuantile.Of(draws, probabilities);
        for (int k = 0; k < 3; k++) Assert.True(Math.Abs(own[k] - quantiles[k]) < 4.5 * Mcse.OfQuantile(draws, 4, probabilities[k]), $"quantile {probabilities[k]}: {own[k]}, expected {quantiles[k]}");
    }
}
