using Terrace.Numerics.Quadrature;

namespace Terrace.Numerics.Tests.Quadrature;

public class GaussHermiteTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(25)]
    [InlineData(100)]
    public void Is_exact_for_the_moments_of_the_normal_distribution(int count)
    {
        var rule = new GaussHermite(count);
        double moment = 1; // (2m − 1)!! is the moment of order 2m.
        for (int m = 0; m < Math.Min(count, 12); m++)
        {
            Assert.Equal(1, Mean(rule, x => Math.Pow(x, 2 * m)) / moment, 11);
            Assert.Equal(0, Mean(rule, x => Math.Pow(x, 2 * m + 1)) / moment, 11);
            moment *= 2 * m + 1;
        }
    }

    [Fact]
    public void Nodes_ascend_and_mirror_each_other()
    {
        IReadOnlyList<double> nodes = new GaussHermite(30).Nodes;
        Assert.Equal(nodes.Order(), nodes);
        for (int i = 0; i < 30; i++) Assert.Equal(-nodes[i], nodes[29 - i], 13);
    }

    [Fact]
    public void Converges_for_a_smooth_function() => Assert.Equal(Math.Exp(0.5), Mean(new GaussHermite(25), Math.Exp), 13);

    private static double Mean(GaussHermite rule, Func<double, double> f) => rule.Nodes.Zip(rule.Weights, (x, w) => w * f(x)).Sum();
}
