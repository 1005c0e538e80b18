using Terrace.Numerics.Distributions;
using static Terrace.Numerics.Tests.Closeness;

namespace Terrace.Numerics.Tests.Distributions;

/// <summary>Expected values by 40-digit arithmetic; quantiles as R 4.2.2 prints them.</summary>
public class InverseGaussianTests
{
    [Theory]
    [InlineData(0.5, 1, 1, 0.364975548172959891)]
    [InlineData(0.05, 1, 0.2, 2.0007759568040626e-21)]
    [InlineData(0.1, 5, 2, 0.0279913417800539596)]
    public void Lower_tail_is_accurate(double x, double mean, double dispersion, double expected) => Close(expected, InverseGaussian.Cdf(x, mean, dispersion), 1e-11);

    [Theory]
    [InlineData(0.5, 1, 1, 0.635024451827040109)]
    [InlineData(3, 1, 0.2, 2.24911784704820976e-3)]
    [InlineData(30, 2, 0.5, 1.69624279268332225e-5)]
    [InlineData(0.1, 5, 2, 0.97200865821994604)]
    public void Upper_tail_is_accurate(double x, double mean, double dispersion, double expected) => Close(expected, InverseGaussian.UpperTail(x, mean, dispersion), 1e-11);

    [Fact]
    public void Log_density_is_the_formula() => Close(Math.Log(Math.Exp(-1 / (2 * 0.2 * 4 * 3.0)) / Math.Sqrt(2 * Math.PI * 0.2 * 27)), InverseGaussian.LogDensity(3, 2, 0.2), 1e-13);
}
