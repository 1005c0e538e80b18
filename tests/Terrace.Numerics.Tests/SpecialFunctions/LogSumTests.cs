using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Numerics.Tests.SpecialFunctions;

public class LogSumTests
{
    [Fact]
    public void Sums_exponentials_that_overflow() => Assert.Equal(1000 + Math.Log(3), LogSum.LogSumExp([1000, 1000, 1000]), 1e-12);

    [Fact]
    public void Of_nothing_is_minus_infinity() => Assert.Equal(double.NegativeInfinity, LogSum.LogSumExp([]));

    [Fact]
    public void Passes_on_what_is_not_a_number() => Assert.True(double.IsNaN(LogSum.LogSumExp([1, double.NaN, 2])));

    [Fact]
    public void Adds_two_as_the_sum_does()
    {
        Assert.Equal(LogSum.LogSumExp([-3, 2.5]), LogSum.LogAddExp(-3, 2.5), 1e-15);
        Assert.Equal(double.NegativeInfinity, LogSum.LogAddExp(double.NegativeInfinity, double.NegativeInfinity));
    }
}
