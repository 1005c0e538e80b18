using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

public class VarianceParameterSamplerTests
{
    private const int Count = 2000;

    /// <summary>The posterior of one sd by the trapezoidal rule on the explicit criterion against the draws: five standard errors of a mean of 2,000 draws (false alarm below 1e-6).</summary>
    [Theory]
    [InlineData("lmer_dyestuff_REML")]
    [InlineData("lmer_dyestuff2_singular_REML")]
    [InlineData("lmer_radon_floor")]
    public void The_posterior_of_one_standard_deviation_is_that_of_a_grid(string name)
    {
        var fit = MixedFixture.Fit(name);
        var draws = VarianceParameterSampler.Sample(fit, Count, new Rng(4, 4));
        var posterior = new VariancePosterior(fit.Joint, null, VariancePosterior.Bounds(fit.Joint));
        CompareWithGrid(draws, theta => posterior.LogDensity([theta]), VariancePosterior.Bounds(fit.Joint)[0]);
    }

    [Theory]
    [InlineData("glmer_students")]
    [InlineData("glmer_contraception")]
    [InlineData("glmer_election88_state")]
    public void The_exact_Laplace_marginal_is_what_a_generalised_model_is_drawn_from(string name)
    {
        var fit = MixedFixture.Fit(name);
        var draws = VarianceParameterSampler.Sample(fit, Count, new Rng(4, 5));
        var marginal = fit.Marginal!();
        CompareWithGrid(draws, theta => marginal.LogDensity([theta]), VariancePosterior.Bounds(fit.Joint)[0]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_draws_on_any_number_of_threads()
    {
        var fit = MixedFixture.Fit("glmer_election88_gelmanhill_full");
        var one = VarianceParameterSampler.Sample(fit, 200, new Rng(7, 7), threads: 1);
        var two = VarianceParameterSampler.Sample(fit, 200, new Rng(7, 7), threads: 3);
        for (int i = 0; i < 200; i++)
        {
            Assert.Equal(one.Theta(i).ToArray(), two.Theta(i).ToArray());
            Assert.Equal(one.FixedEffects(i).ToArray(), two.FixedEffects(i).ToArray());
            Assert.Equal(one.RandomEffect(i, fit.Terms[2], 1, 0), two.RandomEffect(i, fit.Terms[2], 1, 0));
        }
    }

    [Fact]
    public void Draws_are_worth_a_fair_share_of_independent_ones_and_reach_the_boundary()
    {
        var fit = MixedFixture.Fit("glmer_election88_gelmanhill_full");
        var draws = VarianceParameterSampler.Sample(fit, 1000, new Rng(8, 8));
        Assert.InRange(draws.EffectiveSampleSize, 250, draws.Proposals);
        var age = fit.Terms.Single(t => t.Group == "age");
        double[] sd = [.. Enumerable.Range(0, 1000).Select(i => draws.StandardDeviation(i, age, 0))];
        Assert.InRange(sd.Count(s => s < 0.05), 50, 500);
        Assert.True(sd.All(s => s >= 0));
        double[] slope = [.. Enumerable.Range(0, 1000).Select(i => draws.FixedEffects(i)[1])];
        AssertClose(0, (slope.Average() - fit.Beta[1]) / fit.StandardErrors()[1], 0.3, "mean of a coefficient's draws in standard errors");
    }

    [Fact]
    public void Vector_valued_terms_and_sigma_are_drawn_too()
    {
        var fit = MixedFixture.Fit("lmer_sleepstudy_slope_REML");
        var draws = VarianceParameterSampler.Sample(fit, 1000, new Rng(5, 5));
        var named = draws.ToDraws();
        Assert.InRange(draws.EffectiveSampleSize, 300, draws.Proposals);
        AssertClose(25.6, Median(named.Column("sigma").ToArray()), 0.04, "sigma");
        AssertClose(26, Median(named.Column("sd[Subject,(Intercept)]").ToArray()), 0.1, "sd of the intercepts");
        AssertClose(6.3, Median(named.Column("sd[Subject,Days]").ToArray()), 0.1, "sd of the slopes");
        Assert.True(named.Column("cor[Subject,(Intercept),Days]").ToArray().All(c => c is >= -1 and <= 1));
        AssertClose(fit.Terms[0].Modes[0, 1], Median(named.Column("r[Subject,308,Days]").ToArray()), 0.1, "an effect");
    }

    [Fact]
    public void Two_groups_are_bounded_and_warned_of()
    {
        var rng = new Rng(6, 6);
        var design = RandomMixedDesign.Create(rng, 60, [("g", 2, 1)], 1);
        var term = design.RandomTerms[0];
        for (int i = 0; i < 60; i++) term.Z[i, 0] = 1;
        double[] y = [.. Enumerable.Range(0, 60).Select(i => term.Codes[i] * 2 + rng.NextNormal())];
        var fit = LinearMixedModel.Fit(new Terrace.Design.ModelRows
        {
            Design = design,
            RowToCell = [.. Enumerable.Range(0, 60)],
            SourceRows = [.. Enumerable.Range(0, 60)],
            OmittedRows = 0,
            Response = new Terrace.Design.ResponseValues { Name = "y", Kind = Terrace.Design.ResponseKind.Numeric, Values = y },
        });
        var draws = VarianceParameterSampler.Sample(fit, 500, new Rng(6, 7));
        double bound = VariancePosterior.Bounds(fit.Joint)[0];
        Assert.Contains(draws.Warnings, w => w.Code == "group-not-estimable");
        Assert.All(Enumerable.Range(0, 500), i => Assert.InRange(draws.Theta(i)[0], 0, bound));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void The_folded_proposal_has_quantiles_and_density_that_fit_together(int degrees)
    {
        var t = new FoldedStudentT(0.3, 0.5, 0.9, degrees, Folded: false);
        for (double p = 0.02; p < 1; p += 0.03)
        {
            double step = 1e-5, slope = (t.Quantile(p + step) - t.Quantile(p - step)) / (2 * step);
            AssertClose(1, t.Density(t.Quantile(p)) * slope, 1e-4, $"p {p}");
        }
        var folded = t with { Folded = true };
        AssertClose(t.Density(0.4) + t.Density(-0.4), folded.Density(0.4), 1e-12, "folded density");
        Assert.True(folded.Quantile(0.05) >= 0);
    }

    private static void CompareWithGrid(MixedModelDraws draws, Func<double, double> logDensity, double bound)
    {
        double[] sample = [.. Enumerable.Range(0, Count).Select(i => draws.Theta(i)[0])];
        double top = Math.Min(bound, 3 * sample.Order().ElementAt((int)(0.99 * Count)));
        const int points = 4000;
        double[] x = [.. Enumerable.Range(0, points).Select(i => (i + 0.5) * top / points)], log = [.. x.Select(logDensity)];
        double largest = log.Max(), total = log.Sum(l => Math.Exp(l - largest));
        foreach (double p in (double[])[0.1, 0.25, 0.5, 0.75, 0.9])
        {
            double quantile = sample.Order().ElementAt((int)(p * Count));
            double below = x.Zip(log, (a, l) => a <= quantile ? Math.Exp(l - largest) : 0).Sum() / total;
            AssertClose(p, below, 5 * Math.Sqrt(p * (1 - p) / Math.Min(Count, draws.EffectiveSampleSize)), $"probability below the draws' {p} quantile");
        }
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
