using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Tests.TestData;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

public class QuadratureFixtureTests
{
    [Theory]
    [InlineData("glmer_contraception_AGQ9", 9)]
    [InlineData("glmer_students_AGQ9", 9)]
    public void Fits_to_single_trials_agree_with_lme4(string name, int points)
    {
        var fit = Fit(name, points);
        Assert.True(fit.Converged);
        Assert.Equal($"agq:{points}", fit.Engine);
        AssertClose(Polished(name), fit.LogLikelihood, 1e-8, "log likelihood");
        new MixedFixtureCheck(fit, Fixtures.Reference(name), MixedTolerance.Generalised).All();
    }

    /// <summary>lme4 leaves the likelihood of the saturated model out of a quadrature fit's: Σ log [C(n, s) (s/n)^s (1 − s/n)^(n − s)] over the rows.</summary>
    [Theory]
    [InlineData("glmer_cbpp_AGQ9", 9)]
    [InlineData("glmer_cbpp_AGQ25", 25)]
    public void Fits_to_counts_agree_with_lme4_but_for_its_missing_constant(string name, int points)
    {
        var fit = Fit(name, points);
        Assert.True(fit.Converged);
        double saturated = 0;
        for (int i = 0; i < fit.Rows; i++)
        {
            double n = fit.Weights[i], s = Math.Round(n * fit.Response[i]);
            for (int k = 1; k <= s; k++) saturated += Math.Log((n - s + k) / k);
            saturated += (s > 0 ? s * Math.Log(s / n) : 0) + (s < n ? (n - s) * Math.Log(1 - s / n) : 0);
        }
        AssertClose(Polished(name) + saturated, fit.LogLikelihood, 1e-7, "log likelihood");
        new MixedFixtureCheck(fit, Fixtures.Reference(name), MixedTolerance.Generalised) { MissingConstant = saturated }.All();
    }

    [Fact]
    public void One_point_is_the_Laplace_fit()
    {
        var laplace = MixedFixture.Fit("glmer_cbpp_laplace");
        var one = Fit("glmer_cbpp_laplace", 1);
        Assert.Equal("laplace", one.Engine);
        Assert.Equal(laplace.LogLikelihood, one.LogLikelihood);
        Assert.Equal(laplace.Theta, one.Theta);
        Assert.Equal(laplace.Beta, one.Beta);
    }

    [Fact]
    public void Estimates_and_likelihood_converge_as_points_are_added()
    {
        var last = Fit("glmer_cbpp_AGQ25", 50);
        double before = double.PositiveInfinity;
        foreach (int points in (int[])[1, 5, 9, 15])
        {
            var fit = Fit("glmer_cbpp_AGQ25", points);
            double error = Math.Abs(fit.LogLikelihood - last.LogLikelihood) + Math.Abs(fit.Theta[0] - last.Theta[0]);
            Assert.True(error < 0.5 * before, $"{points} points: {error}, before {before}");
            before = error;
        }
        AssertClose(last.LogLikelihood, Fit("glmer_cbpp_AGQ25", 25).LogLikelihood, 1e-8, "log likelihood");
        AssertClose(last.Theta[0], Fit("glmer_cbpp_AGQ25", 25).Theta[0], 1e-6, "theta");
    }

    [Theory]
    [InlineData("glmer_contraception_AGQ9", 9)]
    [InlineData("glmer_students_AGQ9", 9)]
    [InlineData("glmer_students_nAGQ0", 0)]
    public void Rows_and_cells_give_the_same_fit(string name, int points)
    {
        MixedModelFit cells = Fit(name, points), rows = Fit(name, points, collapse: false);
        Assert.True(cells.Cells < rows.Cells);
        AssertClose(rows.LogLikelihood, cells.LogLikelihood, 1e-10, "log likelihood");
        AssertClose(rows.Theta[0], cells.Theta[0], 1e-6, "theta");
        for (int j = 0; j < rows.Beta.Length; j++)
        {
            AssertClose(rows.Beta[j], cells.Beta[j], 1e-6, rows.FixedNames[j]);
            AssertClose(rows.StandardErrors()[j], cells.StandardErrors()[j], 1e-5, "standard error");
        }
    }

    /// <summary>The information sets where the nodes are, not what they add up to.</summary>
    [Fact]
    public void With_many_points_the_kind_of_information_no_longer_matters()
    {
        MixedModelFit observed = Fit("glmer_contraception_probit", 15), expected = Fit("glmer_contraception_probit", 15, Information.Expected);
        AssertClose(observed.LogLikelihood, expected.LogLikelihood, 1e-9, "log likelihood");
        AssertClose(observed.Theta[0], expected.Theta[0], 1e-5, "theta");
    }

