using Terrace.Inference.Diagnostics;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;

namespace Terrace.Inference.Tests.Sampling;

public class NutsTests
{
    /// <summary>|mean − truth| below 4.5 Monte Carlo standard errors: 24 comparisons, a false alarm with probability 2e-4 in all (fixed seeds).</summary>
    private const double Errors = 4.5;

    [Theory]
    [InlineData(MetricKind.Diagonal, 1)]
    [InlineData(MetricKind.Diagonal, 2)]
    [InlineData(MetricKind.Dense, 3)]
    [InlineData(MetricKind.Unit, 4)]
    public void Moments_of_a_correlated_normal_are_right(MetricKind metric, ulong seed)
    {
        SamplingResult result = Sampler.Run(KnownDensities.CorrelatedNormal, new NutsOptions { Metric = metric, Seed = seed, Iterations = 2000 });
        AssertMean(result.Draws, "x", x => x, 2);
        AssertMean(result.Draws, "y", y => y, -3);
        AssertMean(result.Draws, "x", x => (x - 2) * (x - 2), 1);
        AssertMean(result.Draws, "y", y => (y + 3) * (y + 3), 100);
        Assert.DoesNotContain(true, result.Statistics.Divergent);
    }

    [Fact]
    public void A_dense_metric_learns_the_correlation()
    {
        SamplingResult result = Sampler.Run(KnownDensities.CorrelatedNormal, new NutsOptions { Metric = MetricKind.Dense, Chains = 2 });
        foreach (IReadOnlyList<double> m in result.InverseMetrics) Assert.InRange(m[1] / Math.Sqrt(m[0] * m[3]), 0.8, 0.97);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Eight_schools_have_the_moments_of_quadrature(ulong seed)
    {
        (double mu, double tau) = KnownDensities.EightSchoolsMeans();
        SamplingResult result = Sampler.Run(KnownDensities.EightSchools, new NutsOptions { Seed = seed, AdaptDelta = 0.95, Iterations = 4000 });
        AssertMean(result.Draws, "mu", x => x, mu);
        AssertMean(result.Draws, "log tau", Math.Exp, tau);
    }

    [Fact]
    public void A_funnel_diverges_as_it_is_and_is_right_with_standardised_coordinates()
    {
        SamplingResult centred = Sampler.Run(KnownDensities.Funnel(true), new NutsOptions()), standardised = Sampler.Run(KnownDensities.Funnel(false), new NutsOptions { Iterations = 2000 });
        Assert.Contains(true, centred.Statistics.Divergent);
        Assert.DoesNotContain(true, standardised.Statistics.Divergent);
        AssertMean(standardised.Draws, "v", v => v, 0);
        AssertMean(standardised.Draws, "v", v => v * v, 9);
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        Draws Run(int threads) => Sampler.Run(KnownDensities.EightSchools, new NutsOptions { Threads = threads, Warmup = 200, Iterations = 100 }).Draws;
        AssertSame(Run(1), Run(4));
    }

    [Fact]
    public void Other_seeds_give_other_draws() =>
        Assert.NotEqual(Sampler.Run(KnownDensities.EightSchools, new NutsOptions { Warmup = 50, Iterations = 10 }).Draws.Column(0)[0], Sampler.Run(KnownDensities.EightSchools, new NutsOptions { Seed = 2, Warmup = 50, Iterations = 10 }).Draws.Column(0)[0]);

    [Fact]
    public void Thinning_keeps_every_third_draw_and_warmup_comes_on_request()
    {
        var options = new NutsOptions { Warmup = 40, Iterations = 30, Chains = 2, SaveWarmup = true };
        SamplingResult all = Sampler.Run(KnownDensities.EightSchools, options), thinned = Sampler.Run(KnownDensities.EightSchools, options with { Thin = 3 });
        Assert.Equal((30, 40, 10, 14), (all.Draws.Iterations, all.Warmup!.Iterations, thinned.Draws.Iterations, thinned.Warmup!.Iterations));
        for (int i = 0; i < 10; i++) Assert.Equal(all.Draws.Column(0, 1)[3 * i], thinned.Draws.Column(0, 1)[i]);
    }

    [Fact]
    public void An_improper_density_is_refused()
    {
        var flat = new DelegateDensity(["x"], (q, g) => { g[0] = 0; return 0; });
        SamplingException fault = Assert.Throws<SamplingException>(() => Sampler.Run(flat));
        Assert.Contains("improper", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_density_that_is_nowhere_defined_is_refused_with_the_reason()
    {
        var nowhere = new DelegateDensity(["x"], (_, _) => double.NaN);
        SamplingException fault = Assert.Throws<SamplingException>(() => Sampler.Run(nowhere));
        Assert.Contains("100 tries", fault.Message, StringComparison.Ordinal);
        Assert.Contains("not finite", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_infinite_gradient_is_refused_with_the_coordinate()
    {
        var steep = new DelegateDensity(["a", "b"], (q, g) => { (g[0], g[1]) = (-q[0], double.PositiveInfinity); return -q[0] * q[0] / 2; });
        Assert.Contains("(b)", Assert.Throws<SamplingException>(() => Sampler.Run(steep)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_density_that_throws_names_the_chain_and_the_iteration()
    {
        int calls = 0;
        var breaking = new DelegateDensity(["x"], (q, g) =>
        {
            if (Interlocked.Increment(ref calls) > 500) throw new InvalidOperationException("no more");
            g[0] = -q[0];
            return -q[0] * q[0] / 2;
        });
        SamplingException fault = Assert.Throws<SamplingException>(() => Sampler.Run(breaking, new NutsOptions { Chains = 1 }));
        Assert.Matches("^Chain 1 stopped after iteration [0-9]+: no more$", fault.Message);
    }

    [Fact]
    public void Cancelling_ends_the_run()
    {
        using var source = new CancellationTokenSource();
        var options = new NutsOptions { Iterations = 100_000_000, Chains = 1, Thin = 1_000_000, Progress = new Watch(p => { if (p.Iteration > 2000) source.Cancel(); }) };
        Assert.ThrowsAny<OperationCanceledException>(() => Sampler.Run(KnownDensities.CorrelatedNormal, options, source.Token));
    }

    internal static void AssertSame(Draws expected, Draws own)
    {
        Assert.Equal(expected.Layout.Columns, own.Layout.Columns);
        for (int column = 0; column < expected.Layout.Count; column++) Assert.True(expected.Column(column).SequenceEqual(own.Column(column)), expected.Layout.Columns[column]);
    }

    private static void AssertMean(Draws draws, string variable, Func<double, double> of, double truth)
    {
        double[] values = [.. draws.Column(variable).ToArray().Select(of)];
        double mean = values.Average(), error = Mcse.OfMean(values, draws.Chains);
        Assert.True(Math.Abs(mean - truth) < Errors * error, $"{variable}: {mean} ± {error} against {truth}");
    }

    private sealed class Watch(Action<SamplingProgress> action) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => action(value);
    }
}
