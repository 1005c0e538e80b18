using Terrace.Design;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MixedModels;

public class KenwardRogerTests
{
    [Theory]
    [InlineData("lmer_sleepstudy_slope_REML")]
    [InlineData("lmer_sleepstudy_intercept_REML")]
    [InlineData("lmer_sleepstudy_uncorrelated_REML")]
    [InlineData("lmer_radon_floor")]
    [InlineData("lmer_radon_floor_uranium")]
    [InlineData("lmer_owls_interaction")]
    public void Degrees_of_freedom_errors_and_p_values_agree_with_pbkrtest(string name)
    {
        var fit = MixedFixture.Fit(name);
        TestTable.Compare(Fixtures.Reference(name).GetProperty("kenward_roger"), fit, CoefficientTests.Of(fit, DegreesOfFreedomMethod.KenwardRoger)!, dfTolerance: 1e-4);
    }

    [Fact]
    public void The_F_test_of_one_slope_is_pbkrtests()
    {
        var reference = Fixtures.Reference("pbkrtest_sleepstudy").GetProperty("KRmodcomp");
        var fit = MixedFixture.Fit("lmer_sleepstudy_slope_REML");
        var adjusted = KenwardRoger.Of(fit);
        double statistic = Math.Pow(fit.Beta[1] / adjusted.StandardErrorOfContrast([0, 1]), 2);
        DenseAlgebra.AssertClose(reference.GetProperty("stat")[0].GetDouble(), statistic, 1e-5, "F");
        DenseAlgebra.AssertClose(reference.GetProperty("ddf")[0].GetDouble(), adjusted.OfContrast([0, 1]), 1e-6, "df");
    }

    [Theory]
    [InlineData("lmer_penicillin_crossed")]
    [InlineData("lmer_pastes_nested")]
    [InlineData("lmer_sleepstudy_weights")]
    [InlineData("lmer_sleepstudy_poly2")]
    [InlineData("lmer_dyestuff2_singular_REML")]
    public void The_adjustment_follows_from_its_definition_with_matrices_of_all_rows(string name)
    {
        var fit = MixedFixture.Fit(name);
        var (covariance, degrees) = new DenseLinearMixedModel(fit, MixedFixture.Rows(name, collapse: false)).KenwardRoger();
        var actual = KenwardRoger.Of(fit);
        for (int j = 0; j < degrees.Length; j++)
        {
            Assert.Equal(1, actual.OfCoefficients[j] / degrees[j], 1e-6);
            for (int i = 0; i < degrees.Length; i++)
                Assert.Equal(0, (actual.Covariance[i, j] - covariance[i, j]) / Math.Sqrt(covariance[i, i] * covariance[j, j]), 1e-7);
        }
    }

    /// <summary>An aliased column and a model without fixed effects go through both methods.</summary>
    [Fact]
    public void Columns_that_are_not_estimated_have_no_tests()
    {
        var full = TestsOf("Reaction ~ Days + (1 | Subject)");
        var aliased = TestsOf("Reaction ~ Days + I(2 * Days) + (1 | Subject)");
        for (int t = 0; t < full.Length; t++)
        {
            DenseAlgebra.AssertClose(full[t].DegreesOfFreedom[1], aliased[t].DegreesOfFreedom[1], 1e-6, "df");
            Assert.True(double.IsNaN(aliased[t].DegreesOfFreedom[2]) && double.IsNaN(aliased[t].PValue(2)) && double.IsNaN(aliased[t].Interval(2, 0.9).Upper));
        }
        Assert.All(TestsOf("Reaction ~ 0 + (1 | Subject)"), tests => Assert.Empty(tests.DegreesOfFreedom));
    }

    private static CoefficientTests[] TestsOf(string formula)
    {
        var frame = Fixtures.Data("sleepstudy");
        var fit = LinearMixedModel.Fit(ModelFrame.Learn(Formula.Parse(formula), frame, new ModelFrameOptions()).Encode(frame));
        return [CoefficientTests.Of(fit, DegreesOfFreedomMethod.Satterthwaite)!, CoefficientTests.Of(fit, DegreesOfFreedomMethod.KenwardRoger)!];
    }

    /// <summary>Units of response and covariate do not matter, however large.</summary>
    [Theory]
    [InlineData("I(1e6 * Reaction) ~ I(1e5 * Days) + (I(1e5 * Days) | Subject)")]
    [InlineData("I(1e-4 * Reaction) ~ I(1e-5 * Days) + (I(1e-5 * Days) || Subject)")]
    public void Degrees_of_freedom_do_not_depend_on_units(string formula)
    {
        var plain = TestsOf(formula.Contains("||", StringComparison.Ordinal) ? "Reaction ~ Days + (Days || Subject)" : "Reaction ~ Days + (Days | Subject)");
        var scaled = TestsOf(formula);
        for (int t = 0; t < plain.Length; t++)
        {
            for (int j = 0; j < 2; j++) DenseAlgebra.AssertClose(plain[t].DegreesOfFreedom[j], scaled[t].DegreesOfFreedom[j], 1e-5, $"df {t} {j}");
        }
    }

    [Fact]
    public void A_fit_by_maximum_likelihood_is_refused() =>
        Assert.Contains("REML", Assert.Throws<ModelException>(() => KenwardRoger.Of(MixedFixture.Fit("lmer_sleepstudy_slope_ML"))).Message, StringComparison.Ordinal);
}