    /// <summary>lme4's default tolerance of the mode leaves about 1e-4 in all of them.</summary>
    [Fact]
    public void The_joint_mode_agrees_with_lme4()
    {
        var reference = Fixtures.Reference("glmer_students_nAGQ0");
        var fit = Fit("glmer_students_nAGQ0", 0);
        Assert.True(fit.Converged);
        Assert.Equal("agq:0", fit.Engine);
        AssertClose(reference.GetProperty("logLik").GetDouble(), fit.LogLikelihood, 1e-6, "log likelihood");
        AssertClose(reference.GetProperty("theta").GetProperty("class.(Intercept)").GetDouble(), fit.Theta[0], 1e-4, "theta");
        AssertClose(reference.GetProperty("fixef").GetProperty("(Intercept)").GetDouble(), fit.Beta[0], 1e-4, "intercept");
        AssertClose(reference.GetProperty("se").GetProperty("(Intercept)").GetDouble(), fit.StandardErrors()[0], 1e-3, "standard error");
    }

    /// <summary>lme4 with nAGQ = 0, tolPwrss = 1e-13 (VerbAgg 1e-12) and rhoend = 1e-11 (1e-10): log likelihood, intercept, its standard error, θ.</summary>
    [Theory]
    [InlineData("glmer_students", new[] { -645.369177296888, -0.157300836137, 0.328644382212, 0.713430309730 })]
    [InlineData("glmer_cbpp_laplace", new[] { -92.054295472818, -1.360471755300, 0.227574622228, 0.641815069925 })]
    [InlineData("glmer_verbagg_crossed", new[] { -4075.79167059, 0.208273322944, 0.405425609740, 1.33956434499, 0.496833042077 })]
    public void The_joint_mode_agrees_with_lme4_at_a_fine_tolerance(string name, double[] expected)
    {
        var fit = Fit(name, 0);
        Assert.True(fit.Converged);
        double[] own = [fit.LogLikelihood, fit.Beta[0], fit.StandardErrors()[0], .. fit.Theta];
        for (int k = 0; k < expected.Length; k++) AssertClose(expected[k], own[k], k == 0 ? 1e-9 : 2e-6, $"value {k}");
    }

    /// <summary>lme4 has no quadrature for a vector of effects; QuadratureDevianceTests compares with brute force at given parameters, this with more points at the maximum.</summary>
    [Theory]
    [InlineData("glmer_contraception_slope", 9)]
    public void A_vector_of_effects_is_integrated_too(string name, int points)
    {
        MixedModelFit laplace = Fit(name, 1), fit = Fit(name, points), finer = Fit(name, points + 6);
        Assert.True(fit.Converged);
        Assert.Equal($"agq:{points}", fit.Engine);
        Assert.InRange(Math.Abs(laplace.LogLikelihood - fit.LogLikelihood), 0.01, 2);
        AssertClose(finer.LogLikelihood, fit.LogLikelihood, 1e-7, "log likelihood");
        for (int k = 0; k < fit.Theta.Length; k++) AssertClose(finer.Theta[k], fit.Theta[k], 2e-4, $"theta {k}");
        for (int j = 0; j < fit.Beta.Length; j++) AssertClose(0, (finer.Beta[j] - fit.Beta[j]) / fit.StandardErrors()[j], 1e-3, fit.FixedNames[j]);
    }

    [Fact]
    public void More_than_one_grouping_factor_is_refused() => Assert.StartsWith("agq:9 needs one grouping factor, as (1 | g) or (1 + x | g); this model has id and item.",
        Assert.Throws<ModelException>(() => Fit("glmer_verbagg_crossed", 9)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_family_with_a_dispersion_is_refused() =>
        Assert.Contains("gamma family has one", Assert.Throws<ModelException>(() => Fit("glmer_theoph_gamma_log", 5)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public void The_number_of_points_has_a_range(int points) =>
        Assert.Contains("from 0 to 100", Assert.Throws<ModelException>(() => Fit("glmer_students", points)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("glmer_students_AGQ9", 9)]
    [InlineData("glmer_students_nAGQ0", 0)]
    public void The_summary_has_lme4s_header(string name, int points) => Assert.StartsWith(
        $"""
        Generalized linear mixed model fit by maximum likelihood (Adaptive
          Gauss-Hermite Quadrature, nAGQ = {points}) [glmerMod]
         Family: binomial  ( logit )
        Formula: response ~ 1 + (1 | class)
        """.ReplaceLineEndings("\n"), SummaryText.Of(Fit(name, points), "response ~ 1 + (1 | class)", "d"), StringComparison.Ordinal);

    private static double Polished(string name) => Fixtures.Reference(name).GetProperty("polished").GetProperty("logLik").GetDouble();

    private static MixedModelFit Fit(string name, int points, Information information = Information.Observed, bool collapse = true) => GeneralizedLinearMixedModel.Fit(
        MixedFixture.Rows(name, collapse), MixedFixture.FamilyOf(Fixtures.Reference(name)), new GeneralizedLinearMixedModelOptions { QuadraturePoints = points, Information = information });
}
