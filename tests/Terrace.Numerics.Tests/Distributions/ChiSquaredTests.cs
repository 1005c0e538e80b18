using Terrace.Numerics.Distributions;
using static Terrace.Numerics.Tests.Closeness;

namespace Terrace.Numerics.Tests.Distributions;

/// <summary>Expected values by 40-digit arithmetic; quantiles as R 4.2.2 prints them.</summary>
public class ChiSquaredTests
{
    [Theory]
    [InlineData(0.95, 1, 3.841458820694124)]
    [InlineData(1e-5, 3, 0.0011225825800018484)]
    [InlineData(0.5, 100, 99.334129235988485)]
    [InlineData(0.999, 0.5, 8.7528885157733711)]
    public void Quantile_agrees_with_R(double p, double df, double expected) => Close(expected, ChiSquared.Quantile(p, df), 1e-12);

    [Fact]
    public void With_two_degrees_of_freedom_is_an_exponential() => Close(Math.Exp(-350), ChiSquared.UpperTail(700, 2), 1e-12);

    [Fact]
    public void Density_is_the_slope_of_the_cdf() =>
        Close((ChiSquared.Cdf(2.3001, 3.7) - ChiSquared.Cdf(2.2999, 3.7)) / 0.0002, Math.Exp(ChiSquared.LogDensity(2.3, 3.7)), 1e-8);
}
