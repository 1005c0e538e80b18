using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MixedModels;

/// <summary>Simulated responses have the moments of the fitted model. Every statistical check has a fixed seed and five standard errors: false alarms about 1e-6 each.</summary>
public class SimulateTests
{
    private const int Draws = 4000;

    [Theory]
    [InlineData("lmer_sleepstudy_weights")]
    [InlineData("glmer_cbpp_laplace")]
    [InlineData("glmer_grouseticks")]
    [InlineData("glmer_theoph_gamma_log")]
    public void With_group_effects_kept_responses_have_the_fitted_means_and_variances(string name)
    {
        var fit = MixedFixture.Fit(name);
        var responses = Simulate.Responses(fit, Draws, seed: 11, keepGroupEffects: true);
        foreach (int row in (int[])[0, 7, 20, 50])
        {
            double mean = fit.Fitted[fit.RowToCell[row]], variance = fit.Sigma * fit.Sigma * fit.Family.Variance(mean) / fit.Weights[row];
            double[] values = [.. responses.Select(r => r[row])];
            double average = values.Average(), spread = values.Sum(v => (v - average) * (v - average)) / (Draws - 1);
            double kurtosis = values.Sum(v => Math.Pow(v - average, 4)) / Draws / (spread * spread);
            Assert.True(Math.Abs(average - mean) < 5 * Math.Sqrt(variance / Draws), $"{name} row {row}: mean {average}, expected {mean}");
            Assert.True(Math.Abs(spread / variance - 1) < 5 * Math.Sqrt((kurtosis - 1) / Draws), $"{name} row {row}: variance {spread}, expected {variance}");
        }
    }

    [Fact]
    public void With_new_group_effects_responses_have_the_marginal_covariance()
    {
        var fit = MixedFixture.Fit("lmer_sleepstudy_slope_REML");
        var responses = Simulate.Responses(fit, Draws, seed: 12);
        // Rows 0 and 9 are days 0 and 9 of the first subject, row 10 is another subject's.
        var sigma = fit.Terms[0].Covariance;
        double within = sigma[0, 0] + 9 * sigma[0, 1], variance0 = sigma[0, 0] + fit.Sigma * fit.Sigma, variance9 = sigma[0, 0] + 18 * sigma[0, 1] + 81 * sigma[1, 1] + fit.Sigma * fit.Sigma;
        double Covariance(int a, int b)
        {
            double meanA = responses.Average(r => r[a]), meanB = responses.Average(r => r[b]);
            return responses.Sum(r => (r[a] - meanA) * (r[b] - meanB)) / (Draws - 1);
        }

        Assert.Equal(fit.Beta[0] + 9 * fit.Beta[1], responses.Average(r => r[9]), 5 * Math.Sqrt(variance9 / Draws));
        Assert.Equal(variance9, Covariance(9, 9), 5 * variance9 * Math.Sqrt(2.0 / Draws));
        Assert.Equal(within, Covariance(0, 9), 5 * Math.Sqrt((variance0 * variance9 + within * within) / Draws));
        Assert.Equal(0, Covariance(0, 10), 5 * Math.Sqrt(variance0 * variance0 / Draws));
    }

    [Fact]
    public void The_seed_fixes_every_response_on_its_own()
    {
        var fit = MixedFixture.Fit("glmer_cbpp_laplace");
        Assert.Equal(Simulate.Responses(fit, 3, 5)[2], Simulate.Responses(fit, 4, 5)[2]);
        Assert.NotEqual(Simulate.Responses(fit, 3, 5)[2], Simulate.Responses(fit, 3, 6)[2]);
    }

    [Fact]
    public void Inverse_gaussian_draws_have_their_mean_and_variance()
    {
        var frame = Fixtures.Data("clotting");
        var model = Terrace.Design.ModelFrame.Learn(Terrace.Formulas.Formula.Parse("lot1 ~ 1"), frame);
        var observations = Observations.Resolve(model.Encode(frame), Family.InverseGaussian());
        double[] means = [.. Enumerable.Repeat(2.0, observations.Y.Length)], values = new double[observations.Rows];
        var all = new List<double>();
        for (int i = 0; i < 4000; i++)
        {
            new ResponseSimulation(observations, 0.3).DrawRows(means, new Rng(4, (ulong)i), values);
            all.AddRange(values);
        }
        double average = all.Average(), variance = all.Average(v => (v - average) * (v - average)), expected = 0.3 * 8;
        Assert.Equal(2.0, average, 5 * Math.Sqrt(expected / all.Count));
        double kurtosis = 3 + 15 * 2.0 * 0.3;
        Assert.Equal(expected, variance, 5 * expected * Math.Sqrt((kurtosis - 1) / all.Count));
    }
}
