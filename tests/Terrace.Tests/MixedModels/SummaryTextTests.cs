using Terrace.MixedModels;

namespace Terrace.Tests.MixedModels;

/// <summary>The texts are lme4's; where lme4 stops short of the optimum (612.10, 24.741) they have the digits of its polished fit.</summary>
public class SummaryTextTests
{
    [Fact]
    public void A_linear_mixed_model_prints_as_lme4_prints_it()
    {
        string text = SummaryText.Of(MixedFixture.Fit("lmer_sleepstudy_slope_REML"), "Reaction ~ Days + (Days | Subject)", "sleepstudy");
        Assert.Equal(
            """
            Linear mixed model fit by REML ['lmerMod']
            Formula: Reaction ~ Days + (Days | Subject)
               Data: sleepstudy

            REML criterion at convergence: 1743.6

            Scaled residuals: 
                Min      1Q  Median      3Q     Max 
            -3.9536 -0.4634  0.0231  0.4634  5.1793 

            Random effects:
             Groups   Name        Variance Std.Dev. Corr
             Subject  (Intercept) 612.09   24.740       
                      Days         35.07    5.922   0.07
             Residual             654.94   25.592       
            Number of obs: 180, groups:  Subject, 18

            Fixed effects:
                        Estimate Std. Error t value
            (Intercept)  251.405      6.825  36.838
            Days          10.467      1.546   6.771

            Correlation of Fixed Effects:
                 (Intr)
            Days -0.138

            """.ReplaceLineEndings("\n"), text);
    }

    [Fact]
    public void A_generalised_one_shows_family_criteria_and_tests()
    {
        string text = SummaryText.Of(MixedFixture.Fit("glmer_students"), "response ~ 1 + (1 | class)", "d");
        Assert.StartsWith(
            """
            Generalized linear mixed model fit by maximum likelihood (Laplace
              Approximation) [glmerMod]
             Family: binomial  ( logit )
            Formula: response ~ 1 + (1 | class)
               Data: d

                 AIC      BIC   logLik deviance df.resid 
              1294.7   1304.6   -645.4   1290.7      998 

            """.ReplaceLineEndings("\n"), text, StringComparison.Ordinal);
        Assert.Contains("(Intercept)", text, StringComparison.Ordinal);
        Assert.Contains("Pr(>|z|)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Residual ", text, StringComparison.Ordinal);
    }

    /// <summary>lmerTest's header, as it breaks the line.</summary>
    [Fact]
    public void A_fit_by_maximum_likelihood_names_the_method_of_its_tests()
    {
        var fit = MixedFixture.Fit("lmer_sleepstudy_slope_ML");
        string text = SummaryText.Of(fit, "Reaction ~ Days + (Days | Subject)", "sleepstudy", CoefficientTests.ByDefault(fit));
        Assert.StartsWith("Linear mixed model fit by maximum likelihood . t-tests use Satterthwaite's\n  method [lmerModLmerTest]\nFormula: ", text, StringComparison.Ordinal);
        Assert.Contains("Days          10.467      1.502  18.000   6.968 1.65e-06 ***", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Tests_by_default_are_for_linear_mixed_models_of_moderate_size()
    {
        Assert.Null(CoefficientTests.ByDefault(MixedFixture.Fit("lmer_insteval_ML")));
        Assert.Null(CoefficientTests.ByDefault(MixedFixture.Fit("glmer_students")));
        Assert.Equal(DegreesOfFreedomMethod.Satterthwaite, CoefficientTests.ByDefault(MixedFixture.Fit("lmer_penicillin_crossed"))!.Method);
    }

    /// <summary>The table and its digits are lmerTest's.</summary>
    [Theory]
    [InlineData(DegreesOfFreedomMethod.Satterthwaite, "Satterthwaite")]
    [InlineData(DegreesOfFreedomMethod.KenwardRoger, "Kenward-Roger")]
    public void With_degrees_of_freedom_the_fixed_effects_have_t_tests(DegreesOfFreedomMethod method, string named)
    {
        var fit = MixedFixture.Fit("lmer_sleepstudy_slope_REML");
        string text = SummaryText.Of(fit, "Reaction ~ Days + (Days | Subject)", "sleepstudy", CoefficientTests.Of(fit, method));
        Assert.StartsWith($"Linear mixed model fit by REML. t-tests use {named}'s method [\nlmerModLmerTest]\nFormula: ", text, StringComparison.Ordinal);
        Assert.Contains(
            """
            Fixed effects:
                        Estimate Std. Error      df t value Pr(>|t|)    
            (Intercept)  251.405      6.825  17.000  36.838  < 2e-16 ***
            Days          10.467      1.546  17.000   6.771 3.26e-06 ***
            ---
            """.ReplaceLineEndings("\n"), text, StringComparison.Ordinal);
    }

    /// <summary>The lines are those of R's <c>printCoefmat</c> for the polished estimates.</summary>
    [Fact]
    public void P_values_have_R_s_digits() => Assert.Contains(
        """
                    Estimate Std. Error z value Pr(>|z|)    
        (Intercept)  -1.3985     0.2325  -6.016 1.79e-09 ***
        period2      -0.9923     0.3066  -3.236 0.001212 ** 
        period3      -1.1287     0.3266  -3.455 0.000549 ***
        period4      -1.5803     0.4274  -3.697 0.000218 ***
        ---
        Signif. codes:  0 ‘***’ 0.001 ‘**’ 0.01 ‘*’ 0.05 ‘.’ 0.1 ‘ ’ 1

        """.ReplaceLineEndings("\n"), SummaryText.Of(MixedFixture.Fit("glmer_cbpp_laplace"), "cbind(incidence, size - incidence) ~ period + (1 | herd)", "cbpp"), StringComparison.Ordinal);

    [Fact]
    public void A_singular_fit_says_what_is_singular() =>
        Assert.EndsWith("the standard deviation of (Intercept) by Batch is 0. The data show no such variation; a simpler random-effects term fits as well.\n",
            SummaryText.Of(MixedFixture.Fit("lmer_dyestuff2_singular_REML"), "Yield ~ 1 + (1 | Batch)", "Dyestuff2"), StringComparison.Ordinal);
}
