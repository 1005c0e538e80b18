using Terrace.Inference.Approximations;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Inference.Tests.Sampling;

namespace Terrace.Inference.Tests.Approximations;

public class LaplaceApproximationTests
{
    /// <summary>Of a normal posterior log p − log q is the same at every draw: its log normalising constant.</summary>
    [Fact]
    public void A_normal_posterior_is_exact()
    {
        NormalDensity normal = NormalDensity.Of(6, 0.7);
        ApproximateDraws draws = LaplaceApproximation.Run(normal.Model);
        double half = 0;
        Numerics.LinearAlgebra.Matrix factor = normal.Covariance.Copy();
        Numerics.LinearAlgebra.Cholesky.TryFactor(factor);
        half = 0.5 * Numerics.LinearAlgebra.Cholesky.LogDeterminant(factor);
        Assert.Equal(half + 3 * Math.Log(2 * Math.PI), draws.Elbo, 1e-4);
        Assert.True(draws.ParetoK < 0.1, $"{draws.ParetoK}");
        for (int i = 0; i < 6; i++)
        {
            double sd = Math.Sqrt(normal.Covariance[i, i]);
            Assert.True(Math.Abs(SampleMoments.Mean(draws.Draws.Column(i)) - normal.Mean[i]) < 4.5 * sd / Math.Sqrt(1000));
            Assert.Equal(1, SampleMoments.StandardDeviation(draws.Draws.Column(i)) / sd, 0.12);
        }
    }

    [Fact]
    public void A_flat_direction_is_refused_and_a_heavy_tail_flagged()
    {
        var flat = new DelegateDensity(["x", "y"], (p, g) =>
        {
            (g[0], g[1]) = (-p[0], 0);
            return -0.5 * p[0] * p[0];
        });
        Assert.Contains("not curved", Assert.Throws<SamplingException>(() => LaplaceApproximation.Run(flat)).Message, StringComparison.Ordinal);
        // Ten independent Cauchy variables.
        var cauchy = new DelegateDensity([.. Enumerable.Range(1, 10).Select(i => $"x{i}")], (p, g) =>
        {
            double sum = 0;
            for (int i = 0; i < p.Length; i++)
            {
                g[i] = -2 * p[i] / (1 + p[i] * p[i]);
                sum -= Math.Log(1 + p[i] * p[i]);
            }
            return sum;
        });
        Assert.False(LaplaceApproximation.Run(cauchy, new LaplaceOptions { Draws = 4000 }).IsTrusted);
    }

    [Fact]
    public void The_seed_fixes_the_draws() =>
        Assert.Equal(LaplaceApproximation.Run(KnownDensities.CorrelatedNormal).Draws.Column(0).ToArray(), LaplaceApproximation.Run(KnownDensities.CorrelatedNormal).Draws.Column(0).ToArray());
}
