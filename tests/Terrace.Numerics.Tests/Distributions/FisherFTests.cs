using Terrace.Numerics.Distributions;
using static Terrace.Numerics.Tests.Closeness;

namespace Terrace.Numerics.Tests.Distributions;

/// <summary>Expected values by 40-digit arithmetic; quantiles as R 4.2.2 prints them.</summary>
public class FisherFTests
{
    [Theory]
    [InlineData(0.5, 3, 8, 0.692624866943846346)]
    [InlineData(4.2, 1, 12.5, 0.0620155208463667745)]
    [InlineData(60, 2, 40, 9.09494701772928238e-13)]
    [InlineData(1.01, 100, 2000, 0.455234856609986918)]
    [InlineData(300, 5, 90, 1.64039521595757119e-54)]
    [InlineData(0.0001, 2, 2, 0.9999000099990001)]
    public void Upper_tail_is_accurate(double f, double a, double b, double expected) => Close(expected, FisherF.UpperTail(f, a, b), 1e-12);

    [Theory]
    [InlineData(0.5, 3, 8, 0.307375133056153654)]
    [InlineData(0.0001, 2, 2, 9.99900009999000148e-5)]
    [InlineData(0.05, 30, 40, 2.26530466059625518e-13)]
    public void Lower_tail_is_accurate(double f, double a, double b, double expected) => Close(expected, FisherF.Cdf(f, a, b), 1e-12);

    [Theory]
    [InlineData(0.5, 3, 8, -0.476157146868281217)]
    [InlineData(2, 1, 1000, -2.26576245611084332)]
    [InlineData(1, 50, 60, 0.382835781698632678)]
    public void Log_density_is_accurate(double f, double a, double b, double expected) => Close(expected, FisherF.LogDensity(f, a, b), 1e-12);

    [Theory]
    [InlineData(0.95, 3, 20, 3.0983912121407795)]
    [InlineData(0.01, 2, 7, 0.010064779568319526)]
    [InlineData(0.5, 10, 3, 1.1833191150045006)]
    public void Quantile_agrees_with_R(double p, double a, double b, double expected) => Close(expected, FisherF.Quantile(p, a, b), 1e-12);

    [Fact]
    public void Inverts_its_own_tail_near_one() => Close(1e-9, FisherF.UpperTail(FisherF.Quantile(1 - 1e-9, 1, 30), 1, 30), 1e-7);
}
