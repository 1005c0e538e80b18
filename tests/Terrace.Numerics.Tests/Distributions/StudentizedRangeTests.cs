using Terrace.Numerics.Distributions;
using static Terrace.Numerics.Tests.Closeness;

namespace Terrace.Numerics.Tests.Distributions;

/// <summary>Properties and published values; R's ptukey and qtukey on a grid are in Terrace.Tests (TukeyReferenceTests).</summary>
public class StudentizedRangeTests
{
    /// <summary>Of two means the studentised range is √2 |t|, which the general double integral must give as well.</summary>
    [Theory]
    [InlineData(0.8, 3)]
    [InlineData(3.5, 7.5)]
    [InlineData(9, 40)]
    [InlineData(5, double.PositiveInfinity)]
    public void The_range_of_two_means_is_that_of_t(double q, double df)
    {
        Close(StudentT.TwoSided(q / Math.Sqrt(2), df), StudentizedRange.UpperTail(q, 2, df), 1e-12);
        Close(StudentT.TwoSided(q / Math.Sqrt(2), df), StudentizedRange.UpperTail(q, 2 + 1e-12, df), 1e-9);
    }

    /// <summary>The upper 5 and 1 % points of the tables of Harter (1960), Tables of range and studentized range, to their four digits.</summary>
    [Theory]
    [InlineData(0.95, 3, 10, 3.877)]
    [InlineData(0.95, 6, 20, 4.445)]
    [InlineData(0.99, 4, 5, 7.804)]
    [InlineData(0.95, 10, double.PositiveInfinity, 4.474)]
    [InlineData(0.95, 20, 120, 5.126)]
    public void Quantiles_are_those_of_the_tables(double p, double k, double df, double expected) => Assert.Equal(expected, StudentizedRange.Quantile(p, k, df), 5e-4);

    /// <summary>By adaptive double quadrature with 30 digits (mpmath), where R's ptukey has 0.9092 only.</summary>
    [Fact]
    public void The_double_integral_is_exact_to_rounding() => Close(0.909208201889179389, StudentizedRange.UpperTail(2.5, 30, 2), 1e-13);

    [Theory]
    [InlineData(3, 4)]
    [InlineData(7, 2.2)]
    [InlineData(40, 1e4)]
    [InlineData(5, double.PositiveInfinity)]
    public void The_quantile_inverts_the_distribution(double k, double df)
    {
        foreach (double p in new[] { 1e-4, 0.2, 0.5, 0.95, 0.9999 }) Close(1 - p, StudentizedRange.UpperTail(StudentizedRange.Quantile(p, k, df), k, df), 1e-9);
    }

    /// <summary>P(range of k normals &gt; w) is to leading order k (k − 1) times a normal tail at w/√2: the tail stays accurate where 1 − cdf is lost.</summary>
    [Fact]
    public void Far_tails_keep_their_digits()
    {
        double q = 14, union = 4 * 3 * Normal.UpperTail(q / Math.Sqrt(2));
        Close(union, StudentizedRange.UpperTail(q, 4, double.PositiveInfinity), 1e-6);
    }

    [Fact]
    public void Large_degrees_of_freedom_approach_the_range_of_normals() =>
        Close(StudentizedRange.UpperTail(4, 6, double.PositiveInfinity), StudentizedRange.UpperTail(4, 6, 1e9), 1e-7);

    [Fact]
    public void Arguments_outside_give_no_number()
    {
        Assert.True(double.IsNaN(StudentizedRange.UpperTail(3, 1, 5)) && double.IsNaN(StudentizedRange.UpperTail(3, 3, 0)) && double.IsNaN(StudentizedRange.UpperTail(double.NaN, 3, 5)));
        Assert.True(double.IsNaN(StudentizedRange.Quantile(1.2, 3, 5)) && double.IsNaN(StudentizedRange.Quantile(0.9, 1.5, 5)));
        Assert.Equal((1, 0, 0, double.PositiveInfinity), (StudentizedRange.UpperTail(-1, 3, 5), StudentizedRange.UpperTail(double.PositiveInfinity, 3, 5), StudentizedRange.Quantile(0, 3, 5), StudentizedRange.Quantile(1, 3, 5)));
    }
}
