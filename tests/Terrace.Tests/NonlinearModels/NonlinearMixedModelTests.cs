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

    /// <summary>lme4 with its tolerance of the modes lowered from 1e-10 to 1e-13, where its log likelihood is within 5e-6 of that of the modes.</summary>
    [Theory]
    [InlineData("orange_asym", 1e-6)]
    [InlineData("orange_correlated", 2e-3)]
    [InlineData("theoph_independent", 2e-3)]
    public void Agrees_with_lme4_at_exact_modes(string name, double tolerance)
    {
        JsonElement reference = Fixtures.Reference("nlmer_tight").GetProperty("fits").EnumerateArray().Single(fit => fit.GetProperty("name").GetString() == name);
        NonlinearMixedModelFit fit = Fit(reference.GetProperty("formula").GetString()!, Fixtures.Data(reference.GetProperty("data").GetString()!));
        Assert.True(fit.Converged, $"gradient {fit.GradientNorm}");
        double logLik = reference.GetProperty("logLik").GetDouble();
        Assert.True(fit.LogLikelihood >= logLik - 5e-6, $"{fit.LogLikelihood:R}");
        Close(logLik, fit.LogLikelihood, 1e-2 * tolerance, "logLik");
        double[] errors = Numbers(reference.GetProperty("seRX")), theta = Numbers(reference.GetProperty("theta"));
        for (int j = 0; j < fit.Beta.Length; j++)
        {
            double beta = reference.GetProperty("fixef").GetProperty(fit.FixedNames[j]).GetDouble();
            Assert.True(Math.Abs(beta - fit.Beta[j]) < 10 * tolerance * errors[j], $"{fit.FixedNames[j]}: expected {beta:R}, got {fit.Beta[j]:R}");
            Close(errors[j], fit.StandardErrors()[j], 10 * tolerance, fit.FixedNames[j] + " se");
        }
        for (int k = 0; k < theta.Length; k++) Close(theta[k], fit.Theta[k], 10 * tolerance, $"theta {k}");
        Close(reference.GetProperty("sigma").GetDouble(), fit.Sigma, tolerance, "sigma");
    }

    /// <summary>Expected: R's optimHess (steps of 1e-3) of the criterion computed tree by tree. lme4's own differences are a thousandth to a two-hundredth off.</summary>
    [Fact]
    public void Standard_errors_can_come_from_the_hessian()
    {
        JsonElement reference = Fixtures.Reference("nlmer_tight").GetProperty("fits").EnumerateArray().Single(fit => fit.GetProperty("name").GetString() == "orange_asym");
        NonlinearMixedModelFit fit = Fit(OneEffect, Fixtures.Data("Orange"), new NonlinearModelOptions { HessianStandardErrors = true });
        double[] errors = [15.657669636, 35.248676576, 27.079808847], lme4 = Numbers(reference.GetProperty("seHessian"));
        for (int j = 0; j < 3; j++)
        {
            Close(errors[j], fit.StandardErrors()[j], 1e-4, fit.FixedNames[j]);
            Close(lme4[j], fit.StandardErrors()[j], 1e-2, fit.FixedNames[j] + " of lme4");
        }
    }

    /// <summary>48 plots of soybeans, whose residuals are large against the bend of the curves: Gauss and Newton's steps alone do not converge to the modes.</summary>
    [Fact]
    public void Modes_are_found_where_Gauss_Newton_steps_do_not_converge()
    {
        NonlinearMixedModelFit fit = Fit("weight ~ SSlogis(Time, Asym, xmid, scal) ~ (Asym + xmid + scal | Plot)", Fixtures.Data("Soybean"));
        Assert.True(fit.Converged, $"gradient {fit.GradientNorm}");
        // nlme (by Lindstrom and Bates's approximation, another likelihood): -739.83; Asym 19.25, xmid 55.02, scal 8.40.
        Assert.InRange(fit.LogLikelihood, -739.9, -738);
        Close(19.25, fit.Beta[0], 0.05, "Asym");
        Close(55.02, fit.Beta[1], 0.05, "xmid");
        Close(8.40, fit.Beta[2], 0.1, "scal");
    }

    /// <summary>lme4's default tolerance leaves its deviance 2e-5 below that of the exact modes, and its estimates a thousandth of a standard error away.</summary>
    [Fact]
    public void Agrees_with_the_published_fit_of_lme4()
    {
        JsonElement reference = Fixtures.Reference("nlmer_orange_asym");
        NonlinearMixedModelFit fit = Fit(OneEffect, Fixtures.Data("Orange"));
        Assert.False(fit.Singular);
        Close(reference.GetProperty("logLik").GetDouble(), fit.LogLikelihood, 1e-7, "logLik");
        string[] names = ["Asym", "xmid", "scal"];
        Assert.Equal(names, fit.FixedNames);
        for (int j = 0; j < 3; j++)
        {
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

    /// <summary>
    /// lme4 stops at an xmid variance of 0 and −131.571885. The expected optimum was found in R by optim (BFGS, reltol 1e-15) over a dense evaluation of the same criterion.
    /// </summary>
    [Fact]
    public void A_second_random_parameter_is_found_that_lme4_misses()
    {
        NonlinearMixedModelFit fit = Fit("circumference ~ SSlogis(age, Asym, xmid, scal) ~ (Asym | Tree) + (xmid | Tree)", Fixtures.Data("Orange"));
        Assert.True(fit.Converged, $"gradient {fit.GradientNorm}");
        Assert.True(fit.LogLikelihood >= Fixtures.Reference("nlmer_orange_asym_xmid").GetProperty("logLik").GetDouble());
        Close(-131.55646631402, fit.LogLikelihood, 1e-11, "logLik");
        double[] expected = [191.91917234843, 726.61618802068, 347.62800614277], theta = [4.14504193275, 2.72108688188];
        for (int j = 0; j < 3; j++) Close(expected[j], fit.Beta[j], 1e-6, fit.FixedNames[j]);
        for (int k = 0; k < 2; k++) Close(theta[k], fit.Theta[k], 1e-5, $"theta {k}");
        Assert.Equal(6, fit.Parameters);
    }

    [Fact]
    public void Two_correlated_random_parameters_are_as_likely_as_lme4s()
    {
        NonlinearMixedModelFit fit = Fit("conc ~ SSfol(Dose, Time, lKe, lKa, lCl) ~ (lKa + lCl | Subject)", Fixtures.Data("Theoph"));
        Assert.True(fit.Converged, $"gradient {fit.GradientNorm}");
        Assert.True(fit.LogLikelihood >= Fixtures.Reference("nlmer_theoph_ssfol").GetProperty("logLik").GetDouble() - 1e-3, $"{fit.LogLikelihood:R}");
        Assert.Equal(7, fit.Parameters);
    }

    [Fact]
    public void A_random_parameter_that_does_not_vary_makes_a_singular_fit()
    {
        NonlinearMixedModelFit fit = Fit("conc ~ SSfol(Dose, Time, lKe, lKa, lCl) ~ (lKe + lKa + lCl || Subject)", Fixtures.Data("Theoph"));
        Assert.True(fit.Converged, $"gradient {fit.GradientNorm}");
        Assert.Equal(["the standard deviation of lKe by Subject is 0"], fit.SingularComponents);
        NonlinearMixedModelFit smaller = Fit("conc ~ SSfol(Dose, Time, lKe, lKa, lCl) ~ (lKa + lCl || Subject)", Fixtures.Data("Theoph"));
        Close(smaller.LogLikelihood, fit.LogLikelihood, 1e-10, "logLik of the smaller model");
        Assert.Equal("singular-fit", Assert.Single(fit.Warnings).Code);
    }

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
            for (int j = 0; j < 3; j++) Close(own.Beta[j], NonlinearMixedModelFitOf(fit, own.FixedNames[j]), 1e-6, own.FixedNames[j]);
        }
    }

    [Fact]
    public void A_linear_mean_is_the_linear_mixed_model()
    {
        Frame data = Fixtures.Data("Orange");
        NonlinearMixedModelFit fit = Fit("circumference ~ a + b * age ~ (a + b | Tree)", data, new NonlinearModelOptions { Start = new Dictionary<string, double> { ["a"] = 0, ["b"] = 1 } });
        var frame = Terrace.Design.ModelFrame.Learn(Formula.Parse("circumference ~ age + (age | Tree)"), data);
        var expected = Terrace.MixedModels.LinearMixedModel.Fit(frame.Encode(data), new Terrace.MixedModels.LinearMixedModelOptions { Reml = false });
        Close(expected.LogLikelihood, fit.LogLikelihood, 1e-10, "logLik");
        for (int j = 0; j < 2; j++)
        {
            Close(expected.Beta[j], fit.Beta[j], 1e-6, "beta");
            Close(expected.StandardErrors()[j], fit.StandardErrors()[j], 1e-4, "se");
        }
        for (int k = 0; k < 3; k++) Assert.True(Math.Abs(expected.Theta[k] - fit.Theta[k]) < 1e-4 * (0.01 + Math.Abs(expected.Theta[k])), $"theta {k}: {expected.Theta[k]} {fit.Theta[k]}");
    }

    [Fact]
    public void Crossed_and_nested_groups_are_fitted()
    {
        var random = new Numerics.RandomNumbers.Rng(3, 0);
        double[] row = [.. Enumerable.Range(0, 12).Select(_ => 8 * random.NextNormal())], column = [.. Enumerable.Range(0, 9).Select(_ => 0.5 * random.NextNormal())];
        var (x, y, a, b) = (new List<double>(), new List<double>(), new List<string>(), new List<string>());
        foreach (int i in Enumerable.Range(0, 12))
        {
            foreach (int j in Enumerable.Range(0, 9))
            {
                foreach (double at in new[] { 1.0, 4, 8, 15 })
                {
                    x.Add(at);
                    a.Add($"r{i}");
                    b.Add($"c{j}");
                    y.Add((100 + row[i]) * (1 - Math.Exp(-Math.Exp(-1.2 + column[j]) * at)) + 2 * random.NextNormal());
                }
            }
        }
        var data = new Frame([new NumericColumn("x", [.. x]), new NumericColumn("y", [.. y]), new TextColumn("row", [.. a]), new TextColumn("column", [.. b])]);
        NonlinearMixedModelFit fit = Fit("y ~ SSasympOrig(x, Asym, lrc) ~ (Asym | row) + (lrc | column)", data);
        Assert.True(fit.Converged, $"gradient {fit.GradientNorm}");
        // The truth is 100, -1.2, 2 and, by the seed, the simulated effects; their estimates are known to a few percent.
        Close(100 + row.Average(), fit.Beta[0], 0.02, "Asym");
        Close(-1.2 + column.Average(), fit.Beta[1], 0.05, "lrc");
        Close(2, fit.Sigma, 0.1, "sigma");
        double[] effects = [.. Enumerable.Range(0, 9).Select(j => fit.Terms.Single(t => t.Group == "column").Modes[j, 0])];
        for (int j = 0; j < 9; j++) Assert.True(Math.Abs(effects[j] + fit.Beta[1] + 1.2 - column[j]) < 0.05, $"column {j}");
    }

    private static double NonlinearMixedModelFitOf(NonlinearMixedModelFit fit, string name) => fit.Beta[fit.FixedNames.ToList().IndexOf(name)];
}
