using Terrace.Numerics.Distributions;
using static Terrace.Numerics.Tests.Closeness;

namespace Terrace.Numerics.Tests.Distributions;

/// <summary>Expected values by 40-digit arithmetic; quantiles as R 4.2.2 prints them.</summary>
public class GammaTests
{
    [Theory]
    [InlineData(0.5, 0.3, 0.186188195325607335)]
    [InlineData(3, 2.5, 0.306218918413278401)]
    [InlineData(80, 4, 1.59935702499662902e-30)]
    [InlineData(120, 100, 0.0278637398905206615)]
    [InlineData(10000.0, 9800.0, 0.0222111317050965299)]
    [InlineData(700, 1, 9.85967654375977086e-305)]
    public void Upper_tail_is_accurate(double x, double shape, double expected) => Close(expected, Gamma.UpperTail(x, shape), 1e-12);

    [Theory]
    [InlineData(0.5, 0.3, 0.813811804674392665)]
    [InlineData(1e-05, 2.5, 9.51526065311276556e-14)]
    [InlineData(60, 100, 1.48152763264604679e-6)]
    [InlineData(9500.0, 9800.0, 1.11198412156017503e-3)]
    public void Lower_tail_is_accurate(double x, double shape, double expected) => Close(expected, Gamma.Cdf(2 * x, shape, 0.5), 1e-12);

    [Theory]
    [InlineData(0.5, 0.3, 2, -1.40265081425813025)]
    [InlineData(3, 2.5, 1, -1.63676443747075462)]
    [InlineData(1000000.0, 1000000.0, 1, -7.82669389552014313)]
    public void Log_density_is_accurate(double x, double shape, double rate, double expected) => Close(expected, Gamma.LogDensity(x, shape, rate), 1e-12);

    [Theory]
    [InlineData(0.3, 0.05, 1, 2.037897188732651e-11)]
    [InlineData(0.9, 20, 2, 12.95126430332938)]
    [InlineData(1e-10, 3, 1, 0.00084361056248472748)]
    public void Quantile_agrees_with_R(double p, double shape, double rate, double expected) => Close(expected, Gamma.Quantile(p, shape, rate), 2e-12);
}
