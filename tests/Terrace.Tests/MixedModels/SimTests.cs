using Terrace.MixedModels;

namespace Terrace.Tests.MixedModels;

/// <summary>Draws in arm's sense have the fit's moments: fixed seed, five standard errors, false alarms about 1e-6 each.</summary>
public class SimTests
{
    private const int Draws = 4000;

    [Theory]
    [InlineData("lmer_sleepstudy_slope_REML")]
    [InlineData("glmer_cbpp_laplace")]
    public void Coefficients_and_effects_have_their_conditional_moments(string name)
    {
        var fit = MixedFixture.Fit(name);
        var draws = Sim.Draw(fit, Draws, seed: 8);
        var covariance = fit.Joint.FixedCovariance(fit.Joint.AtEstimate().Factor, fit.Sigma);
        for (int j = 0; j < fit.Beta.Length; j++)
        {
            double[] values = [.. Enumerable.Range(0, Draws).Select(i => draws.FixedEffects(i)[j])];
            double error = Math.Sqrt(covariance[j, j]), average = values.Average(), sd = Math.Sqrt(values.Sum(v => (v - average) * (v - average)) / (Draws - 1));
            Assert.Equal(fit.Beta[j], average, 5 * error / Math.Sqrt(Draws));
            // σ² of 178 degrees of freedom makes the draws' variance 1 % larger.
            Assert.InRange(sd / error, 1 - 5 / Math.Sqrt(2 * Draws), 1.012 + 5 / Math.Sqrt(2 * Draws));
        }
        double[] effect = [.. Enumerable.Range(0, Draws).Select(i => draws.RandomEffect(i, fit.Terms[0], 2, 0))];
        Assert.Equal(fit.Terms[0].Modes[2, 0], effect.Average(), 5 * Math.Sqrt(effect.Sum(e => Math.Pow(e - effect.Average(), 2)) / Draws / Draws));
    }

    [Fact]
    public void Sigma_is_drawn_where_it_is_a_parameter_and_theta_never()
    {
        var fit = MixedFixture.Fit("lmer_sleepstudy_slope_REML");
        var draws = Sim.Draw(fit, 50);
        Assert.Equal(50, Enumerable.Range(0, 50).Select(draws.Sigma).Distinct().Count());
        Assert.Equal(fit.Theta, draws.Theta(49).ToArray());
        Assert.Equal(1, Sim.Draw(MixedFixture.Fit("glmer_cbpp_laplace"), 2).Sigma(1));
        Assert.Equal(draws.FixedEffects(3).ToArray(), Sim.Draw(fit, 4).FixedEffects(3).ToArray());
    }
}
