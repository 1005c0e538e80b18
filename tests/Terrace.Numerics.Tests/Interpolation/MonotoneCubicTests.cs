using Terrace.Numerics.Interpolation;

namespace Terrace.Numerics.Tests.Interpolation;

public class MonotoneCubicTests
{
    [Fact]
    public void The_curve_goes_through_its_points_and_keeps_their_direction()
    {
        double[] x = [-2, -1.5, 0, 0.1, 3, 7], y = [-3, -2.9, -2, 1, 1.5, 20];
        var curve = new MonotoneCubic(x, y);
        for (int i = 0; i < x.Length; i++) Assert.Equal(y[i], curve.At(x[i]).Value, 1e-12);
        double last = double.NegativeInfinity;
        for (double at = -3; at < 8; at += 0.001)
        {
            double value = curve.At(at).Value;
            Assert.True(value >= last);
            last = value;
        }
    }

    [Fact]
    public void The_slope_is_the_derivative()
    {
        var curve = new MonotoneCubic([0, 1, 2.5, 4], [0, 2, 3, 3.1]);
        for (double at = -0.45; at < 4.5; at += 0.0737)
            Assert.Equal((curve.At(at + 1e-6).Value - curve.At(at - 1e-6).Value) / 2e-6, curve.At(at).Slope, 1e-6);
    }

    [Fact]
    public void A_smooth_function_is_followed_closely()
    {
        double[] x = [.. Enumerable.Range(0, 21).Select(i => 0.1 * i)];
        var curve = new MonotoneCubic(x, [.. x.Select(Math.Exp)]);
        for (double at = 0; at <= 2; at += 0.013) Assert.Equal(Math.Exp(at), curve.At(at).Value, 5e-4 * Math.Exp(at));
    }

    [Fact]
    public void Two_points_make_a_line_and_bad_ones_are_refused()
    {
        Assert.Equal((3.0, 2.0), new MonotoneCubic([0, 1], [1, 3]).At(1));
        Assert.Throws<ArgumentException>(() => new MonotoneCubic([0], [1]));
        Assert.Throws<ArgumentException>(() => new MonotoneCubic([0, 0], [1, 2]));
        Assert.Throws<ArgumentException>(() => new MonotoneCubic([0, 1], [1]));
    }
}
