using Terrace.MixedModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MixedModels;

public class SatterthwaiteTests
{
    [Theory]
    [InlineData("lmer_sleepstudy_slope_REML")]
    [InlineData("lmer_sleepstudy_intercept_REML")]
    [InlineData("lmer_sleepstudy_uncorrelated_REML")]
    [InlineData("lmer_radon_floor")]
    [InlineData("lmer_radon_floor_uranium")]
    [InlineData("lmer_owls_interaction")]
    public void Degrees_of_freedom_and_p_values_agree_with_lmerTest(string name)
    {
        var fit = MixedFixture.Fit(name);
        var tests = CoefficientTests.Of(fit, DegreesOfFreedomMethod.Satterthwaite)!;
        TestTable.Compare(Fixtures.Reference(name).GetProperty("satterthwaite"), fit, tests, dfTolerance: 1e-4);
    }

    [Fact]
    public void A_balanced_design_has_its_exact_degrees_of_freedom()
    {
        var degrees = SatterthwaiteDegreesOfFreedom.Of(MixedFixture.Fit("lmer_sleepstudy_slope_REML"));
        Assert.Equal(17, degrees.OfCoefficients[0], 1e-4);
        Assert.Equal(17, degrees.OfContrast([0, 1]), 1e-4);
        Assert.Equal(17, degrees.OfContrast([1, 4.5]), 1e-4);
        Assert.Equal(161, SatterthwaiteDegreesOfFreedom.Of(MixedFixture.Fit("lmer_sleepstudy_intercept_REML")).OfCoefficients[1], 1e-6);
    }

    /// <summary>The group means alone: the intercept of a singular fit has the degrees of freedom of the residual variance.</summary>
    [Fact]
    public void A_singular_fit_leaves_out_what_is_on_the_boundary()
    {
        var fit = MixedFixture.Fit("lmer_dyestuff2_singular_REML");
        Assert.True(fit.Singular);
        Assert.Equal(29, SatterthwaiteDegreesOfFreedom.Of(fit).OfCoefficients[0], 1e-4);
    }

    [Theory]
    [InlineData("lmer_sleepstudy_slope_ML")]
    [InlineData("lmer_penicillin_crossed")]
    [InlineData("lmer_sleepstudy_weights")]
    [InlineData("lmer_sleepstudy_uncorrelated_REML")]
    public void Degrees_of_freedom_follow_from_the_dense_likelihood_of_theta_and_sigma(string name)
    {
        var fit = MixedFixture.Fit(name);
        var dense = new DenseLinearMixedModel(fit, MixedFixture.Rows(name, collapse: false));
        double[] expected = dense.Satterthwaite();
        var actual = SatterthwaiteDegreesOfFreedom.Of(fit).OfCoefficients;
        for (int j = 0; j < expected.Length; j++) Assert.Equal(1, actual[j] / expected[j], 2e-3);
    }

    [Fact]
    public void A_generalised_model_has_none() =>
        Assert.Contains("linear mixed models", Assert.Throws<ModelException>(() => SatterthwaiteDegreesOfFreedom.Of(MixedFixture.Fit("glmer_students"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_contrast_has_a_weight_for_each_column() =>
        Assert.Throws<ArgumentException>(() => SatterthwaiteDegreesOfFreedom.Of(MixedFixture.Fit("lmer_radon_floor")).OfContrast([1]));
}
