using Terrace.Numerics.Distributions;
using static Terrace.Numerics.Tests.Closeness;

namespace Terrace.Numerics.Tests.Distributions;

/// <summary>Expected values by 40-digit arithmetic; quantiles as R 4.2.2 prints them.</summary>
public class BetaTests
{
    [Theory]
    [InlineData(0.99, 2, 3, 3.97000000000001055e-6)]
    [InlineData(0.3, 0.5, 0.5, 0.630989880434454625)]
    [InlineData(0.9, 30, 2.5, 0.73745167912921226)]
    [InlineData(0.4, 400, 900, 2.38819630105908029e-12)]
    public void Upper_tail_is_accurate(double x, double a, double b, double expected) => Close(expected, Beta.UpperTail(x, a, b), 1e-12);

    [Theory]
    [InlineData(0.01, 2, 3, 5.92030000000000024e-4)]
    [InlineData(0.3, 0.5, 0.5, 0.369010119565545375)]
    [InlineData(0.9, 30, 2.5, 0.26254832087078774)]
    [InlineData(0.2, 400, 900, 2.23086766463243139e-20)]
    [InlineData(1e-10, 1.5, 7, 1.46630859322212899e-14)]
    public void Lower_tail_is_accurate(double x, double a, double b, double expected) => Close(expected, Beta.Cdf(x, a, b), 1e-12);

    [Theory]
    [InlineData(0.25, 0.5, 0.5, -0.307741669063564401)]
    [InlineData(0.3, 30, 70, 2.16083562145511852)]
    [InlineData(0.5, 100000.0, 100000.0, 5.87724372012035944)]
    public void Log_density_is_accurate(double x, double a, double b, double expected) => Close(expected, Beta.LogDensity(x, a, b), 1e-12);

    [Theory]
    [InlineData(0.3, 0.5, 0.5, 0.20610737385376351)]
    [InlineData(0.9, 20, 3, 0.94882587011292308)]
    [InlineData(1e-10, 3, 4, 0.00017101953023986434)]
    [InlineData(0.5, 1000, 3000, 0.24995832999084497)]
    public void Quantile_agrees_with_R(double p, double a, double b, double expected) => Close(expected, Beta.Quantile(p, a, b), 1e-12);
}
