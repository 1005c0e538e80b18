using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Tests.TestData;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

/// <summary>
/// Every way to write a group-level term, against lme4 1.1-31 on 240 simulated rows (forms.csv): log likelihood, fixed effects, standard deviations term by term, σ. lme4 was run with
/// <c>optimizer = "bobyqa", optCtrl = list(rhobeg = .2, rhoend = 1e-10)</c>, generalised models with <c>tolPwrss = 1e-13</c>; <c>(1 + f || g)</c> as <c>(1|g) + (0+fv|g) + (0+fw|g)</c>, fv and fw
/// being the indicators of levels v and w, since lme4's own <c>||</c> leaves a factor's effects correlated.
/// </summary>
public class RandomTermFormsTests
{
    [Theory]
    [InlineData("y ~ x + (1 + f || g)", -426.25439648, new[] { 0.2089158, 0.3734928 }, new[] { 1.351355, 0.883115, 0.982228, 1.2424323 })]
    [InlineData("y ~ x + (0 + f | g)", -423.43818915, new[] { -0.4967360, 0.3598027 }, new[] { 1.779684, 1.141903, 1.526169, 1.2314389 })]
    [InlineData("y ~ x + (1 | a:b)", -474.22035917, new[] { -0.0996923, 0.3561869 }, new[] { 0.750621, 1.6360667 })]
    [InlineData("y ~ x + (1 | a/b)", -470.54133157, new[] { -0.1241060, 0.3649257 }, new[] { 0.441744, 0.683035, 1.6329912 })]
    [InlineData("y ~ x + (x || g)", -434.81790398, new[] { -0.1132813, 0.3792550 }, new[] { 1.286110, 0.162879, 1.3673183 })]
    [InlineData("y ~ 0 + (1 | g)", -441.67227464, new double[0], new[] { 1.211129, 1.4238842 })]
    [InlineData("y ~ x + offset(off) + (1 + x | g)", -433.01231136, new[] { -0.1130655, 0.3511273 }, new[] { 1.291541, 0.225792, 1.3505875 })]
    [InlineData("y ~ x*f + (1 | g) + (1 | a) + (1 | a:b)", -389.50629056, new[] { 0.2798281, 0.5679467, -0.6062097, -0.5160905, -0.1385147, -0.2044294 }, new[] { 0.492220, 1.383533, 0.726085, 1.0237732 })]
    public void By_restricted_maximum_likelihood(string formula, double logLikelihood, double[] beta, double[] deviations) =>
        Compare(LinearMixedModel.Fit(Rows(formula)), logLikelihood, beta, deviations);

    [Fact]
    public void Without_fixed_effects_the_restricted_likelihood_is_the_likelihood() =>
        Compare(LinearMixedModel.Fit(Rows("y ~ 0 + (1 | g)"), new LinearMixedModelOptions { Reml = false }), -441.67227464, [], [1.211129, 1.4238842]);

    [Fact]
    public void With_prior_weights() =>
        Compare(LinearMixedModel.Fit(Rows("y ~ x + (1 + x | g)", "w")), -442.02845117, [-0.0659118, 0.4063321], [1.235708, 0.265210, 1.4266838]);

    [Fact]
    public void With_weights_an_offset_and_a_factor_whose_effects_are_correlated() => Compare(
        LinearMixedModel.Fit(Rows("y ~ x + offset(off) + (1 + f | a) + (1 | a:b)", "w")), -468.31724798, [-0.4031612, 0.3466259], [0.547383, 1.137116, 0.586381, 0.346330, 1.6100307]);

    /// <summary>(1 | g) and (0 + f | g) share the intercept's variance, so only the likelihood, the fixed effects and the slope's deviation are determined.</summary>
    [Fact]
    public void Several_terms_on_one_factor()
    {
        var fit = LinearMixedModel.Fit(Rows("y ~ x + (1 | g) + (0 + x | g) + (0 + f | g)"));
        AssertClose(-423.26210525, fit.LogLikelihood, 1e-9, "log likelihood");
        AssertClose(0.3546306, fit.Beta[1], 1e-5, "slope");
        AssertClose(0.159269, fit.Terms[1].StandardDeviation(0), 1e-4, "sd of the slope");
        AssertClose(1.2221148, fit.Sigma, 1e-5, "sigma");
    }

    [Theory]
    [InlineData("s ~ 0 + (1 | g)", "binomial", 1, -158.50721629, new double[0], new[] { 0.772793 })]
    [InlineData("s ~ 0 + (1 | g)", "binomial", 7, -158.42465625, new double[0], new[] { 0.779608 })]
    [InlineData("s ~ x + (1 + f || g)", "binomial", 1, -156.57475201, new[] { 0.0692231, 0.1748346 }, new[] { 0.757240, 1.204986, 0 })]
    [InlineData("k ~ x + offset(off) + (1 | a/b)", "poisson", 1, -337.15390722, new[] { -0.0860146, 0.0158963 }, new[] { 0.269777, 0.129941 })]
    [InlineData("k ~ x + (0 + f | g)", "poisson", 1, -320.01906596, new[] { -0.1549174, 0.0296796 }, new[] { 0.701172, 0.318001, 0.638274 })]
    public void In_generalised_models(string formula, string family, int points, double logLikelihood, double[] beta, double[] deviations) => Compare(
        GeneralizedLinearMixedModel.Fit(Rows(formula), Family.Parse(family), new GeneralizedLinearMixedModelOptions { QuadraturePoints = points }), logLikelihood, beta, deviations);

    /// <summary>Independent columns of one factor are the product of the terms' integrals only if none share rows, so quadrature treats them as one vector too.</summary>
    [Fact]
    public void Several_independent_terms_on_one_factor_are_integrated_together()
    {
        MixedModelFit Fit(string formula, int points) =>
            GeneralizedLinearMixedModel.Fit(Rows(formula), Family.Binomial(), new GeneralizedLinearMixedModelOptions { QuadraturePoints = points });
        MixedModelFit fit = Fit("s ~ x + (1 + x || g)", 9), spelled = Fit("s ~ x + (1 | g) + (0 + x | g)", 9), finer = Fit("s ~ x + (1 + x || g)", 15);
        AssertClose(spelled.LogLikelihood, fit.LogLikelihood, 1e-12, "log likelihood");
        AssertClose(finer.LogLikelihood, fit.LogLikelihood, 1e-6, "log likelihood of more points");
    }

    private static void Compare(MixedModelFit fit, double logLikelihood, double[] beta, double[] deviations)
    {
        Assert.True(fit.Converged);
        AssertClose(logLikelihood, fit.LogLikelihood, 1e-9, "log likelihood");
        Assert.Equal(beta.Length, fit.Beta.Length);
        for (int j = 0; j < beta.Length; j++) AssertClose(beta[j], fit.Beta[j], 3e-6, fit.FixedNames[j]);
        double[] own = [.. fit.Terms.SelectMany(t => t.TermNames.Select((_, j) => t.StandardDeviation(j))), .. fit.Family.HasKnownDispersion ? Array.Empty<double>() : [fit.Sigma]];
        Assert.Equal(deviations.Length, own.Length);
        for (int k = 0; k < own.Length; k++) AssertClose(deviations[k], own[k], 1e-5, $"standard deviation {k}");
    }

    private static ModelRows Rows(string formula, string? weights = null)
    {
        Frame data = CsvFile.Read(Fixtures.DataPath("forms"));
        return ModelFrame.Learn(Formula.Parse(formula), data, new ModelFrameOptions { Weights = weights is null ? null : Expression.Parse(weights) }).Encode(data);
    }
}
