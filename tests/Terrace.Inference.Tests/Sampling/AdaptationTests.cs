using Terrace.Inference.Sampling;

namespace Terrace.Inference.Tests.Sampling;

public class AdaptationTests
{
    /// <summary>The boundaries of Stan's windows: 75 | 25 50 100 200 500 | 50 of 1000; short warm-ups in shares.</summary>
    [Theory]
    [InlineData(1000, new[] { 99, 149, 249, 449, 949 })]
    [InlineData(500, new[] { 99, 149, 249, 449 })]
    [InlineData(400, new[] { 99, 149, 349 })]
    [InlineData(150, new[] { 99 })]
    [InlineData(100, new[] { 89 })]
    [InlineData(19, new int[0])]
    [InlineData(0, new int[0])]
    public void The_metric_is_renewed_where_Stan_renews_it(int warmup, int[] ends)
    {
        var schedule = new WindowSchedule(warmup);
        Assert.Equal(ends, Enumerable.Range(0, warmup).Where(schedule.Ends));
    }

    /// <summary>With an acceptance that falls with the step size the averaged step size settles where the acceptance is the target.</summary>
    [Fact]
    public void The_step_size_settles_at_the_target()
    {
        var averaging = new DualAveraging(0.8);
        averaging.Restart(1);
        double step = 1;
        for (int i = 0; i < 5000; i++) step = averaging.Next(Math.Exp(-step));
        Assert.Equal(-Math.Log(0.8), averaging.Averaged, 0.01);
    }

    [Fact]
    public void A_diagonal_metric_is_the_shrunk_variance()
    {
        var metric = new Metric(MetricKind.Diagonal, 2);
        double[] x = [1, 4, 2, 9];
        foreach (double value in x) metric.Learn([value, 3]);
        metric.Renew();
        double variance = x.Sum(v => (v - 4) * (v - 4)) / 3;
        Assert.Equal(4.0 / 9 * variance + 1e-3 * 5 / 9, metric.Inverse[0], 1e-12);
        Assert.Equal(1e-3 * 5 / 9, metric.Inverse[1], 1e-12);
    }
}
