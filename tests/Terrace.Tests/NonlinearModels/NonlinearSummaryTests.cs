using Terrace.NonlinearModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.NonlinearModels;

public class NonlinearSummaryTests
{
    // R: print(summary(nlmer(circumference ~ SSlogis(age, Asym, xmid, scal) ~ Asym | Tree, Orange, start = c(Asym = 192, xmid = 727, scal = 348),
    //    control = nlmerControl(tolPwrss = 1e-13)), ...) with vcov(fit, use.hessian = FALSE)
    [Fact]
    public void A_mixed_model_is_summarised_as_lme4_does()
    {
        const string expected = """
            Nonlinear mixed model fit by maximum likelihood  ['nlmerMod']
            Formula: circumference ~ SSlogis(age, Asym, xmid, scal) ~ Asym | Tree
               Data: Orange

                 AIC      BIC   logLik deviance df.resid 
               273.1    280.9   -131.6    263.1       30 

            Scaled residuals: 
                Min      1Q  Median      3Q     Max 
            -1.9170 -0.5421  0.1755  0.7116  1.6820 

            Random effects:
             Groups   Name Variance Std.Dev.
             Tree     Asym 1001.49  31.646  
             Residual        61.51   7.843  
            Number of obs: 35, groups:  Tree, 5

            Fixed effects:
                 Estimate Std. Error t value
            Asym   192.05      15.58   12.32
            xmid   727.91      34.44   21.14
            scal   348.07      26.31   13.23

            Correlation of Fixed Effects:
                 Asym  xmid 
            xmid 0.384      
            scal 0.362 0.762

            """;
        NonlinearMixedModelFit fit = NonlinearMixedModelTests.Fit("circumference ~ SSlogis(age, Asym, xmid, scal) ~ Asym|Tree", Fixtures.Data("Orange"));
        Assert.Equal(expected.ReplaceLineEndings("\n"), NonlinearSummary.Of(fit, "Orange"));
    }

    // R: print(summary(nls(circumference ~ SSlogis(age, Asym, xmid, scal), Orange)))
    [Fact]
    public void A_least_squares_fit_is_summarised_as_R_does()
    {
        const string expected = """

            Formula: circumference ~ SSlogis(age, Asym, xmid, scal)

            Parameters:
                 Estimate Std. Error t value Pr(>|t|)    
            Asym   192.69      20.24   9.518 7.48e-11 ***
            xmid   728.76     107.30   6.792 1.12e-07 ***
            scal   353.53      81.47   4.339 0.000134 ***
            ---
            Signif. codes:  0 ‘***’ 0.001 ‘**’ 0.01 ‘*’ 0.05 ‘.’ 0.1 ‘ ’ 1

            Residual standard error: 23.37 on 32 degrees of freedom

            """;
        string text = NonlinearSummary.Of(NonlinearFixture.FitNls("circumference ~ SSlogis(age, Asym, xmid, scal)", Fixtures.Data("Orange")));
        Assert.StartsWith(expected.ReplaceLineEndings("\n"), text, StringComparison.Ordinal);
        Assert.Contains("Number of iterations to convergence: ", text, StringComparison.Ordinal);
    }
}
