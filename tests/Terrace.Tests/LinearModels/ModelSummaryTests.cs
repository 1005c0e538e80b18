using Terrace.Design;
using Terrace.LinearModels;
using static Terrace.Tests.Families.RowsByHand;

namespace Terrace.Tests.LinearModels;

/// <summary>The printed summary, letter by letter as R 4.2 prints it (glm without the deviance residuals, which R 4.3 dropped); the call is left to the caller.</summary>
public class ModelSummaryTests
{
    public static TheoryData<string, string> Printed => new()
    {
        {
            "lm_mtcars",
            """

            Call:
            CALL

            Residuals:
               Min     1Q Median     3Q    Max 
            -3.941 -1.600 -0.182  1.050  5.854 

            Coefficients:
                        Estimate Std. Error t value Pr(>|t|)    
            (Intercept) 37.22727    1.59879  23.285  < 2e-16 ***
            wt          -3.87783    0.63273  -6.129 1.12e-06 ***
            hp          -0.03177    0.00903  -3.519  0.00145 ** 
            ---
            Signif. codes:  0 ‘***’ 0.001 ‘**’ 0.01 ‘*’ 0.05 ‘.’ 0.1 ‘ ’ 1

            Residual standard error: 2.593 on 29 degrees of freedom
            Multiple R-squared:  0.8268,	Adjusted R-squared:  0.8148 
            F-statistic: 69.21 on 2 and 29 DF,  p-value: 9.109e-12
            """
        },
        {
            "lm_mtcars_aliased",
            """

            Call:
            CALL

            Residuals:
               Min     1Q Median     3Q    Max 
            -3.941 -1.600 -0.182  1.050  5.854 

            Coefficients: (1 not defined because of singularities)
                        Estimate Std. Error t value Pr(>|t|)    
            (Intercept) 37.22727    1.59879  23.285  < 2e-16 ***
            wt          -3.87783    0.63273  -6.129 1.12e-06 ***
            wt2               NA         NA      NA       NA    
            hp          -0.03177    0.00903  -3.519  0.00145 ** 
            ---
            Signif. codes:  0 ‘***’ 0.001 ‘**’ 0.01 ‘*’ 0.05 ‘.’ 0.1 ‘ ’ 1

            Residual standard error: 2.593 on 29 degrees of freedom
            Multiple R-squared:  0.8268,	Adjusted R-squared:  0.8148 
            F-statistic: 69.21 on 2 and 29 DF,  p-value: 9.109e-12
            """
        },
        {
            "lm_mtcars_weights_offset",
            """

            Call:
            CALL

            Weighted Residuals:
                Min      1Q  Median      3Q     Max 
            -63.984 -20.481  -0.764  31.458  58.836 

            Coefficients:
                        Estimate Std. Error t value Pr(>|t|)    
            (Intercept)  52.4836     5.0632   10.37 2.90e-11 ***
            I(wt^2)       1.3829     0.3748    3.69 0.000923 ***
            wt          -15.8210     2.8001   -5.65 4.17e-06 ***
            ---
            Signif. codes:  0 ‘***’ 0.001 ‘**’ 0.01 ‘*’ 0.05 ‘.’ 0.1 ‘ ’ 1

            Residual standard error: 32.77 on 29 degrees of freedom
            Multiple R-squared:  0.7652,	Adjusted R-squared:  0.749 
            F-statistic: 47.24 on 2 and 29 DF,  p-value: 7.521e-10
            """
        },
        {
            "glm_students",
            """

            Call:
            CALL

            Coefficients:
                        Estimate Std. Error z value Pr(>|z|)    
            (Intercept)  0.63649    0.11384   5.591 2.25e-08 ***
            class2       0.07976    0.16392   0.487    0.627    
            class3      -1.22007    0.20580  -5.928 3.06e-09 ***
            class4      -1.17548    0.24124  -4.873 1.10e-06 ***
            class5      -1.76495    0.27041  -6.527 6.71e-11 ***
            ---
            Signif. codes:  0 ‘***’ 0.001 ‘**’ 0.01 ‘*’ 0.05 ‘.’ 0.1 ‘ ’ 1

            (Dispersion parameter for binomial family taken to be 1)

                Null deviance: 1375.5  on 999  degrees of freedom
            Residual deviance: 1270.8  on 995  degrees of freedom
            AIC: 1280.8

            Number of Fisher Scoring iterations: 4
            """
        },
        {
            "glm_cbpp_quasibinomial",
            """

            Call:
            CALL

            Coefficients:
                        Estimate Std. Error t value Pr(>|t|)    
            (Intercept)  -1.2690     0.2145  -5.917  2.6e-07 ***
            period2      -1.1708     0.4313  -2.714  0.00899 ** 
            period3      -1.3014     0.4630  -2.811  0.00696 ** 
            period4      -1.7823     0.6113  -2.916  0.00523 ** 
            ---
            Signif. codes:  0 ‘***’ 0.001 ‘**’ 0.01 ‘*’ 0.05 ‘.’ 0.1 ‘ ’ 1

            (Dispersion parameter for quasibinomial family taken to be 2.190153)

                Null deviance: 154.82  on 55  degrees of freedom
            Residual deviance: 114.10  on 52  degrees of freedom
            AIC: NA

            Number of Fisher Scoring iterations: 5
            """
        },
        {
            "glm_clotting_inverse_gaussian",
            """

            Call:
            CALL

            Coefficients:
                          Estimate Std. Error t value Pr(>|t|)    
            (Intercept) -1.108e-03  1.675e-04  -6.613 0.000301 ***
            log(u)       7.219e-04  9.469e-05   7.624 0.000124 ***
            ---
            Signif. codes:  0 ‘***’ 0.001 ‘**’ 0.01 ‘*’ 0.05 ‘.’ 0.1 ‘ ’ 1

            (Dispersion parameter for inverse.gaussian family taken to be 0.001100907)

                Null deviance: 0.0877996  on 8  degrees of freedom
            Residual deviance: 0.0069311  on 7  degrees of freedom
            AIC: 61.575

            Number of Fisher Scoring iterations: 4
            """
        },
        {
            "glm_owls_poisson_offset",
            """

            Call:
            CALL

            Coefficients:
                                                Estimate Std. Error z value Pr(>|z|)    
            (Intercept)                          0.59205    0.03346  17.692   <2e-16 ***
            FoodTreatmentSatiated               -0.54619    0.05333 -10.242   <2e-16 ***
            SexParentMale                        0.06623    0.04125   1.605    0.108    
            FoodTreatmentSatiated:SexParentMale  0.07191    0.06802   1.057    0.290    
            ---
            Signif. codes:  0 ‘***’ 0.001 ‘**’ 0.01 ‘*’ 0.05 ‘.’ 0.1 ‘ ’ 1

            (Dispersion parameter for poisson family taken to be 1)

                Null deviance: 4128.3  on 598  degrees of freedom
            Residual deviance: 3870.5  on 595  degrees of freedom
            AIC: 5559.3

            Number of Fisher Scoring iterations: 6
            """
        },
        {
            "lm_radon_complete_pooling",
            """

            Call:
            CALL

            Residuals:
                Min      1Q  Median      3Q     Max 
            -3.6293 -0.5383  0.0342  0.5603  2.5486 

            Coefficients:
                        Estimate Std. Error t value Pr(>|t|)    
            (Intercept)  1.32674    0.02972  44.640   <2e-16 ***
            floor       -0.61339    0.07284  -8.421   <2e-16 ***
            ---
            Signif. codes:  0 ‘***’ 0.001 ‘**’ 0.01 ‘*’ 0.05 ‘.’ 0.1 ‘ ’ 1

            Residual standard error: 0.8226 on 917 degrees of freedom
            Multiple R-squared:  0.07178,	Adjusted R-squared:  0.07077 
            F-statistic: 70.91 on 1 and 917 DF,  p-value: < 2.2e-16
            """
        },
    };

