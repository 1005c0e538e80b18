using Terrace.DistributionalModels;
using Terrace.Families;
using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Tests.DistributionalModels;

public class DistributionalSimulationTests
{
    private const int Draws = 20_000;

    /// <summary>Mean and variance of 20,000 draws against the formulas, |z| below 5: a false alarm of 1e-5 over all cases and both moments; fixed seed.</summary>
    [Theory]
    [InlineData("poisson", 0.7, new double[0], false)]
    [InlineData("poisson", 1.4, new double[] { -0.5 }, true)]
    [InlineData("neg-binomial", 1.2, new double[] { 0.3 }, false)]
    [InlineData("neg-binomial", 1.2, new double[] { 0.3, -1 }, true)]
    [InlineData("neg-binomial-1", 1.2, new double[] { -0.2 }, false)]
    [InlineData("hurdle-poisson", -1.5, new double[] { 0.4 }, true)]
    [InlineData("hurdle-poisson", 1.5, new double[] { 0.4 }, true)]
    [InlineData("hurdle-neg-binomial", -0.6, new double[] { 0.5, 0.2 }, true)]
    [InlineData("hurdle-neg-binomial", 1.6, new double[] { 1.5, 0.2 }, true)]
    [InlineData("beta", 0.4, new double[] { 1.5 }, false)]
    [InlineData("beta-binomial", -0.4, new double[] { 1.2 }, false)]
    [InlineData("gaussian", 3, new double[] { -0.4 }, false)]
    [InlineData("lognormal", 0.5, new double[] { -0.7 }, false)]
    [InlineData("student", 2, new double[] { 0.2, 2.3 }, false)]
    public void Draws_have_the_moments_of_the_family(string name, double eta, double[] psi, bool zeroPart)
    {
        const double trials = 7;
        ResponseFamily family = ResponseFamily.Parse(name);
        var rng = new Rng(17, 3);
        double scale = name == "beta-binomial" ? trials : 1;
        double[] values = [.. Enumerable.Range(0, Draws).Select(_ => OutcomeSimulation.Draw(family, eta, psi, zeroPart, trials, rng) / scale)];
        ResponseMoments moments = ResponseMoments.Of(family, eta, psi, zeroPart, trials);
        double mean = values.Average(), variance = values.Average(v => (v - moments.Mean) * (v - moments.Mean)), fourth = values.Average(v => Math.Pow(v - moments.Mean, 4));
        Assert.True(Math.Abs(mean - moments.Mean) < 5 * Math.Sqrt(moments.Variance / Draws), $"{name}: mean {mean}, expected {moments.Mean}");
        Assert.True(Math.Abs(variance - moments.Variance) < 5 * Math.Sqrt((fourth - variance * variance) / Draws), $"{name}: variance {variance}, expected {moments.Variance}");
    }

    /// <summary>The frequencies of small counts against their probabilities, |z| below 5.</summary>
    [Theory]
    [InlineData("hurdle-neg-binomial", -0.6, 0.5, 0.2)]
    [InlineData("hurdle-neg-binomial", 1.6, 1.5, -0.3)]
    public void Truncated_counts_have_their_probabilities(string name, double eta, double logShape, double logit)
    {
        ResponseFamily family = ResponseFamily.Parse(name);
        var rng = new Rng(18, 1);
        double mean = Math.Exp(eta), shape = Math.Exp(logShape), zero = Math.Pow(1 + mean / shape, -shape), pi = LogisticFunction.Logistic(logit);
        double[] values = [.. Enumerable.Range(0, Draws).Select(_ => OutcomeSimulation.Draw(family, eta, [logShape, logit], true, 1, rng))];
        double probability = zero;
        for (int k = 0; k < 5; k++)
        {
            double expected = k == 0 ? pi : (1 - pi) * probability / (1 - zero), share = values.Count(v => v == k) / (double)Draws;
            Assert.True(Math.Abs(share - expected) < 5 * Math.Sqrt(expected * (1 - expected) / Draws), $"{k}: {share}, expected {expected}");
            probability *= (k + shape) / (k + 1) * mean / (mean + shape);
        }
    }

    [Theory]
    [InlineData("logit")]
    [InlineData("probit")]
    public void Ordered_categories_have_their_probabilities(string link)
    {
        ResponseFamily family = ResponseFamily.Parse("cumulative", link);
        var rng = new Rng(19, 1);
        double[] thresholds = [-0.8, 0.3, 1.1], values = [.. Enumerable.Range(0, Draws).Select(_ => OutcomeSimulation.Draw(family, 0.4, thresholds, false, 1, rng))];
        double below = 0;
        for (int k = 0; k <= thresholds.Length; k++)
        {
            double upTo = k == thresholds.Length ? 1 : family.Link.Mean(thresholds[k] - 0.4), expected = upTo - below, share = values.Count(v => v == k) / (double)Draws;
            Assert.True(Math.Abs(share - expected) < 5 * Math.Sqrt(expected * (1 - expected) / Draws), $"{k}: {share}, expected {expected}");
            below = upTo;
        }
    }

    /// <summary>With new group effects the responses of one group vary together; with kept ones they do not. The variance of a group's mean by the law of total variance, 400 draws: a false alarm of 1e-4.</summary>
    [Fact]
    public void New_group_effects_move_a_group_together()
    {
        DistributionalModelFit fit = DistributionalFixture.Fit("glmmtmb_owls_nbinom2");
        double Between(bool keep)
        {
            IReadOnlyList<double[]> draws = DistributionalSimulation.Responses(fit, 400, 3, keep);
            double[] means = [.. draws.Select(draw => Math.Log(draw.Average()))];
            double centre = means.Average();
            return means.Average(m => (m - centre) * (m - centre));
        }
        Assert.True(Between(false) > 1.5 * Between(true));
        Assert.Equal(DistributionalSimulation.Responses(fit, 2, 7)[1], DistributionalSimulation.Responses(fit, 2, 7)[1]);
    }

    [Fact]
    public void Weighted_rows_are_refused()
    {
        var data = TestData.Fixtures.Data("Salamanders");
        var rows = Terrace.Design.ComponentFrames.Learn(Terrace.Formulas.Formula.Parse("count ~ mined"), null, null, data).Encode(data);
        rows = rows with { Conditional = rows.Conditional with { Weights = [.. Enumerable.Repeat(2.0, rows.Conditional.Rows)] } };
        DistributionalModelFit fit = DistributionalModel.Fit(rows, ResponseFamily.Parse("neg-binomial"));
        Assert.Contains("weights", Assert.Throws<ModelException>(() => DistributionalSimulation.Responses(fit, 1)).Message, StringComparison.Ordinal);
    }
}
