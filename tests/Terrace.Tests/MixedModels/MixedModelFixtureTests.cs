using Terrace.Families;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MixedModels;

public class MixedModelFixtureTests
{
    [Theory]
    [InlineData("lmer_dyestuff2_singular_ML")]
    [InlineData("lmer_dyestuff2_singular_REML")]
    [InlineData("lmer_dyestuff_ML")]
    [InlineData("lmer_dyestuff_REML")]
    [InlineData("lmer_nes2000")]
    [InlineData("lmer_nes_year_slope_state")]
    [InlineData("lmer_owls_contr_sum")]
    [InlineData("lmer_owls_interaction")]
    [InlineData("lmer_pastes_explicit_ML")]
    [InlineData("lmer_pastes_nested")]
    [InlineData("lmer_penicillin_crossed")]
    [InlineData("lmer_radon_floor")]
    [InlineData("lmer_radon_floor_uranium")]
    [InlineData("lmer_radon_no_predictors")]
    [InlineData("lmer_radon_slope_interaction")]
    [InlineData("lmer_radon_uncorrelated_ML")]
    [InlineData("lmer_radon_varying_slope")]
    [InlineData("lmer_sleepstudy_intercept_ML")]
    [InlineData("lmer_sleepstudy_intercept_REML")]
    [InlineData("lmer_sleepstudy_offset")]
    [InlineData("lmer_sleepstudy_poly2")]
    [InlineData("lmer_sleepstudy_slope_ML")]
    [InlineData("lmer_sleepstudy_slope_REML")]
    [InlineData("lmer_sleepstudy_slope_only")]
    [InlineData("lmer_sleepstudy_uncorrelated_REML")]
    [InlineData("lmer_sleepstudy_weights")]
    [InlineData("lmer_theoph_logical_factor")]
    public void Linear_mixed_models_agree_with_lme4(string name)
    {
        var fit = MixedFixture.Fit(name);
        Assert.True(fit.Converged);
        new MixedFixtureCheck(fit, Fixtures.Reference(name), MixedTolerance.Linear).All();
    }

    [Theory]
    [InlineData("glmer_cbpp_laplace")]
    [InlineData("glmer_cbpp_observation_level")]
    [InlineData("glmer_cbpp_proportion_weights")]
    [InlineData("glmer_contraception")]
    [InlineData("glmer_contraception_slope")]
    [InlineData("glmer_election88_gelmanhill_full")]
    [InlineData("glmer_election88_mrp")]
    [InlineData("glmer_election88_state")]
    [InlineData("glmer_grouseticks")]
    [InlineData("glmer_owls_poisson_offset")]
    [InlineData("glmer_students")]
    [InlineData("glmer_verbagg_crossed")]
    public void Generalised_linear_mixed_models_agree_with_lme4(string name)
    {
        var fit = MixedFixture.Fit(name);
        Assert.True(fit.Converged);
        new MixedFixtureCheck(fit, Fixtures.Reference(name), MixedTolerance.Generalised).All();
    }

    [Fact]
    public void A_probit_model_agrees_with_lme4_under_the_expected_information() =>
        new MixedFixtureCheck(MixedFixture.Fit("glmer_contraception_probit", Information.Expected), Fixtures.Reference("glmer_contraception_probit"), MixedTolerance.Generalised).All();

    [Fact]
    public void A_probit_model_agrees_with_glmmTMB_under_the_observed_information() =>
        DenseAlgebra.AssertClose(-1249.8413, MixedFixture.Fit("glmer_contraception_probit").LogLikelihood, 1e-7, "log likelihood");

    [Theory]
    [InlineData("lmer_insteval_ML")]
    public void The_large_crossed_model_agrees_with_lme4(string name) =>
        new MixedFixtureCheck(MixedFixture.Fit(name), Fixtures.Reference(name), MixedTolerance.LinearDefault).All();

    [Fact]
    public void A_gamma_model_agrees_with_lme4_in_coefficients_and_fitted_values()
    {
        var reference = Fixtures.Reference("glmer_theoph_gamma_log");
        var fit = MixedFixture.Fit("glmer_theoph_gamma_log", Information.Expected);
        for (int j = 0; j < fit.Beta.Length; j++)
            DenseAlgebra.AssertClose(reference.GetProperty("polished").GetProperty("fixef").GetProperty(fit.FixedNames[j]).GetDouble(), fit.Beta[j], 1e-3, fit.FixedNames[j]);
        int i = 0;
        foreach (var value in reference.GetProperty("fitted_first20").EnumerateArray())
            DenseAlgebra.AssertClose(value.GetDouble(), fit.Fitted[fit.RowToCell[i]], 1e-3, $"fitted value {i++}");
        DenseAlgebra.AssertClose(reference.GetProperty("sigma").GetDouble(), fit.Sigma, 1e-3, "sigma");
    }

    [Theory]
    [InlineData("lmer_sleepstudy_offset")]
    [InlineData("lmer_radon_floor_uranium")]
    [InlineData("glmer_owls_poisson_offset")]
    [InlineData("glmer_contraception_slope")]
    public void Without_random_effects_the_linear_predictor_is_lme4s(string name)
    {
        var fit = MixedFixture.Fit(name);
        var rows = MixedFixture.Rows(name);
        int i = 0;
        foreach (var value in Fixtures.Reference(name).GetProperty("predict_no_re_first20").EnumerateArray())
        {
            int cell = rows.RowToCell[i++];
            double eta = rows.Design.Offset[cell] + Enumerable.Range(0, fit.Beta.Length).Sum(j => rows.Design.X[cell, j] * fit.Beta[j]);
            DenseAlgebra.AssertClose(value.GetDouble(), eta, 2e-3, $"row {i}");
        }
    }

    /// <summary>lme4's search ends on the boundary (−1066.1176); started elsewhere lme4 itself finds the interior optimum.</summary>
    [Fact]
    public void A_local_optimum_on_the_boundary_is_not_taken_for_the_fit()
    {
        var fit = MixedFixture.Fit("lmer_radon_slope_interaction");
        Assert.False(fit.Singular);
        DenseAlgebra.AssertClose(-1063.2896877, fit.LogLikelihood, 1e-9, "log likelihood");
        DenseAlgebra.AssertClose(0.1659925, fit.Theta[0], 1e-5, "theta");
    }

    /// <summary>glmmTMB's value; lme4 without a polished fit has −4075.70025.</summary>
    [Fact]
    public void The_crossed_logit_model_agrees_with_glmmTMB() => DenseAlgebra.AssertClose(-4075.69986, MixedFixture.Fit("glmer_verbagg_crossed").LogLikelihood, 1e-8, "log likelihood");

    [Theory]
    [InlineData("lmer_dyestuff2_singular_REML", "the standard deviation of (Intercept) by Batch is 0")]
    [InlineData("glmer_election88_gelmanhill_full", "the standard deviation of (Intercept) by age is 0")]
    public void Singular_fits_are_named(string name, string component)
    {
        var fit = MixedFixture.Fit(name);
        Assert.True(fit.Singular);
        Assert.Contains(component, fit.SingularComponents);
        Assert.Contains(fit.Warnings, w => w.Code == "singular-fit" && w.Message.Contains(component, StringComparison.Ordinal));
    }
}