    [Theory]
    [MemberData(nameof(Printed))]
    public void Prints_as_R_does(string name, string expected)
    {
        string actual = ModelSummary.Text(new FixtureModel(name, true).Fit(), "CALL");
        Assert.StartsWith(expected.TrimEnd(), actual, StringComparison.Ordinal);
        string rest = actual[expected.TrimEnd().Length..].Trim();
        Assert.Equal(name == "lm_mtcars_aliased", rest.StartsWith("Warning (aliased): ", StringComparison.Ordinal));
        Assert.Equal(name == "lm_mtcars_aliased", rest.Length > 0);
    }

    [Fact]
    public void Says_how_many_rows_were_omitted()
    {
        string text = ModelSummary.Text(LinearModel.Fit(Intercept(Numbers(1, 2, 3, 5))), "y ~ 1", 2);
        Assert.Contains("  (2 observations deleted due to missingness)\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saturated_model_says_that_nothing_is_left()
    {
        ModelRows rows = Make([[1, 0], [1, 1]], Numbers(2, 5));
        string text = ModelSummary.Text(LinearModel.Fit(rows), "y ~ x");
        Assert.Contains("ALL 2 residuals are 0: no residual degrees of freedom!", text, StringComparison.Ordinal);
        Assert.Contains("NaN", text, StringComparison.Ordinal);
    }
}
