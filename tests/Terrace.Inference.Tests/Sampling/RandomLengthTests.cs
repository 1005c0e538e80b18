using Terrace.Inference.Diagnostics;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Sampling;

namespace Terrace.Inference.Tests.Sampling;

public class RandomLengthTests
{
    private static readonly NutsOptions Options = new() { Warmup = 200, Iterations = 1000, Metric = MetricKind.Unit, MeanTrajectoryLength = Math.PI, Seed = 3 };

    /// <summary>Means and variances of a standard normal in 50 dimensions, |z| below 4.5 of the Monte Carlo errors: a false alarm of 7e-4 over all hundred.</summary>
    [Fact]
    public void A_standard_normal_has_its_moments_and_takes_few_gradients()
    {
        SamplingResult result = Sampler.Run(Normal(50, _ => 1), Options);
        foreach (VariableSummary summary in VariableSummary.OfAll(result.Draws, 1))
        {
            Assert.True(Math.Abs(summary.Mean) < 4.5 * summary.Mcse, $"{summary.Name}: mean {summary.Mean}");
            Assert.True(Math.Abs(summary.Sd - 1) < 4.5 * Mcse.OfStandardDeviation(result.Draws.Column(summary.Name), 4), $"{summary.Name}: sd {summary.Sd}");
            Assert.True(summary.EssBulk > 2000, $"{summary.Name}: ESS {summary.EssBulk}");
        }
        Assert.DoesNotContain(true, result.Statistics.Divergent);
        Assert.InRange(result.LeapfrogSteps, 4800, 14 * 4800);
    }

    /// <summary>Scales that differ by 5 are still sampled rightly, if less well.</summary>
    [Fact]
    public void Scales_that_differ_keep_the_moments_right()
    {
        SamplingResult result = Sampler.Run(Normal(10, i => i < 5 ? 1 : 0.2), Options with { Iterations = 2000 });
        foreach (VariableSummary summary in VariableSummary.OfAll(result.Draws, 1))
        {
            double sd = summary.Name is "x1" or "x2" or "x3" or "x4" or "x5" ? 1 : 0.2;
            Assert.True(Math.Abs(summary.Sd - sd) < 5 * Mcse.OfStandardDeviation(result.Draws.Column(summary.Name), 4), $"{summary.Name}: sd {summary.Sd}, expected {sd}");
        }
    }

    [Fact]
    public void The_threads_do_not_change_the_draws_and_other_lengths_do()
    {
        ILogDensityModel model = Normal(5, _ => 1);
        double[] One(NutsOptions options) => [.. Sampler.Run(model, options with { Iterations = 50 }).Draws.Column("x1").ToArray()];
        Assert.Equal(One(Options with { Threads = 1 }), One(Options with { Threads = 4 }));
        Assert.NotEqual(One(Options), One(Options with { MeanTrajectoryLength = 2 }));
        Assert.Throws<ArgumentException>(() => One(Options with { MeanTrajectoryLength = 0 }));
    }

    private static DelegateDensity Normal(int dimension, Func<int, double> sd) => new([.. Enumerable.Range(1, dimension).Select(i => $"x{i}")], (x, gradient) =>
    {
        double value = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double z = x[i] / sd(i);
            value -= 0.5 * z * z;
            gradient[i] = -z / sd(i);
        }
        return value;
    });
}
