using Terrace.Numerics.Distributions;
using static Terrace.Numerics.Tests.Closeness;

namespace Terrace.Numerics.Tests.Distributions;

/// <summary>Expected values by 40-digit arithmetic; quantiles as R 4.2.2 prints them.</summary>
public class PoissonTests
{
    [Theory]
    [InlineData(3, 2.5, 0.757576133133065964)]
    [InlineData(10, 60, 1.74423565464223363e-15)]
    public void Lower_tail_is_accurate(double k, double mean, double expected) => Close(expected, Poisson.Cdf(k, mean), 1e-12);

    [Theory]
    [InlineData(3, 2.5, 0.242423866866934036)]
    [InlineData(60, 10, 1.06582832765801145e-27)]
    public void Upper_tail_is_accurate(double k, double mean, double expected) => Close(expected, Poisson.UpperTail(k, mean), 1e-12);

    [Theory]
    [InlineData(0, 2.5, -2.5)]
    [InlineData(3, 2.5, -1.54288727360558981)]
    [InlineData(1000000, 1000100, -7.83169356221180779)]
    [InlineData(2, 1e-12, -55.9551894124180418)]
    [InlineData(170, 50, -91.5291513230025171)]
    public void Log_density_is_accurate(double k, double mean, double expected) => Close(expected, Poisson.LogDensity(k, mean), 1e-12);
}
