using Terrace.Stan.Runtime;

namespace Terrace.Stan.Tests.Runtime.Densities;

/// <summary>Outcomes at and beyond the ends of the support, and parameters outside their domain.</summary>
public sealed class ContinuousSupportTests
{
    [Theory]
    [InlineData("lognormal", 0, new[] { 0.5, 1.5 })]
    [InlineData("inv_gamma", -1, new[] { 2.0, 1 })]
    [InlineData("inv_chi_square", 0, new[] { 2.0 })]
    [InlineData("scaled_inv_chi_square", -2, new[] { 2.0, 1 })]
    [InlineData("weibull", -1, new[] { 2.0, 1 })]
    [InlineData("pareto", 0.5, new[] { 1.0, 2 })]
    [InlineData("uniform", 1.5, new[] { 0.0, 1 })]
    public void The_log_density_outside_the_support_is_minus_infinity_with_partials_0(string name, double y, double[] parameters)
    {
        Assert.Equal(double.NegativeInfinity, new ContinuousDistribution(name).Log([y, .. parameters], -1, out double[] d));
        Assert.All(d, partial => Assert.Equal(0, partial));
    }

    [Theory]
    [InlineData("gamma", 0, new[] { 2.0, 1 })]
    [InlineData("exponential", -1, new[] { 2.0 })]
    [InlineData("chi_square", -1, new[] { 2.0 })]
    [InlineData("frechet", 0, new[] { 2.0, 1 })]
    [InlineData("rayleigh", 0, new[] { 2.0 })]
    [InlineData("pareto_type_2", -1, new[] { 0.0, 1, 1 })]
    [InlineData("beta", 1.5, new[] { 1.0, 1 })]
    [InlineData("lognormal", -1, new[] { 0.0, 1 })]
    [InlineData("normal", 0, new[] { 0.0, 0 })]
    [InlineData("normal", 0, new[] { 0.0, double.PositiveInfinity })]
    [InlineData("normal", 0, new[] { double.PositiveInfinity, 1 })]
    [InlineData("student_t", 0, new[] { 0.0, 0, 1 })]
    [InlineData("skew_double_exponential", 0, new[] { 0.0, 1, 1.5 })]
    [InlineData("beta_proportion", 0.5, new[] { 1.0, 2 })]
    [InlineData("von_mises", 0, new[] { 0.0, -1 })]
    [InlineData("uniform", 0, new[] { 1.0, 1 })]
    public void What_the_language_lets_fail_is_refused(string name, double y, double[] parameters) =>
        Assert.Throws<StanFaultException>(() => new ContinuousDistribution(name).Log([y, .. parameters], -1, out _));

    [Fact]
    public void A_refusal_names_function_argument_value_and_rule() =>
        Assert.Equal("normal_lpdf: scale is -1, but must be positive and finite", Assert.Throws<StanFaultException>(() => new ContinuousDistribution("normal").Log([0, 0, -1], -1, out _)).Message);

    [Theory]
    [InlineData("normal", double.NegativeInfinity, double.PositiveInfinity, new[] { 0.5, 1.5 })]
    [InlineData("std_normal", double.NegativeInfinity, double.PositiveInfinity, new double[0])]
    [InlineData("exp_mod_normal", double.NegativeInfinity, double.PositiveInfinity, new[] { 0.5, 1.5, 1 })]
    [InlineData("skew_normal", double.NegativeInfinity, double.PositiveInfinity, new[] { 0.5, 1.5, 1 })]
    [InlineData("student_t", double.NegativeInfinity, double.PositiveInfinity, new[] { 3.0, 0.5, 1.5 })]
    [InlineData("logistic", double.NegativeInfinity, double.PositiveInfinity, new[] { 0.5, 1.5 })]
    [InlineData("lognormal", 0, double.PositiveInfinity, new[] { 0.5, 1.5 })]
    [InlineData("gamma", 0, double.PositiveInfinity, new[] { 2.5, 1.5 })]
    [InlineData("inv_gamma", 0, double.PositiveInfinity, new[] { 2.5, 1.5 })]
    [InlineData("chi_square", 0, double.PositiveInfinity, new[] { 2.5 })]
    [InlineData("scaled_inv_chi_square", 0, double.PositiveInfinity, new[] { 2.5, 1.5 })]
    [InlineData("exponential", 0, double.PositiveInfinity, new[] { 2.5 })]
    [InlineData("weibull", 0, double.PositiveInfinity, new[] { 2.5, 1.5 })]
    [InlineData("rayleigh", 0, double.PositiveInfinity, new[] { 2.5 })]
    [InlineData("loglogistic", 0, double.PositiveInfinity, new[] { 2.5, 1.5 })]
    [InlineData("pareto", 1, double.PositiveInfinity, new[] { 2.5, 1.5 })]
    [InlineData("beta", 0, 1, new[] { 2.5, 1.5 })]
    [InlineData("beta_proportion", 0, 1, new[] { 0.5, 1.5 })]
    [InlineData("uniform", -5, 9, new[] { -2, 1.5 })]
    public void Tails_at_the_ends_of_the_support_are_0_and_1_with_the_partials_of_the_tail_that_is_1_being_0(string name, double low, double high, double[] parameters)
    {
        var distribution = new ContinuousDistribution(name);
        Assert.Equal(double.NegativeInfinity, distribution.Tail("LogCdf", [low, .. parameters], out _));
        Assert.Equal(0, distribution.Tail("LogCcdf", [low, .. parameters], out double[] atLow), 1e-14);
        Assert.Equal(0, distribution.Tail("LogCdf", [high, .. parameters], out double[] atHigh), 1e-14);
        Assert.Equal(double.NegativeInfinity, distribution.Tail("LogCcdf", [high, .. parameters], out _));
        for (int k = 1; k <= parameters.Length; k++)
        {
            Assert.Equal(0, atLow[k]);
            Assert.Equal(0, atHigh[k]);
        }
    }
}
