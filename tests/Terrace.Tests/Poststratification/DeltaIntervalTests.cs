using Terrace.Poststratification;

namespace Terrace.Tests.Poststratification;

public class DeltaIntervalTests
{
    private const double Z = 1.959963984540054;
    private static readonly MeanRange Proportion = new(0, 1);
    private static readonly MeanRange Positive = new(0, double.PositiveInfinity);
    private static readonly MeanRange Any = new(double.NegativeInfinity, double.PositiveInfinity);

    [Fact]
    public void Is_symmetric_on_the_scale_of_the_outcome_where_that_has_room()
    {
        IntervalEstimate interval = DeltaInterval.Of(0.4313122, 0.01875, Z, Proportion);
        Assert.Equal(0.3946, interval.Lower, 5e-5);
        Assert.Equal(0.4681, interval.Upper, 5e-5);
    }

    [Theory]
    [InlineData(0.02, 0.015)]
    [InlineData(0.98, 0.015)]
    [InlineData(0.5, 0.4)]
    [InlineData(0.0297, 0.015)] // inside, but within a tenth of an sd of 0
    public void Moves_to_the_logit_scale_near_an_end(double estimate, double sd)
    {
        IntervalEstimate interval = DeltaInterval.Of(estimate, sd, Z, Proportion);
        double half = Z * sd / (estimate * (1 - estimate));
        Assert.InRange(interval.Lower, double.Epsilon, estimate);
        Assert.InRange(interval.Upper, estimate, 1 - 1e-12);
        Assert.Equal(Math.Log(estimate / (1 - estimate)) + half, Math.Log(interval.Upper / (1 - interval.Upper)), 1e-9);
        Assert.Equal(Math.Log(estimate / (1 - estimate)) - half, Math.Log(interval.Lower / (1 - interval.Lower)), 1e-9);
        Assert.Equal(sd, interval.Sd);
    }

    [Fact]
    public void Moves_to_the_log_scale_near_zero()
    {
        IntervalEstimate interval = DeltaInterval.Of(1, 0.8, 2, Positive);
        Assert.Equal(Math.Exp(-1.6), interval.Lower, 1e-14);
        Assert.Equal(Math.Exp(1.6), interval.Upper, 1e-14);
    }

    [Fact]
    public void Stays_symmetric_without_ends() => Assert.Equal(-1, DeltaInterval.Of(1, 1, 2, Any).Lower);

    [Fact]
    public void An_estimate_at_an_end_keeps_the_bounds_in_the_range()
    {
        IntervalEstimate interval = DeltaInterval.Of(1, 0.1, 2, Proportion);
        Assert.Equal((0.8, 1.0), (interval.Lower, interval.Upper));
    }
}
