using FsCheck;
using FsCheck.Fluent;
using Terrace.Inference.Posterior;

namespace Terrace.Inference.Tests.Posterior;

public class SampleMomentsTests
{
    [Fact]
    public void Keeps_the_variance_of_small_deviations_from_a_large_mean()
    {
        double[] sample = [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16];
        Assert.Equal(1e9 + 10, SampleMoments.Mean(sample));
        Assert.Equal(Math.Sqrt(30), SampleMoments.StandardDeviation(sample), 1e-12);
    }

    [Fact]
    public void A_sum_keeps_what_plain_addition_loses()
    {
        var sum = new CompensatedSum();
        foreach (double x in (double[])[1, 1e100, 1, -1e100]) sum.Add(x);
        Assert.Equal(2, sum.Value);
    }

    [Fact]
    public void A_sum_stays_infinite()
    {
        var sum = new CompensatedSum();
        sum.Add(double.PositiveInfinity);
        sum.Add(1);
        Assert.Equal(double.PositiveInfinity, sum.Value);
    }

    [Fact]
    public void Equals_exact_arithmetic_on_integers()
    {
        Prop.ForAll((int[] values) =>
        {
            if (values.Length < 2) return true;
            double[] sample = [.. values.Select(v => (double)v)];
            decimal mean = values.Select(v => (decimal)v).Sum() / values.Length;
            decimal squares = values.Select(v => (v - mean) * (v - mean)).Sum();
            double sd = Math.Sqrt((double)(squares / (values.Length - 1)));
            return Math.Abs(SampleMoments.Mean(sample) - (double)mean) <= 1e-14 * (1 + Math.Abs((double)mean))
                && Math.Abs(SampleMoments.StandardDeviation(sample) - sd) <= 1e-14 * (1 + sd);
        }).Check(Config.QuickThrowOnFailure.WithReplay(20260101, 1).WithMaxTest(300));
    }

    [Fact]
    public void Is_not_a_number_of_too_small_a_sample()
    {
        Assert.Equal(double.NaN, SampleMoments.Mean([]));
        Assert.Equal(double.NaN, SampleMoments.StandardDeviation([1]));
    }
}
