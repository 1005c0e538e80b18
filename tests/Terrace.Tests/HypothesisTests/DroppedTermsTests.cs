using System.Text.Json;
using Terrace.Families;
using Terrace.HypothesisTests;
using Terrace.MixedModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.HypothesisTests;

/// <summary>Likelihood-ratio tests of dropped terms against lme4's drop1 and lmerTest's ranova.</summary>
public class DroppedTermsTests
{
    private const string Owls = "NegPerChick ~ FoodTreatment * SexParent + ArrivalTime + (1 | Nest)";

    [Theory]
    [InlineData("owls_lmm", Owls, "Owls", null)]
    [InlineData("contraception_age_lmm", "age ~ livch * urban + (1 | district)", "Contraception", null)]
    [InlineData("contraception_glmm", "use ~ age + livch * urban + (1 | district)", "Contraception", "binomial")]
    [InlineData("cbpp_glmm", "cbind(incidence, size - incidence) ~ period + (1 | herd)", "cbpp", "binomial")]
    public void Fixed_terms_of_mixed_models_are_dropped_as_lme4_does(string name, string formula, string data, string? family)
    {
        JsonElement table = TestModels.Reference(name).GetProperty("drop1");
        var (fit, frame, rows) = TestModels.Mixed(formula, data, family is null ? null : Family.Parse(family));
        DroppedTerms dropped = DroppedTerms.OfFixed(fit, frame, rows);
        Assert.Equal(family is null, dropped.IsRefitted);
        Assert.Equal(family is null, dropped.Warnings.Any(warning => warning.Code == "refitted-ml"));
        Compare(table, dropped, "Pr(Chi)");
    }

    [Fact]
    public void Terms_of_a_generalised_linear_model_are_dropped_as_R_does()
    {
        JsonElement table = TestModels.Reference("contraception_glm").GetProperty("drop1");
        var (fit, frame, rows) = TestModels.Linear("use ~ age + I(age^2) + urban * livch", Fixtures.Data("Contraception"), Family.Parse("binomial"));
        Compare(table, DroppedTerms.OfFixed(fit, frame, rows), "Pr(>Chi)");
    }

    [Theory]
    [InlineData("ranova", "Reaction ~ Days + (Days | Subject)")]
    [InlineData("ranova_uncorrelated", "Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)")]
    [InlineData("ranova_intercept", "Reaction ~ Days + (1 | Subject)")]
    public void Random_terms_are_dropped_as_lmerTest_does(string block, string formula)
    {
        JsonElement table = TestModels.Reference("sleep_ranova").GetProperty(block);
        var (fit, frame, rows) = TestModels.Mixed(formula, "sleepstudy");
        DroppedTerms dropped = DroppedTerms.OfRandom(fit, frame, rows);
        double[] lrt = TestModels.Numbers(table, "LRT"), df = TestModels.Numbers(table, "Df"), aic = TestModels.Numbers(table, "AIC"), p = TestModels.Numbers(table, "Pr(>Chisq)");
        TestModels.Close(aic[0], dropped.Aic, 1e-8, "AIC");
        for (int t = 0; t < dropped.Rows.Count; t++)
        {
            Assert.Equal((int)df[t + 1], dropped.Rows[t].Df);
            TestModels.Close(lrt[t + 1], dropped.Rows[t].ChiSquare, 1e-6, dropped.Rows[t].Term);
            TestModels.Close(aic[t + 1], dropped.Rows[t].Aic, 1e-8, dropped.Rows[t].Term + " AIC");
            TestModels.CloseP(p[t + 1], dropped.Rows[t].PValue, 1e-6, dropped.Rows[t].Term);
        }
        Assert.Contains(dropped.Warnings, warning => warning.Code == "boundary-test");
    }

