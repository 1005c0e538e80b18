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
    [InlineData("I(Days + 1e5)", "reml")]
    [InlineData("I(Days + 1e6)", "reml")]
    [InlineData("I(Days + 1e6)", "ml")]
    public void The_original_response_gives_the_original_estimates_wherever_the_origin_of_a_slope_lies(string covariate, string engine)
    {
        var options = new LinearMixedModelOptions { Reml = engine == "reml" };
        MixedModelFit Fit(string days) => LinearMixedModel.Fit(ModelFrame.Learn(Formula.Parse($"Reaction ~ {days} + ({days} | Subject)"), Fixtures.Data("sleepstudy")).Encode(Fixtures.Data("sleepstudy")), options);
        MixedModelFit far = Fit(covariate), near = Fit("Days");
        var refitted = new MixedModelRefit(far).Fit(far.Response);
        double[] values = refitted.ParameterValues();
        Assert.True(refitted.Converged);
        Assert.False(refitted.Singular);
        Assert.Equal(near.Deviance, -2 * far.LogLikelihood, 1e-6);
        Assert.Equal(far.RemlCriterion ?? far.Deviance, refitted.Criterion, 1e-7);
        Assert.Equal(1, values[2] / near.Terms[0].StandardDeviation(1), 1e-4);
        Assert.Equal(1, refitted.Sigma / near.Sigma, 1e-4);
        Assert.Equal(near.Beta[1], refitted.Beta[1], 1e-6);
        for (int level = 0; level < 18; level++) Assert.Equal(near.Terms[0].Modes[level, 1], refitted.RandomEffect(0, level, 1), 1e-2);
        // Another response: the search ends where a complete fit does.
        double[] simulated = Simulate.Responses(far, 1, seed: 11)[0];
        MixedModelFit complete = new MixedModelRefit(far).FitCompletely(simulated);
        Assert.Equal(complete.RemlCriterion ?? complete.Deviance, new MixedModelRefit(far).Fit(simulated).Criterion, 1e-5);
    }

    [Fact]
    public void A_count_model_is_refitted_wherever_the_origin_of_its_slope_lies()
    {
        var fit = GeneralizedLinearMixedModel.Fit(ModelFrame.Learn(Formula.Parse("SiblingNegotiation ~ I(ArrivalTime + 1e5) + (I(ArrivalTime + 1e5) | Nest)"), Fixtures.Data("Owls")).Encode(Fixtures.Data("Owls")), Family.Poisson());
        var refitted = new MixedModelRefit(fit).Fit(fit.Response);
        Assert.True(refitted.Converged);
        Assert.Equal(-2 * -2538.74109055, refitted.Criterion, 2e-4);
        Assert.Equal(1, refitted.ParameterValues()[2] / fit.Terms[0].StandardDeviation(1), 1e-3);
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
