using System.Text.Json;
using Terrace.Data;
using Terrace.Formulas;
using Terrace.NonlinearModels;
using Terrace.Tests.TestData;
using static Terrace.Tests.NonlinearModels.NonlinearFixture;

namespace Terrace.Tests.NonlinearModels;

public class NonlinearMixedModelTests
{
    private const string OneEffect = "circumference ~ SSlogis(age, Asym, xmid, scal) ~ Asym | Tree";

    public static NonlinearMixedModelFit Fit(string formula, Frame data, NonlinearModelOptions? options = null)
    {
        var frame = NonlinearModelFrame.Learn(NonlinearFormula.Parse(formula), data, options);
        return NonlinearMixedModel.Fit(frame, frame.Encode(data), options);
    }

    [Fact]
    public void One_random_parameter_agrees_with_lme4()
    {
        JsonElement reference = Fixtures.Reference("nlmer_orange_asym");
        NonlinearMixedModelFit fit = Fit(OneEffect, Fixtures.Data("Orange"));
        Assert.True(fit.Converged, $"gradient {fit.GradientNorm}");
        Assert.False(fit.Singular);
        Assert.True(fit.LogLikelihood >= reference.GetProperty("logLik").GetDouble() - 1e-7, $"{fit.LogLikelihood:R}");
        Close(reference.GetProperty("logLik").GetDouble(), fit.LogLikelihood, 1e-7, "logLik");
        string[] names = ["Asym", "xmid", "scal"];
        Assert.Equal(names, fit.FixedNames);
        for (int j = 0; j < 3; j++)
        {
            // lme4's modes are known to 1e-5, so that its optimum is known to a thousandth of a standard error.
            double se = reference.GetProperty("se").GetProperty(names[j]).GetDouble();
            Assert.True(Math.Abs(fit.Beta[j] - reference.GetProperty("fixef").GetProperty(names[j]).GetDouble()) < 1e-3 * se, $"{names[j]} {fit.Beta[j]:R}");
            Close(se, fit.StandardErrors()[j], 1e-3, names[j] + " se");
        }
        Close(reference.GetProperty("sigma").GetDouble(), fit.Sigma, 1e-4, "sigma");
        Close(reference.GetProperty("theta").GetProperty("Tree.Asym").GetDouble(), fit.Theta[0], 1e-3, "theta");
        Close(reference.GetProperty("AIC").GetDouble(), fit.Aic, 1e-7, "aic");
        Close(reference.GetProperty("BIC").GetDouble(), fit.Bic, 1e-7, "bic");
        JsonElement effects = reference.GetProperty("ranef").GetProperty("Tree");
        for (int l = 0; l < 5; l++)
        {
            Close(effects.GetProperty("values")[l][0].GetDouble(), fit.Terms[0].Modes[l, 0], 2e-3, $"mode {l}");
            Close(effects.GetProperty("cond_sd")[l][0].GetDouble(), fit.Terms[0].ConditionalStandardDeviation(l, 0), 1e-3, $"conditional sd {l}");
            for (int j = 0; j < 3; j++) Close(reference.GetProperty("coef").GetProperty("Tree").GetProperty("values")[l][j].GetDouble(), fit.Coefficients()[0].Values[l, j], 1e-3, "coef");
        }
        double[] fitted = Numbers(reference.GetProperty("fitted_first20")), residuals = Numbers(reference.GetProperty("residuals_first20"));
        for (int i = 0; i < 20; i++)
        {
            Close(fitted[i], fit.FittedValues()[i], 1e-3, "fitted");
            Assert.True(Math.Abs(residuals[i] - fit.Residuals()[i]) < 0.02);
        }
    }

    [Fact]
    public void A_second_random_parameter_without_variance_is_found_singular_and_no_worse()
    {
        JsonElement reference = Fixtures.Reference("nlmer_orange_asym_xmid");
        NonlinearMixedModelFit fit = Fit("circumference ~ SSlogis(age, Asym, xmid, scal) ~ (Asym | Tree) + (xmid | Tree)", Fixtures.Data("Orange"));
        Assert.True(fit.Converged, $"gradient {fit.GradientNorm}");
        Assert.True(fit.LogLikelihood >= -131.5719);
        Assert.Contains("the standard deviation of xmid by Tree is 0", fit.SingularComponents);
        Close(reference.GetProperty("sigma").GetDouble(), fit.Sigma, 1e-4, "sigma");
        Assert.Equal(6, fit.Parameters);
        double smaller = Fit(OneEffect, Fixtures.Data("Orange")).LogLikelihood;
        Close(smaller, fit.LogLikelihood, 1e-8, "logLik of the smaller model");
    }

    [Fact]
    public void Two_correlated_random_parameters_are_at_least_as_likely_as_lme4s()
    {
        JsonElement reference = Fixtures.Reference("nlmer_theoph_ssfol");
        NonlinearMixedModelFit fit = Fit("conc ~ SSfol(Dose, Time, lKe, lKa, lCl) ~ (lKa + lCl | Subject)", Fixtures.Data("Theoph"));
        Assert.True(fit.Converged, $"gradient {fit.GradientNorm}");
        Assert.True(fit.LogLikelihood >= reference.GetProperty("logLik").GetDouble() - 1e-2, $"{fit.LogLikelihood:R}");
        Assert.Equal(7, fit.Parameters);
    }

    /// <summary>The deviance at lme4's estimates is lme4's: one function is minimised.</summary>
    [Fact]
    public void Start_values_do_not_change_the_optimum()
    {
        Frame data = Fixtures.Data("Orange");
        NonlinearMixedModelFit own = Fit(OneEffect, data);
        var start = new Dictionary<string, double> { ["Asym"] = 150, ["xmid"] = 600, ["scal"] = 300 };
        NonlinearMixedModelFit given = Fit(OneEffect, data, new NonlinearModelOptions { Start = start });
        NonlinearMixedModelFit arithmetic = Fit("circumference ~ Asym / (1 + exp((xmid - age) / scal)) ~ (Asym | Tree)", data, new NonlinearModelOptions { Start = start });
        foreach (NonlinearMixedModelFit fit in new[] { given, arithmetic })
        {
            Close(own.LogLikelihood, fit.LogLikelihood, 1e-10, "logLik");
            for (int j = 0; j < 3; j++) Close(own.Beta[j], fit.Beta[j], 1e-6, fit.FixedNames[j]);
        }
    }
}
