using Terrace.Numerics.Distributions;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Numerics.Tests.RandomNumbers;

/// <summary>
/// Kolmogorov's distance of 20,000 draws from the distribution function; the limit 2.23 / sqrt n has a false-alarm rate of 1e-4 a test
/// (less for discrete distributions). The seeds are fixed.
/// </summary>
public class VariateTests
{
    private const int N = 20_000;

    [Fact]
    public void Uniforms_are_uniform() => Check(r => r.NextDouble(), x => x);

    [Fact]
    public void Normals_are_normal() => Check(r => r.NextNormal(), x => Normal.Cdf(x));

    [Fact]
    public void Exponentials_are_exponential() => Check(r => r.NextExponential(), x => 1 - Math.Exp(-x));

    [Theory]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(30)]
    public void Gammas_have_their_shape(double shape) => Check(r => r.NextGamma(shape), x => Gamma.Cdf(x, shape));

    [Theory]
    [InlineData(1.5)]
    [InlineData(12)]
    public void Students_have_their_degrees_of_freedom(double df) => Check(r => r.NextStudentT(df), x => StudentT.Cdf(x, df));

    [Theory]
    [InlineData(0.5)]
    [InlineData(9.9)]
    [InlineData(10)]
    [InlineData(400)]
    public void Poissons_have_their_mean(double mean) => Check(r => r.NextPoisson(mean), x => Poisson.Cdf(x, mean));

    [Theory]
    [InlineData(1, 0.3)]
    [InlineData(1000, 0.004)]
    [InlineData(40, 0.5)]
    [InlineData(500, 0.9)]
    [InlineData(100000, 0.2)]
    public void Binomials_have_their_size_and_probability(int n, double p) => Check(r => r.NextBinomial(n, p), x => Binomial.Cdf(x, n, p));

    [Fact]
    public void Whole_numbers_below_six_are_equally_frequent() => Check(r => r.NextInt(6), x => (x + 1) / 6);

    [Fact]
    public void Impossible_parameters_are_refused()
    {
        var rng = new Rng(1, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => rng.NextGamma(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => rng.NextBinomial(3, 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => rng.NextPoisson(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => rng.NextInt(0));
    }

    /// <summary>The largest distance over the points just at each distinct draw, which serves discrete distributions too.</summary>
    private static void Check(Func<Rng, double> draw, Func<double, double> cdf)
    {
        var rng = new Rng(20, 4);
        double[] draws = [.. Enumerable.Range(0, N).Select(_ => draw(rng)).Order()];
        double distance = 0;
        for (int i = 0; i < N; i++)
        {
            if (i + 1 < N && draws[i + 1] == draws[i]) continue;
            distance = Math.Max(distance, Math.Abs((i + 1.0) / N - cdf(draws[i])));
        }

        Assert.InRange(distance, 0, 2.23 / Math.Sqrt(N));
    }
}
