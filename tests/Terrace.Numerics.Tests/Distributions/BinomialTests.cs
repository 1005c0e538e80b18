using Terrace.Numerics.Distributions;
using static Terrace.Numerics.Tests.Closeness;

namespace Terrace.Numerics.Tests.Distributions;

/// <summary>Expected values by 40-digit arithmetic; quantiles as R 4.2.2 prints them.</summary>
public class BinomialTests
{
    [Theory]
    [InlineData(3, 10, 0.25, 0.775875091552734375)]
    [InlineData(2, 100, 0.3, 3.08258813312177138e-13)]
    [InlineData(400, 900, 0.5, 4.78222068459473037e-4)]
    public void Lower_tail_is_accurate(double k, double n, double p, double expected) => Close(expected, Binomial.Cdf(k, n, p), 1e-12);

    [Theory]
    [InlineData(3, 10, 0.25, 0.224124908447265625)]
    [InlineData(80, 100, 0.3, 7.4211294928259247e-26)]
    [InlineData(550, 900, 0.5, 8.61648367809244506e-12)]
    public void Upper_tail_is_accurate(double k, double n, double p, double expected) => Close(expected, Binomial.UpperTail(k, n, p), 1e-12);

    [Theory]
    [InlineData(3, 10, 0.25, -1.38516584774009235)]
    [InlineData(0, 7, 0.01, -0.0703523509745100898)]
    [InlineData(7, 7, 0.99, -0.0703523509745101511)]
    [InlineData(5000, 10000, 0.5, -4.83098653863277713)]
    [InlineData(500000, 1000000, 0.4999, -7.15354688202686009)]
    [InlineData(1, 1000000, 1e-06, -0.999999499999833333)]
    [InlineData(17, 20, 1e-300, -11736.1451907282444)]
    public void Log_density_is_accurate(double k, double n, double p, double expected) => Close(expected, Binomial.LogDensity(k, n, p), 1e-12);

    [Fact]
    public void Off_the_support_the_log_density_is_minus_infinity() => Assert.Equal(double.NegativeInfinity, Binomial.LogDensity(-1, 5, 0.5));

    [Fact]
    public void On_the_logit_scale_keeps_probabilities_near_one() => Close(-3 * Math.Exp(-50), Binomial.LogDensityLogit(3, 3, 50), 1e-12);
}
