using Terrace.Numerics.Distributions;
using static Terrace.Numerics.Tests.Closeness;

namespace Terrace.Numerics.Tests.Distributions;

/// <summary>Expected values by 40-digit arithmetic; quantiles as R 4.2.2 prints them.</summary>
public class StudentTTests
{
    [Theory]
    [InlineData(0.1, 3, 0.463326174400402912)]
    [InlineData(1.5, 1, 0.187167041810998816)]
    [InlineData(2.5, 10.5, 0.0152131363205442816)]
    [InlineData(12, 30, 2.79009270759962803e-13)]
    [InlineData(25, 17.3, 2.52981281964330246e-15)]
    [InlineData(9.4, 10000.0, 3.32691593752507562e-21)]
    [InlineData(38, 500, 7.65436802325785366e-150)]
    [InlineData(1000000.0, 2, 4.9999999999925e-13)]
    [InlineData(1e-05, 7, 0.499996150085491751)]
    [InlineData(5, 100000.0, 2.87135083932083643e-7)]
    [InlineData(0.7, 0.3, 0.372811544383248987)]
    public void Upper_tail_is_accurate(double t, double df, double expected) => Close(expected, StudentT.UpperTail(t, df), 1e-12);

    [Theory]
    [InlineData(0.5, 3, -1.16097426497058256)]
    [InlineData(20, 7.5, -17.9315112309281518)]
    [InlineData(1.5, 1000000.0, -2.04393864258030555)]
    [InlineData(3, 0.7, -3.45649428665430791)]
    public void Log_density_is_accurate(double t, double df, double expected) => Close(expected, StudentT.LogDensity(t, df), 1e-12);

    [Theory]
    [InlineData(0.975, 5, 2.5705818356363137)]
    [InlineData(0.6, 2.5, 0.28145951274854752)]
    [InlineData(1e-12, 40, -9.9878850048688488)]
    [InlineData(0.3, 1, -0.72654252800536101)]
    [InlineData(0.999, 1e5, 3.0903138094272373)]
    public void Quantile_agrees_with_R(double p, double df, double expected) => Close(expected, StudentT.Quantile(p, df), 1e-12);

    [Fact]
    public void Is_the_normal_for_infinite_degrees_of_freedom() => Assert.Equal(Normal.Quantile(0.975), StudentT.Quantile(0.975, double.PositiveInfinity));
}
