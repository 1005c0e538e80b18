using Terrace.Inference.Posterior;

namespace Terrace.Inference.Tests.Posterior;

public class SampleQuantileTests
{
    // R: quantile(c(3, -1, 7, 2, 11), c(0, .025, .1, .5, .9, .975, 1), type = 7)
    [Fact]
    public void Interpolates_as_R_does_by_default()
    {
        double[] expected = [-1, -0.7, 0.2, 3, 9.4, 10.6, 11];
        double[] actual = SampleQuantile.Of([3, -1, 7, 2, 11], [0, .025, .1, .5, .9, .975, 1]);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-14);
    }

    [Fact]
    public void Does_not_make_NaN_of_infinite_values() =>
        Assert.Equal(double.NegativeInfinity, SampleQuantile.Of([double.NegativeInfinity, double.NegativeInfinity, 1], 0.25));

    [Fact]
    public void Is_not_a_number_where_the_sample_has_one_or_is_empty()
    {
        Assert.Equal(double.NaN, SampleQuantile.Of([1, double.NaN, 2], 0.5));
        Assert.Equal(double.NaN, SampleQuantile.Of([], 0.5));
    }

    [Fact]
    public void Refuses_what_is_no_probability()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleQuantile.Of([1], 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleQuantile.Of([1], double.NaN));
    }

    [Fact]
    public void Summarises_draws_with_an_equal_tailed_interval()
    {
        double[] draws = [.. Enumerable.Range(0, 101).Select(i => (double)i)];
        DrawSummary summary = DrawSummary.Of(draws, 0.9);
        Assert.Equal(50, summary.Mean);
        Assert.Equal(5, summary.Lower, 1e-12);
        Assert.Equal(95, summary.Upper, 1e-12);
        Assert.Equal(Math.Sqrt(101 * 102 / 12.0), summary.Sd, 1e-12);
    }
}
