using Terrace.Families;
using Terrace.Families.Densities;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Tests.Families;

/// <summary>Every density: its values against other formulas, sums and integrals, its derivatives against finite differences.</summary>
public class ResponseDensityTests
{
    private const int Cells = 24;

    public static TheoryData<string, string, bool> Cases => new()
    {
        { "poisson", "log", false }, { "poisson", "sqrt", false }, { "poisson", "log", true },
        { "neg-binomial", "log", false }, { "neg-binomial", "log", true }, { "neg-binomial", "identity", false }, { "neg-binomial", "sqrt", true },
        { "neg-binomial-1", "log", false }, { "neg-binomial-1", "log", true },
        { "hurdle-poisson", "log", false }, { "hurdle-neg-binomial", "log", false },
        { "beta", "logit", false }, { "beta", "probit", false }, { "beta", "cloglog", false },
        { "beta-binomial", "logit", false }, { "beta-binomial", "cloglog", false }, { "beta-binomial", "cauchit", false },
        { "gaussian", "identity", false }, { "gaussian", "log", false }, { "lognormal", "identity", false },
        { "student", "identity", false }, { "student", "log", false },
        { "cumulative", "logit", false }, { "cumulative", "probit", false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Derivatives_agree_with_finite_differences(string family, string link, bool zeroInflated)
    {
        var (density, eta, psi) = Problem(family, link, zeroInflated);
        const double h = 1e-5;
        DensityDerivatives at = Evaluate(density, eta, psi);
        double[] up = [.. eta.Select(x => x + h)], down = [.. eta.Select(x => x - h)];
        DensityDerivatives above = Evaluate(density, up, psi), below = Evaluate(density, down, psi);
        Compare(at.First, above.Value, below.Value, h, "first derivative");
        Compare(at.Second, above.First, below.First, h, "second derivative");
        Compare(at.Third, above.Second, below.Second, h, "third derivative");
        for (int k = 0; k < psi.Length; k++)
        {
            double[][] more = [.. psi.Select((column, l) => l == k ? column.Select(x => x + h).ToArray() : column)], less = [.. psi.Select((column, l) => l == k ? column.Select(x => x - h).ToArray() : column)];
            above = Evaluate(density, eta, more);
            below = Evaluate(density, eta, less);
            Compare(at.Own[k], above.Value, below.Value, h, $"derivative in parameter {k}");
            Compare(at.OwnFirst[k], above.First, below.First, h, $"mixed derivative in parameter {k}");
            Compare(at.OwnSecond[k], above.Second, below.Second, h, $"second mixed derivative in parameter {k}");
        }
    }

    [Theory]
    [InlineData("poisson", "sqrt")]
    [InlineData("neg-binomial", "log")]
    [InlineData("neg-binomial", "identity")]
    public void The_expected_information_is_the_mean_of_the_observed_one(string family, string link)
    {
        double eta = link == "log" ? 0.6 : 1.7, log = 0.3;
        double[] Information(double at, double parameter, double[] y)
        {
            ResponseDensity density = Density(family, link, y, false);
            DensityDerivatives result = Evaluate(density, [.. y.Select(_ => at)], Parameters(density, y.Length, parameter));
            return [.. result.Second.Zip(result.Value, (second, value) => -second * Math.Exp(value))];
        }
        double[] counts = [.. Enumerable.Range(0, 400).Select(y => (double)y)];
        double[] information = new double[1], slope = new double[1];
        double[][] own = [new double[1]];
        ResponseDensity one = Density(family, link, [3], false);
        one.SetParameters(Parameters(one, 1, log));
        one.ExpectedInformation([eta], information, slope, own);
        Assert.Equal(Information(eta, log, counts).Sum(), information[0], 1e-9);
        Assert.Equal((Information(eta + 1e-5, log, counts).Sum() - Information(eta - 1e-5, log, counts).Sum()) / 2e-5, slope[0], 1e-6);
        if (one.Parameters > 0) Assert.Equal((Information(eta, log + 1e-5, counts).Sum() - Information(eta, log - 1e-5, counts).Sum()) / 2e-5, own[0][0], 1e-6);
    }

    [Theory]
    [InlineData("poisson", false)]
    [InlineData("poisson", true)]
    [InlineData("neg-binomial", false)]
    [InlineData("neg-binomial", true)]
    [InlineData("neg-binomial-1", false)]
    [InlineData("neg-binomial-1", true)]
    [InlineData("hurdle-poisson", false)]
    [InlineData("hurdle-neg-binomial", false)]
    public void Probabilities_of_counts_sum_to_one_with_the_stated_mean_and_variance(string family, bool zeroInflated)
    {
        double[] y = [.. Enumerable.Range(0, 3000).Select(count => (double)count)];
        ResponseDensity density = Density(family, "log", y, zeroInflated);
        double[][] psi = Parameters(density, y.Length, 0.4);
        DensityDerivatives at = Evaluate(density, [.. y.Select(_ => 0.9)], psi);
        double[] probability = [.. at.Value.Select(Math.Exp)];
        double mean = probability.Zip(y, (p, count) => p * count).Sum(), square = probability.Zip(y, (p, count) => p * count * count).Sum();
        bool zeroPart = zeroInflated || family.StartsWith("hurdle", StringComparison.Ordinal);
        ResponseMoments moments = ResponseMoments.Of(ResponseFamily.Parse(family), 0.9, [.. psi.Select(column => column[0])], zeroPart, 1);
        Assert.Equal(1, probability.Sum(), 1e-12);
        Assert.Equal(mean, moments.Mean, 1e-10);
        Assert.Equal(square - mean * mean, moments.Variance, 1e-8);
    }

    [Fact]
    public void Beta_binomial_probabilities_sum_to_one_with_the_stated_mean_and_variance()
    {
        double[] y = [.. Enumerable.Range(0, 41).Select(count => (double)count)], trials = [.. y.Select(_ => 40.0)];
        ResponseDensity density = ResponseFamily.Parse("beta-binomial").Density(new OutcomeValues(y, trials, [.. y.Select(_ => 1.0)], []), false);
        double[] probability = [.. Evaluate(density, [.. y.Select(_ => -0.7)], Parameters(density, y.Length, 1.1)).Value.Select(Math.Exp)];
        double mean = probability.Zip(y, (p, count) => p * count / 40).Sum(), square = probability.Zip(y, (p, count) => p * count * count / 1600).Sum();
        ResponseMoments moments = ResponseMoments.Of(ResponseFamily.Parse("beta-binomial"), -0.7, [1.1], false, 40);
        Assert.Equal(1, probability.Sum(), 1e-12);
        Assert.Equal(mean, moments.Mean, 1e-12);
        Assert.Equal(square - mean * mean, moments.Variance, 1e-12);
    }

    [Fact]
    public void Values_are_those_of_the_distributions()
    {
        Assert.Equal(Poisson.LogDensity(4, 2.5), One("poisson", 4, Math.Log(2.5)), 1e-13);
        Assert.Equal(Beta.LogDensity(0.3, 0.25 * 6, 0.75 * 6), One("beta", 0.3, LogisticFunction.Logit(0.25), Math.Log(6)), 1e-12);
        Assert.Equal(Normal.LogDensity(1.2, 0.5, 2), One("gaussian", 1.2, 0.5, Math.Log(2)), 1e-13);
        Assert.Equal(Normal.LogDensity(Math.Log(1.2), 0.5, 2) - Math.Log(1.2), One("lognormal", 1.2, 0.5, Math.Log(2)), 1e-13);
        Assert.Equal(Math.Log(1 / (Math.PI * 2 * (1 + 0.35 * 0.35))), One("student", 1.2, 0.5, Math.Log(2), 0), 1e-13);
        double binomial = GammaFunction.LogGamma(7.5) - GammaFunction.LogGamma(3.5) - GammaFunction.LogGamma(5) + 3.5 * Math.Log(3.5 / 6) + 4 * Math.Log(2.5 / 6);
        Assert.Equal(binomial, One("neg-binomial", 4, Math.Log(2.5), Math.Log(3.5)), 1e-12);
        Assert.Equal(One("neg-binomial", 4, Math.Log(2.5), Math.Log(2.5 / 0.8)), One("neg-binomial-1", 4, Math.Log(2.5), Math.Log(0.8)), 1e-12);
    }

    [Fact]
    public void Probabilities_of_ordered_categories_sum_to_one_far_into_the_tails()
    {
        foreach (string link in (string[])["logit", "probit"])
        {
            foreach (double eta in (double[])[-6, 0.3, 7])
            {
                double[] y = [0, 1, 2, 3];
                ResponseDensity density = Density("cumulative", link, y, false);
                double[][] psi = [.. new[] { -1.0, 0.2, 1.5 }.Select(threshold => y.Select(_ => threshold).ToArray())];
                Assert.Equal(1, Evaluate(density, [.. y.Select(_ => eta)], psi).Value.Sum(Math.Exp), 1e-13);
            }
        }
        ResponseDensity disordered = Density("cumulative", "logit", [0, 1, 2, 3], false);
        Assert.False(disordered.SetParameters([[0, 0, 0, 0], [1, 1, 1, 1], [0.5, 0.5, 0.5, 0.5]]));
    }

    private static double One(string family, double y, double eta, params double[] psi)
    {
        ResponseDensity density = Density(family, null, [y], false);
        return Evaluate(density, [eta], [.. psi.Select(value => new[] { value })]).Value[0];
    }

    private static (ResponseDensity Density, double[] Eta, double[][] Psi) Problem(string family, string link, bool zeroInflated)
    {
        var rng = new Rng(5, 1);
        ResponseFamily parsed = ResponseFamily.Parse(family, link);
        double[] y = [.. Enumerable.Range(0, Cells).Select(i => parsed.Kind switch
        {
            ResponseType.Count => i == 7 ? 60 : i % 6,
            ResponseType.Share => 0.05 + 0.9 * rng.NextDouble(),
            ResponseType.Trials => i % 7,
            ResponseType.Ordered => i % 4,
            ResponseType.Positive => 0.2 + rng.NextDouble(),
            _ => 2 * rng.NextNormal(),
        })];
        ResponseDensity density = Density(family, link, y, zeroInflated);
        double centre = link is "identity" or "sqrt" && parsed.Kind == ResponseType.Count ? 3 : 0.2;
        double[] eta = [.. y.Select(_ => centre + 0.6 * rng.NextNormal())];
        double[][] psi = [.. Enumerable.Range(0, density.Parameters).Select(k => y.Select(_ => parsed.IsOrdered ? k - 1 + 0.3 * rng.NextDouble() : 0.5 * rng.NextNormal() + 0.4).ToArray())];
        return (density, eta, psi);
    }

    private static ResponseDensity Density(string family, string? link, double[] y, bool zeroInflated)
    {
        ResponseFamily parsed = ResponseFamily.Parse(family, link);
        double[]? trials = parsed.Kind == ResponseType.Trials ? [.. y.Select((value, i) => value + i % 5)] : null;
        return parsed.Density(new OutcomeValues(y, trials, [.. y.Select(_ => 1.0)], parsed.IsOrdered ? ["a", "b", "c", "d"] : []), zeroInflated);
    }

    private static double[][] Parameters(ResponseDensity density, int cells, double first) =>
        [.. Enumerable.Range(0, density.Parameters).Select(k => Enumerable.Repeat(first - k, cells).ToArray())];

    private static DensityDerivatives Evaluate(ResponseDensity density, double[] eta, double[][] psi)
    {
        var into = new DensityDerivatives(eta.Length, density.Parameters);
        Assert.True(density.SetParameters(psi));
        density.Evaluate(eta, DensityDetail.Gradient, into);
        return into;
    }

    private static void Compare(double[] exact, double[] above, double[] below, double h, string what)
    {
        for (int i = 0; i < exact.Length; i++)
        {
            double difference = (above[i] - below[i]) / (2 * h);
            Assert.True(Math.Abs(difference - exact[i]) <= 2e-6 * (1 + Math.Abs(exact[i])), $"{what} of cell {i}: {exact[i]:R}, by differences {difference:R}");
        }
    }
}
