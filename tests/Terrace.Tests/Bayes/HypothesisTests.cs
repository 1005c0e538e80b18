using Terrace.Bayes;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Numerics.RandomNumbers;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Bayes;

public class HypothesisTests
{
    private static readonly VariableLayout Layout = new([new Variable("b", ["(Intercept)", "x", "x:z"]), new Variable("sd", ["g,(Intercept)"]), new Variable("sigma")]);
    private static readonly Draws Small = new(Layout, 1, 4, [1, 2, 3, 4, -1, -2, 1, -3, 5, 6, 7, 8, 0.1, 0.2, 0.3, 0.4, 1, 1, 2, 2]);

    [Theory]
    [InlineData("x < 0", new double[] { -1, -2, 1, -3 }, 3)]
    [InlineData("x > 0", new double[] { -1, -2, 1, -3 }, 1 / 3.0)]
    [InlineData("Intercept - 2 * x > 0", new double[] { 3, 6, 1, 10 }, double.PositiveInfinity)]
    [InlineData("b[x] + x:z > sigma * 3", new double[] { 1, 1, 2, -1 }, 3)]
    [InlineData("sd[g,(Intercept)] / sigma > 0.15", new double[] { -0.05, 0.05, 0, 0.05 }, 1)]
    [InlineData("exp(`b[x:z]` - 5) > 0", new double[] { 1, Math.E, Math.E * Math.E, Math.E * Math.E * Math.E }, double.PositiveInfinity)]
    public void One_sided_hypotheses_are_judged_by_the_share_of_draws(string text, double[] values, double ratio)
    {
        Hypothesis hypothesis = Hypothesis.Of(text, Small);
        Assert.Equal(values.Average(), hypothesis.Estimate, 10);
        Assert.Equal(SampleMoments.StandardDeviation(values), hypothesis.Error, 10);
        Assert.Equal(SampleQuantile.Of(values, 0.05), hypothesis.Lower, 10);
        Assert.Equal(ratio, hypothesis.EvidenceRatio, 10);
        Assert.Equal(double.IsInfinity(ratio) ? 1 : ratio / (1 + ratio), hypothesis.PosteriorProbability, 10);
    }

    /// <summary>Prior N(0, 1), posterior N(0.4, 0.5): the ratio of the densities at 0 is known; with 40,000 draws kernels are within 5 %.</summary>
    [Fact]
    public void Equality_is_judged_by_the_ratio_of_densities()
    {
        var rng = new Rng(3, 1);
        var layout = new VariableLayout([new Variable("x")]);
        Draws posterior = new(layout, 1, 40_000, [.. Enumerable.Range(0, 40_000).Select(_ => 0.4 + 0.5 * rng.NextNormal())]), prior = new(layout, 1, 40_000, [.. Enumerable.Range(0, 40_000).Select(_ => rng.NextNormal())]);
        double expected = Math.Exp(-0.5 * 0.8 * 0.8) / 0.5;
        Assert.Equal(1, Hypothesis.Of("x = 0", posterior, prior).EvidenceRatio / expected, 0.05);
        Assert.True(double.IsNaN(Hypothesis.Of("x = 0", posterior).EvidenceRatio));
        Assert.False(Hypothesis.Of("x = 0", posterior, prior).IsNotable);
        Assert.True(Hypothesis.Of("x == 2", posterior, prior).IsNotable);
    }

    [Fact]
    public void A_fit_samples_its_prior_where_that_is_proper()
    {
        ModelOutline outline = ModelOutline.Of(ModelFrame.Learn(Formula.Parse("log_radon ~ floor"), Fixtures.Data("radon")).Encode(Fixtures.Data("radon")), Family.Gaussian());
        var sampling = new NutsOptions { Chains = 2, Warmup = 200, Iterations = 500 };
        Hypothesis proper = BayesianFit.Sample(outline, new BayesianSettings { Sampling = sampling }).Hypotheses(["floor = 0"])[0], flat = BayesianFit.Sample(outline, new BayesianSettings { Preset = PriorPreset.Brms, Sampling = sampling }).Hypotheses(["floor = 0"])[0];
        Assert.True(proper.EvidenceRatio < 1e-3, $"{proper.EvidenceRatio}");
        Assert.True(double.IsNaN(flat.EvidenceRatio));
        Assert.True(flat.IsNotable);
    }

    [Theory]
    [InlineData("x", "has none")]
    [InlineData("x < 0 < 1", "it has 2")]
    [InlineData("sgima > 0", "Did you mean 'sigma'?")]
    [InlineData("1 > 0", "names no variable")]
    [InlineData("log(x) > 0", "no finite value")]
    [InlineData("x + < 0", "should stand")]
    public void Faults_are_named(string text, string part) =>
        Assert.Contains(part, Assert.ThrowsAny<TerraceException>(() => Hypothesis.Of(text, Small)).Message, StringComparison.Ordinal);
}
