using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MixedModels;

public class RefitTests
{
    [Theory]
    [InlineData("lmer_sleepstudy_slope_REML")]
    [InlineData("lmer_sleepstudy_weights")]
    [InlineData("lmer_penicillin_crossed")]
    [InlineData("lmer_radon_slope_interaction")]
    [InlineData("lmer_pastes_explicit_ML")]
    [InlineData("glmer_cbpp_laplace")]
    [InlineData("glmer_cbpp_proportion_weights")]
    [InlineData("glmer_contraception_slope")]
    [InlineData("glmer_owls_poisson_offset")]
    [InlineData("glmer_theoph_gamma_log")]
    public void A_refit_from_the_old_optimum_ends_where_a_complete_fit_of_the_response_does(string name)
    {
        var fit = MixedFixture.Fit(name);
        var refit = new MixedModelRefit(fit);
        foreach (double[] response in Simulate.Responses(fit, 3, seed: 7))
        {
            var quick = refit.Fit(response);
            var complete = refit.FitCompletely(response);
            Assert.True(quick.Converged);
            double criterion = complete.RemlCriterion ?? complete.Deviance;
            Assert.True(Math.Abs(quick.Criterion - criterion) < 2e-9 * Math.Abs(criterion) + 1e-7, $"{name}: {quick.Criterion:R} and {criterion:R}");
            double[] errors = complete.StandardErrors();
            for (int j = 0; j < errors.Length; j++) Assert.Equal(complete.Beta[j] / errors[j], quick.Beta[j] / errors[j], 2e-3);
            Assert.Equal(complete.Sigma, quick.Sigma, 1e-3 * complete.Sigma);
            Assert.Equal(complete.Singular, quick.Singular);
        }
    }

    [Fact]
    public void The_original_response_gives_the_original_estimates()
    {
        var fit = MixedFixture.Fit("lmer_sleepstudy_slope_REML");
        var refitted = new MixedModelRefit(fit).Fit(fit.Response);
        Assert.Equal(fit.RemlCriterion!.Value, refitted.Criterion, 1e-8);
        for (int k = 0; k < fit.Theta.Length; k++) Assert.Equal(fit.Theta[k], refitted.Theta[k], 1e-4);
        Assert.Equal(fit.Terms[0].Modes[3, 1], refitted.RandomEffect(0, 3, 1), 1e-2);
        double[] values = refitted.ParameterValues();
        Assert.Equal(fit.Terms[0].Correlation(0, 1), values[1], 1e-3);
        Assert.Equal(fit.Terms[0].StandardDeviation(1), values[2], 1e-3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Refits_use_the_engine_of_the_fit(int points)
    {
        var model = ModelFrame.Learn(Formula.Parse("response ~ 1 + (1|class)"), Fixtures.Data("students"));
        var options = new GeneralizedLinearMixedModelOptions { QuadraturePoints = points };
        var fit = GeneralizedLinearMixedModel.Fit(model.Encode(Fixtures.Data("students")), Family.Binomial(), options);
        double[] response = Simulate.Responses(fit, 1, seed: 3)[0];
        var refit = new MixedModelRefit(fit);
        Assert.Equal(refit.FitCompletely(response).Deviance, refit.Fit(response).Criterion, 1e-6);
    }

    [Fact]
    public void Parameters_bear_lme4_s_names_in_lme4_s_order()
    {
        var parameters = new MixedModelRefit(MixedFixture.Fit("lmer_sleepstudy_slope_REML")).Parameters;
        Assert.Equal([".sig01", ".sig02", ".sig03", ".sigma", "(Intercept)", "Days"], parameters.Select(p => p.Name));
        Assert.Equal(["sd_(Intercept)|Subject", "cor_Days.(Intercept)|Subject", "sd_Days|Subject", "sigma", "(Intercept)", "Days"], parameters.Select(p => p.LongName));
    }

    [Theory]
    [InlineData("lmer_dyestuff_REML", double.NaN, "must be finite")]
    [InlineData("glmer_cbpp_laplace", 0.3141, "trials cannot give")]
    [InlineData("glmer_owls_poisson_offset", 1.5, "whole numbers")]
    public void A_response_that_the_family_does_not_have_is_refused(string name, double value, string words)
    {
        var fit = MixedFixture.Fit(name);
        double[] response = [.. fit.Response];
        response[4] = value;
        var fault = Assert.Throws<ModelException>(() => new MixedModelRefit(fit).Fit(response));
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.Contains("row 5", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_response_of_another_length_is_refused() =>
        Assert.Throws<ModelException>(() => new MixedModelRefit(MixedFixture.Fit("lmer_dyestuff_REML")).Fit(new double[3]));
}
