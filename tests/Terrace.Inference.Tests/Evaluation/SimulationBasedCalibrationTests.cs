using Terrace.Inference.Evaluation;
using Terrace.Inference.Posterior;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Inference.Tests.Evaluation;

public class SimulationBasedCalibrationTests
{
    /// <summary>Exact posterior draws of a normal mean are calibrated; a fixed seed, and a joint p-value below 1e-3 in one of 1,000 choices of it.</summary>
    [Fact]
    public void Exact_posterior_draws_have_uniform_ranks()
    {
        SimulationBasedCalibration result = Run(0, 1);
        Assert.Equal(400, result.Simulations);
        Assert.Equal(400, result.Variables[0].Counts.Sum());
        Assert.True(result.JointPValue > 1e-3, $"{result.JointPValue}");
    }

    [Theory]
    [InlineData(0.3, 1)]
    [InlineData(0, 0.7)]
    [InlineData(0, 1.5)]
    public void Posteriors_that_are_shifted_or_too_narrow_or_too_wide_are_found_out(double shift, double width) => Assert.True(Run(shift, width).JointPValue < 1e-6);

    [Fact]
    public void Bins_must_divide_the_ranks() => Assert.Throws<ArgumentException>(() => SimulationBasedCalibration.Run(2, _ => new CalibrationReplicate([0], Normal(new Rng(1, 1), 0, 1)), bins: 7));

    /// <summary>μ ~ N(0, 1), one y ~ N(μ, 1): the posterior is N(y/2, 1/2).</summary>
    private static SimulationBasedCalibration Run(double shift, double width) => SimulationBasedCalibration.Run(400, r =>
    {
        var rng = new Rng(3, (ulong)r);
        double truth = rng.NextNormal(), y = truth + rng.NextNormal();
        return new CalibrationReplicate([truth], Normal(rng, y / 2 + shift, width * Math.Sqrt(0.5)));
    });

    private static Draws Normal(Rng rng, double mean, double sd)
    {
        var values = new double[126];
        for (int i = 0; i < values.Length; i++) values[i] = mean + sd * rng.NextNormal();
        return new Draws(new VariableLayout([new Variable("mu")]), 1, values.Length, values);
    }
}
