using Terrace.Families;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MixedModels;

/// <summary>The layout of arm 1.13-1 under R 4.2.2, and the numbers of lme4 1.1-31 under their R names.</summary>
public class DisplayTextTests
{
    [Fact]
    public void A_random_slope_in_arms_layout()
    {
        var (fit, rows) = DiagnosticsReference.Fit("sleep_slope");
        Same("""
            lmer(formula = Reaction ~ Days + (Days | Subject), data = sl)
                        coef.est coef.se
            (Intercept) 251.41     6.82 
            Days         10.47     1.55 

            Error terms:
             Groups   Name        Std.Dev. Corr 
             Subject  (Intercept) 24.74         
                      Days         5.92    0.07 
             Residual             25.59         
            ---
            number of obs: 180, groups: Subject, 18
            AIC = 1755.6, DIC = 1760.3
            deviance = 1751.9 
            """, DisplayText.Of(fit, rows, "lmer(formula = Reaction ~ Days + (Days | Subject), data = sl)"));
    }

    [Fact]
    public void More_digits_and_detail()
    {
        var (fit, rows) = DiagnosticsReference.Fit("sleep_slope");
        string text = DisplayText.Of(fit, rows, "", digits: 3, detail: true);
        Assert.Contains("            coef.est coef.se t value\n(Intercept) 251.405    6.825  36.838\n", text, StringComparison.Ordinal);
        Assert.Contains("          Days         5.922   0.066 \n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void One_fixed_effect_is_shown_without_its_name()
    {
        var rows = MixedFixture.Rows("glmer_students");
        Same("""
            glmer(formula = response ~ 1 + (1 | class), data = st, family = binomial)
            coef.est  coef.se 
               -0.16     0.33 

            Error terms:
             Groups   Name        Std.Dev.
             class    (Intercept) 0.71    
             Residual             1.00    
            ---
            number of obs: 1000, groups: class, 5
            AIC = 1294.7, DIC = 1251.3
            deviance = 1271.0 
            """, DisplayText.Of(MixedFixture.Fit("glmer_students"), rows, "glmer(formula = response ~ 1 + (1 | class), data = st, family = binomial)"));
    }

    /// <summary>arm's output but for the z values, which follow lme4's coarser standard errors there (0.23, 0.30, 0.32, 0.42) (-6.05, -3.27, -3.49, -3.74).</summary>
    [Fact]
    public void A_binomial_model_in_detail_with_arms_dic()
    {
        var (fit, rows) = DiagnosticsReference.Fit("cbpp");
        Same("""
            glmer()
                        coef.est coef.se z value Pr(>|z|)
            (Intercept) -1.40     0.23   -6.02    0.00   
            period2     -0.99     0.31   -3.24    0.00   
            period3     -1.13     0.33   -3.46    0.00   
            period4     -1.58     0.43   -3.70    0.00   

            Error terms:
             Groups   Name        Std.Dev.
             herd     (Intercept) 0.64    
             Residual             1.00    
            ---
            number of obs: 56, groups: herd, 15
            AIC = 194.1, DIC = -37.1
            deviance = 73.5 
            """, DisplayText.Of(fit, rows, "glmer()", detail: true));
    }

    [Fact]
    public void Three_correlated_effects()
    {
        var rows = DiagnosticsReference.Rows("Reaction ~ Days + I(Days^2) + (Days + I(Days^2) | Subject)", Fixtures.Data("sleepstudy"));
        string text = DisplayText.Of(LinearMixedModel.Fit(rows), rows, "lmer()");
        Assert.Contains(" Groups   Name        Std.Dev. Corr        \n Subject  (Intercept) ", text, StringComparison.Ordinal);
        Assert.Contains("          I(Days^2)    1.46     0.46 -0.91 \n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_linear_model()
    {
        var fit = LinearModel.Fit(DiagnosticsReference.Rows("log_radon ~ floor", Fixtures.Data("radon")));
        Same("""
            lm(formula = log_radon ~ floor, data = ra)
                        coef.est coef.se
            (Intercept)  1.33     0.03  
            floor       -0.61     0.07  
            ---
            n = 919, k = 2
            residual sd = 0.82, R-Squared = 0.07
            """, LinearDisplayText.Of(fit, "lm(formula = log_radon ~ floor, data = ra)"));
        Assert.Contains("(Intercept)  1.33     0.03   44.64    0.00   \n", LinearDisplayText.Of(fit, "", detail: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Generalised_linear_models()
    {
        var data = Fixtures.Data("cbpp");
        Same("""
            glm()
                        coef.est coef.se
            (Intercept) -1.27     0.14  
            period2     -1.17     0.29  
            period3     -1.30     0.31  
            period4     -1.78     0.41  
            ---
              n = 56, k = 4
              residual deviance = 114.1, null deviance = 154.8 (difference = 40.7)
            """, LinearDisplayText.Of(GeneralizedLinearModel.Fit(DiagnosticsReference.Rows("cbind(incidence, size - incidence) ~ period", data), Family.Binomial()), "glm()"));
        string quasi = LinearDisplayText.Of(GeneralizedLinearModel.Fit(DiagnosticsReference.Rows("incidence ~ period", data), Family.Quasipoisson()), "glm()");
        Assert.EndsWith("  residual deviance = 111.0, null deviance = 167.3 (difference = 56.3)\n  overdispersion parameter = 2.2\n", quasi, StringComparison.Ordinal);
    }

    [Fact]
    public void VarCorr_is_the_data_frame_of_R()
    {
        var rows = DiagnosticsReference.Fit("sleep_slope").Fit.VarCorr();
        Assert.Equal([("Subject", "(Intercept)", null), ("Subject", "Days", null), ("Subject", "(Intercept)", "Days"), ("Residual", null, null)], rows.Select(r => (r.Grp, r.Var1, r.Var2)));
        double[] expected = [612.100158025, 35.071714451, 9.604408951, 654.940008260], deviations = [24.74065799, 5.92213766, 0.06555124, 25.59179572];
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(1, rows[i].Vcov / expected[i], 1e-4);
            Assert.Equal(1, rows[i].Sdcor / deviations[i], 1e-4);
        }
        Assert.Equal(["Subject", "Subject.1", "Residual"], MixedFixture.Fit("lmer_sleepstudy_uncorrelated_REML").VarCorr().Select(r => r.Grp));
    }

    [Fact]
    public void Estimates_and_standard_errors_have_their_R_names()
    {
        var fit = DiagnosticsReference.Fit("sleep_slope").Fit;
        Assert.Equal(251.405105, fit.Fixef()["(Intercept)"], 1e-5);
        Assert.Equal(1.545790, fit.SeFixef()["Days"], 1e-4);
        var errors = fit.SeRanef().Single();
        Assert.Equal(["(Intercept)", "Days"], errors.Terms);
        Assert.Equal(12.07086, errors.Values[0, 0], 1e-3);
        Assert.Equal(2.304839, errors.Values[0, 1], 1e-3);
        Assert.Equal(fit.Terms[0].Modes[3, 1], fit.Ranef().Single().Values[3, 1]);
        Assert.Equal(6.824597, fit.SeCoef().Fixef["(Intercept)"], 1e-3);
    }

    private static void Same(string expected, string actual) => Assert.Equal(expected.ReplaceLineEndings("\n") + "\n", actual);
}
