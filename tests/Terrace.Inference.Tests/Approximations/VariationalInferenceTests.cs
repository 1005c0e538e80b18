using Terrace.Inference.Approximations;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Inference.Tests.Sampling;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Inference.Tests.Approximations;

public class VariationalInferenceTests
{
    /// <summary>The best independent normal has the means of the posterior and the inverse precisions as variances (Bishop 2006, section 10.1.2); the search stops within about a tenth of a standard deviation.</summary>
    [Fact]
    public void Mean_field_finds_the_means_and_inverse_precisions_of_a_normal_posterior()
    {
        NormalDensity normal = NormalDensity.Of(3, 0.5);
        VariationalResult result = VariationalInference.Run(normal.Model, new VariationalOptions { GradientDraws = 10, Tolerance = 0.001, Draws = 4000, Seed = 2 });
        Matrix factor = normal.Covariance.Copy();
        Cholesky.TryFactor(factor);
        Matrix precision = Cholesky.InverseFromFactor(factor);
        for (int i = 0; i < 3; i++)
        {
            double sd = Math.Sqrt(1 / precision[i, i]);
            Assert.True(Math.Abs(SampleMoments.Mean(result.Approximation.Draws.Column(i)) - normal.Mean[i]) < 0.25 * sd, $"x{i + 1}: {SampleMoments.Mean(result.Approximation.Draws.Column(i))}");
            Assert.Equal(1, SampleMoments.StandardDeviation(result.Approximation.Draws.Column(i)) / sd, 0.2);
        }
    }

    [Fact]
    public void Full_rank_finds_correlations()
    {
        NormalDensity normal = NormalDensity.Of(2, 0.8);
        VariationalResult result = VariationalInference.Run(normal.Model, new VariationalOptions { Family = VariationalFamily.FullRank, GradientDraws = 10, Tolerance = 0.001, Draws = 4000 });
        ReadOnlySpan<double> x = result.Approximation.Draws.Column(0), y = result.Approximation.Draws.Column(1);
        double mx = SampleMoments.Mean(x), my = SampleMoments.Mean(y), product = 0;
        for (int s = 0; s < x.Length; s++) product += (x[s] - mx) * (y[s] - my) / x.Length;
        Assert.Equal(0.8, product / SampleMoments.StandardDeviation(x) / SampleMoments.StandardDeviation(y), 0.1);
        Assert.True(result.Approximation.IsTrusted, result.Approximation.Verdict);
    }

    [Fact]
    public void A_funnel_is_not_to_be_trusted_and_a_density_without_values_is_told()
    {
        Assert.False(VariationalInference.Run(KnownDensities.Funnel(centred: true)).Approximation.IsTrusted);
        Assert.Throws<SamplingException>(() => VariationalInference.Run(new DelegateDensity(["x"], (_, _) => double.NaN)));
    }

    [Fact]
    public void The_seed_fixes_the_draws()
    {
        double[] One(ulong seed) => VariationalInference.Run(KnownDensities.CorrelatedNormal, new VariationalOptions { Iterations = 500, Seed = seed }).Approximation.Draws.Column(0).ToArray();
        Assert.Equal(One(3), One(3));
        Assert.NotEqual(One(3), One(4));
    }
}
