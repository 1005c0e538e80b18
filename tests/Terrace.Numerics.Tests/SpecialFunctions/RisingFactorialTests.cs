using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Numerics.Tests.SpecialFunctions;

public class RisingFactorialTests
{
    /// <summary>The sum and the difference of gamma functions meet at 24 factors.</summary>
    [Theory]
    [InlineData(0.01, 24)]
    [InlineData(0.7, 25)]
    [InlineData(3.3, 40)]
    [InlineData(250, 100)]
    [InlineData(1e7, 60)]
    public void Logarithm_and_derivatives_are_sums_over_the_factors(double a, int n)
    {
        double log = 0, first = 0, second = 0, third = 0;
        for (int j = 0; j < n; j++)
        {
            log += Math.Log(a + j);
            first += 1 / (a + j);
            second -= 1 / Math.Pow(a + j, 2);
            third += 2 / Math.Pow(a + j, 3);
        }
        Close(log, RisingFactorial.Log(a, n), 1e-13);
        Close(first, RisingFactorial.First(a, n), Math.Max(1e-12, 1e-15 * a));
        var two = RisingFactorial.Two(a, n);
        var three = RisingFactorial.Three(a, n);
        Close(first, two.First, Math.Max(1e-12, 1e-15 * a));
        Close(second, two.Second, Math.Max(1e-12, 1e-15 * a));
        Close(second, three.Second, Math.Max(1e-12, 1e-15 * a));
        Close(third, three.Third, Math.Max(1e-12, 1e-15 * a));
    }

    [Fact]
    public void No_factor_gives_one() => Assert.Equal((0, 0, 0), (RisingFactorial.Log(2.5, 0), RisingFactorial.First(2.5, 0), RisingFactorial.Three(2.5, 0).Third));

    /// <summary>Central differences of the trigamma function.</summary>
    [Theory]
    [InlineData(0.3)]
    [InlineData(2.7)]
    [InlineData(14.8)]
    [InlineData(90)]
    public void Tetragamma_is_the_derivative_of_trigamma(double x)
    {
        double h = 1e-4 * x;
        double slope = (8 * (GammaFunction.Trigamma(x + h) - GammaFunction.Trigamma(x - h)) - (GammaFunction.Trigamma(x + 2 * h) - GammaFunction.Trigamma(x - 2 * h))) / (12 * h);
        Close(slope, GammaFunction.Tetragamma(x), 1e-10);
    }

    /// <summary>−2 ζ(3), and the recurrence from it.</summary>
    [Theory]
    [InlineData(1, -2.4041138063191885708)]
    [InlineData(2, -0.4041138063191885708)]
    [InlineData(3, -0.1541138063191885708)]
    public void Tetragamma_is_accurate(double x, double expected) => Close(expected, GammaFunction.Tetragamma(x), 2e-14);

    private static void Close(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Abs(expected), $"expected {expected:R}, got {actual:R}");
}