    /// <summary>R: 2 * (logLik(glmer(…)) - logLik(glm(…))) and AIC(glm(…)) of cbind(incidence, size - incidence) ~ period [+ (1 | herd)].</summary>
    [Fact]
    public void The_last_random_term_of_a_generalised_mixed_model_leaves_a_generalised_linear_one()
    {
        var (fit, frame, rows) = TestModels.Mixed("cbind(incidence, size - incidence) ~ period + (1 | herd)", "cbpp", Family.Parse("binomial"));
        DroppedTerm row = Assert.Single(DroppedTerms.OfRandom(fit, frame, rows).Rows);
        Assert.Equal(("(1 | herd)", 1), (row.Term, row.Df));
        TestModels.Close(14.0058352357, row.ChiSquare, 1e-6, "LRT");
        TestModels.Close(206.058398979, row.Aic, 1e-9, "AIC");
    }

    /// <summary>Where the variance is estimated as 0, the model without the term is the same model: by REML, ML and Laplace, whose constants must agree.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_variance_of_zero_loses_nothing(bool reml)
    {
        var (fit, frame, rows) = TestModels.Mixed("Yield ~ 1 + (1 | Batch)", "Dyestuff2", reml: reml);
        DroppedTerm row = Assert.Single(DroppedTerms.OfRandom(fit, frame, rows).Rows);
        Assert.Equal(fit.LogLikelihood, row.LogLikelihood, 1e-7);
        Assert.Equal(1, row.PValue, 1e-4);
    }

    [Fact]
    public void The_last_random_term_of_a_weighted_model_leaves_a_weighted_linear_one()
    {
        var (frame, rows) = TestModels.Rows("Yield ~ 1 + (1 | Batch)", Fixtures.Data("Dyestuff2"), new Terrace.Design.ModelFrameOptions { Weights = Terrace.Formulas.Expression.Parse("5 + 0.2 * abs(Yield)") });
        MixedModelFit fit = LinearMixedModel.Fit(rows);
        Assert.True(fit.Singular);
        Assert.Equal(fit.LogLikelihood, Assert.Single(DroppedTerms.OfRandom(fit, frame, rows).Rows).LogLikelihood, 1e-7);
    }

    /// <summary>Without an intercept the second factor of a formula takes over the indicators when the first is dropped.</summary>
    [Fact]
    public void Dropping_a_factor_recodes_the_one_after_it()
    {
        var data = Fixtures.Data("warpbreaks");
        var (fit, frame, rows) = TestModels.Linear("breaks ~ 0 + wool + tension", data);
        DroppedTerm dropped = DroppedTerms.OfFixed(fit, frame, rows).Rows[0];
        Assert.Equal(("wool", 1), (dropped.Term, dropped.Df));
        Assert.Equal(TestModels.Linear("breaks ~ 0 + tension", data).Fit.LogLikelihood, dropped.LogLikelihood, 1e-9);
    }

    [Fact]
    public void A_quasi_family_has_no_likelihood_to_drop_terms_by()
    {
        var (fit, frame, rows) = TestModels.Linear("breaks ~ wool", Fixtures.Data("warpbreaks"), Family.Parse("quasipoisson"));
        Assert.Contains("type2", Assert.Throws<ModelException>(() => DroppedTerms.OfFixed(fit, frame, rows)).Message, StringComparison.Ordinal);
    }

    private static void Compare(JsonElement table, DroppedTerms dropped, string pColumn)
    {
        string[] terms = TestModels.Texts(table, "row");
        double[] aic = TestModels.Numbers(table, "AIC"), lrt = TestModels.Numbers(table, "LRT"), p = TestModels.Numbers(table, pColumn);
        Assert.Equal(terms[1..], dropped.Rows.Select(row => row.Term));
        TestModels.Close(aic[0], dropped.Aic, 1e-7, "AIC");
        for (int t = 1; t < terms.Length; t++)
        {
            TestModels.Close(aic[t], dropped.Rows[t - 1].Aic, 1e-7, terms[t] + " AIC");
            Assert.Equal(lrt[t], dropped.Rows[t - 1].ChiSquare, 2e-4);
            TestModels.CloseP(p[t], dropped.Rows[t - 1].PValue, 1e-3, terms[t]);
        }
    }
}
