using System.Text.Json;
using Terrace.Design;
using Terrace.Families;
using Terrace.HypothesisTests;
using Terrace.MixedModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.HypothesisTests;

/// <summary>Tests of terms against lmerTest's anova, car's Anova and R's anova.</summary>
public class TermTestsTests
{
    private const string Owls = "NegPerChick ~ FoodTreatment * SexParent + ArrivalTime + (1 | Nest)";
    private const string Age = "age ~ livch * urban + (1 | district)";
    private const string Sleep = "Reaction ~ factor(Days) + (Days | Subject)";
    private const string Use = "use ~ age + livch * urban + (1 | district)";

    [Theory]
    [InlineData("owls_lmm", Owls, "Owls", "type3_satterthwaite", TermTestKind.Averaged, DegreesOfFreedomMethod.Satterthwaite)]
    [InlineData("owls_lmm", Owls, "Owls", "type3_kr", TermTestKind.Averaged, DegreesOfFreedomMethod.KenwardRoger)]
    [InlineData("contraception_age_lmm", Age, "Contraception", "type3_satterthwaite", TermTestKind.Averaged, DegreesOfFreedomMethod.Satterthwaite)]
    [InlineData("contraception_age_lmm", Age, "Contraception", "type3_kr", TermTestKind.Averaged, DegreesOfFreedomMethod.KenwardRoger)]
    [InlineData("sleep_days_unbalanced", Sleep, "sleepstudy_unbalanced", "type3_satterthwaite", TermTestKind.Averaged, DegreesOfFreedomMethod.Satterthwaite)]
    [InlineData("sleep_days_unbalanced", Sleep, "sleepstudy_unbalanced", "type3_kr", TermTestKind.Averaged, DegreesOfFreedomMethod.KenwardRoger)]
    public void Type_3_F_tests_of_mixed_models_are_lmerTests(string name, string formula, string data, string block, TermTestKind kind, DegreesOfFreedomMethod method)
    {
        JsonElement table = TestModels.Reference(name).GetProperty(block);
        TermTests tests = TermTests.Of(TestModels.Estimates(formula, data, method), kind);
        Compare(TestModels.Texts(table, "row"), TestModels.Numbers(table, "F value"), TestModels.Numbers(table, "NumDF"), TestModels.Numbers(table, "DenDF"), TestModels.Numbers(table, "Pr(>F)"), tests, 0);
    }

    [Theory]
    [InlineData("owls_lmm", Owls, "Owls", "car_II_F", TermTestKind.Marginal)]
    [InlineData("owls_lmm", Owls, "Owls", "car_III_F", TermTestKind.AsCoded)]
    [InlineData("contraception_age_lmm", Age, "Contraception", "car_II_F", TermTestKind.Marginal)]
    [InlineData("contraception_age_lmm", Age, "Contraception", "car_III_F", TermTestKind.AsCoded)]
    public void Type_2_and_coded_type_3_F_tests_are_cars(string name, string formula, string data, string block, TermTestKind kind)
    {
        JsonElement table = TestModels.Reference(name).GetProperty(block);
        TermTests tests = TermTests.Of(TestModels.Estimates(formula, data, DegreesOfFreedomMethod.KenwardRoger), kind);
        Compare(TestModels.Texts(table, "row"), TestModels.Numbers(table, "F"), TestModels.Numbers(table, "Df"), TestModels.Numbers(table, "Df.res"), TestModels.Numbers(table, "Pr(>F)"), tests, kind == TermTestKind.AsCoded ? 1 : 0);
    }

    [Theory]
    [InlineData("owls_lmm", Owls, "Owls", "car_II_chisq", TermTestKind.Marginal, null)]
    [InlineData("owls_lmm", Owls, "Owls", "car_III_chisq", TermTestKind.AsCoded, null)]
    [InlineData("contraception_age_lmm", Age, "Contraception", "car_II_chisq", TermTestKind.Marginal, null)]
    [InlineData("contraception_age_lmm", Age, "Contraception", "car_III_chisq", TermTestKind.AsCoded, null)]
    [InlineData("contraception_glmm", Use, "Contraception", "car_II", TermTestKind.Marginal, "binomial")]
    [InlineData("contraception_glmm", Use, "Contraception", "car_III", TermTestKind.AsCoded, "binomial")]
    [InlineData("cbpp_glmm", "cbind(incidence, size - incidence) ~ period + (1 | herd)", "cbpp", "car_II", TermTestKind.Marginal, "binomial")]
    [InlineData("owls_glmm", "SiblingNegotiation ~ FoodTreatment * SexParent + offset(logBroodSize) + (1 | Nest)", "Owls", "car_II", TermTestKind.Marginal, "poisson")]
    public void Wald_chi_square_tests_are_cars(string name, string formula, string data, string block, TermTestKind kind, string? family)
    {
        JsonElement table = TestModels.Reference(name).GetProperty(block);
        TermTests tests = TermTests.Of(TestModels.Estimates(formula, data, DegreesOfFreedomMethod.None, family is null ? null : Family.Parse(family)), kind);
        string[] terms = TestModels.Texts(table, "row");
        double[] statistics = TestModels.Numbers(table, "Chisq"), df = TestModels.Numbers(table, "Df"), p = TestModels.Numbers(table, "Pr(>Chisq)");
        int skipped = terms[0] == "(Intercept)" ? 1 : 0;
        for (int t = skipped; t < terms.Length; t++)
        {
            HypothesisTest test = tests.Rows[t - skipped].Test;
            Assert.Equal((terms[t], "Chisq", (int)df[t]), (tests.Rows[t - skipped].Term, test.Kind, test.Df));
            // glmer's standard errors come from finite differences of its deviance; those of the owls are off by 0.15 %.
            TestModels.Close(statistics[t], test.Statistic, family is null ? 1e-5 : 4e-3, terms[t]);
            TestModels.CloseP(p[t], test.PValue, family is null ? 1e-5 : 4e-3, terms[t]);
        }
    }

    [Theory]
    [InlineData("owls_lmm", Owls, "Owls")]
    [InlineData("contraception_age_lmm", Age, "Contraception")]
    public void Sequential_F_values_are_those_of_lme4s_anova(string name, string formula, string data)
    {
        JsonElement table = TestModels.Reference(name).GetProperty("lme4_sequential");
        TermTests tests = TermTests.Of(TestModels.Estimates(formula, data, DegreesOfFreedomMethod.Satterthwaite), TermTestKind.Sequential);
        double[] f = TestModels.Numbers(table, "F value");
        for (int t = 0; t < f.Length; t++) TestModels.Close(f[t], tests.Rows[t].Test.Statistic, 2e-5, tests.Rows[t].Term);
    }

    /// <summary>Sequential χ² add up to the test of everything; type II of the last term is its sequential test.</summary>
    [Fact]
    public void Sequential_tests_split_the_test_of_the_whole_model()
    {
        FixedEffectsEstimates estimates = TestModels.Estimates(Age, "Contraception", DegreesOfFreedomMethod.None);
        TermTests sequential = TermTests.Of(estimates, TermTestKind.Sequential), marginal = TermTests.Of(estimates, TermTestKind.Marginal);
        var all = new Numerics.LinearAlgebra.Matrix(estimates.Beta.Count - 1, estimates.Beta.Count);
        for (int j = 1; j < estimates.Beta.Count; j++) all[j - 1, j] = 1;
        TestModels.Close(estimates.Test(all).Statistic, sequential.Rows.Sum(row => row.Test.Statistic), 1e-8, "sum");
        TestModels.Close(sequential.Rows[^1].Test.Statistic, marginal.Rows[^1].Test.Statistic, 1e-10, "last");
    }

    [Fact]
    public void F_tests_of_a_linear_model_are_those_of_anova_and_car()
    {
        JsonElement reference = TestModels.Reference("mtcars_lm");
        var (fit, frame, rows) = TestModels.Linear("mpg ~ wt * factor(cyl) + am", Fixtures.Data("mtcars"));
        CompareLinear(reference.GetProperty("anova"), AnalysisOfDeviance.Of(fit, frame, rows, TermTestKind.Sequential), 0);
        CompareLinear(reference.GetProperty("II"), AnalysisOfDeviance.Of(fit, frame, rows, TermTestKind.Marginal), 0);
        CompareLinear(reference.GetProperty("III"), AnalysisOfDeviance.Of(fit, frame, rows, TermTestKind.AsCoded), 1);
        CompareLinear(reference.GetProperty("III_sum"), AnalysisOfDeviance.Of(fit, frame, rows, TermTestKind.Averaged), 1);
    }

    /// <summary>Type III, type II and type I do not depend on the coding; type III as coded does, and says so.</summary>
    [Fact]
    public void Only_coded_tests_depend_on_the_contrasts()
    {
        FixedEffectsEstimates Fit(ContrastKind kind)
        {
            var contrasts = new Dictionary<string, ContrastCoding> { ["livch"] = new(kind), ["urban"] = new(kind) };
            var (frame, rows) = TestModels.Rows(Age, Fixtures.Data("Contraception"), new ModelFrameOptions { Contrasts = contrasts });
            return FixedEffectsEstimates.Of(LinearMixedModel.Fit(rows), frame, rows, DegreesOfFreedomMethod.KenwardRoger);
        }

        FixedEffectsEstimates treatment = Fit(ContrastKind.Treatment), helmert = Fit(ContrastKind.Helmert);
        foreach (TermTestKind kind in new[] { TermTestKind.Averaged, TermTestKind.Marginal, TermTestKind.Sequential })
        {
            TermTests a = TermTests.Of(treatment, kind), b = TermTests.Of(helmert, kind);
            for (int t = 0; t < 3; t++) TestModels.Close(a.Rows[t].Test.Statistic, b.Rows[t].Test.Statistic, 1e-5, $"{kind} {t}");
        }
        TermTests coded = TermTests.Of(treatment, TermTestKind.AsCoded), summed = TermTests.Of(helmert, TermTestKind.AsCoded);
        TestModels.Close(TermTests.Of(treatment, TermTestKind.Averaged).Rows[1].Test.Statistic, summed.Rows[1].Test.Statistic, 1e-5, "helmert as coded");
        Assert.True(Math.Abs(coded.Rows[1].Test.Statistic / summed.Rows[1].Test.Statistic - 1) > 1);
        Assert.Contains("reference levels", Assert.Single(coded.Warnings).Message, StringComparison.Ordinal);
        Assert.Empty(summed.Warnings);
    }

    /// <summary>Coefficients from elsewhere are tested like those of a fit.</summary>
    [Fact]
    public void Estimates_of_any_model_are_tested_by_their_covariance()
    {
        var (fit, frame, rows) = TestModels.Mixed(Use, "Contraception", Family.Parse("binomial"));
        var own = FixedEffectsEstimates.Of(fit, frame, rows);
        var given = FixedEffectsEstimates.Of(frame, rows, fit.Family.Link, fit.Beta, fit.BetaCovariance);
        Assert.Equal(TermTests.Of(own, TermTestKind.Averaged).Rows, TermTests.Of(given, TermTestKind.Averaged).Rows);
        Assert.Throws<ArgumentException>(() => FixedEffectsEstimates.Of(frame, rows, fit.Family.Link, fit.Beta, new Numerics.LinearAlgebra.Matrix(2, 2)));
    }

    [Fact]
    public void A_missing_cell_makes_type_3_tests_impossible_and_leaves_type_2_ones()
    {
        var data = Fixtures.Data("warpbreaks");
        var kept = data.Where([.. Enumerable.Range(0, data.RowCount).Select(i => !(data.Get("wool").TextAt(i) == "B" && data.Get("tension").TextAt(i) == "M"))]);
        var (fit, frame, rows) = TestModels.Linear("breaks ~ wool * tension", kept);
        CompareLinear(TestModels.Reference("warpbreaks_lm").GetProperty("missing_II"), AnalysisOfDeviance.Of(fit, frame, rows, TermTestKind.Marginal), 0);
        TermTests averaged = AnalysisOfDeviance.Of(fit, frame, rows, TermTestKind.Averaged);
        Assert.All(averaged.Rows.Where(row => row.Term != "wool:tension"), row => Assert.True(double.IsNaN(row.Test.PValue)));
        Assert.Contains(averaged.Warnings, warning => warning.Code == "not-estimable");
    }

    private static void CompareLinear(JsonElement table, TermTests tests, int skipped)
    {
        string[] terms = TestModels.Texts(table, "row");
        double[] df = TestModels.Numbers(table, "Df"), f = TestModels.Numbers(table, "F value"), p = TestModels.Numbers(table, "Pr(>F)");
        for (int t = skipped; t < terms.Length - 1; t++)
        {
            HypothesisTest test = tests.Rows[t - skipped].Test;
            Assert.Equal(("F", (int)df[t], df[^1]), (test.Kind, test.Df, test.DenominatorDf));
            TestModels.Close(f[t], test.Statistic, 1e-9, terms[t]);
            TestModels.Close(p[t], test.PValue, 1e-8, terms[t] + " p");
        }
    }

    private static void Compare(string[] terms, double[] f, double[] df, double[] denominator, double[] p, TermTests tests, int skipped)
    {
        for (int t = skipped; t < terms.Length; t++)
        {
            TermTest row = tests.Rows[t - skipped];
            Assert.Equal((terms[t] == "Day" ? "factor(Days)" : terms[t], "F", (int)df[t]), (row.Term, row.Test.Kind, row.Test.Df));
            TestModels.Close(f[t], row.Test.Statistic, 2e-5, terms[t] + " F");
            TestModels.Close(denominator[t], row.Test.DenominatorDf!.Value, 2e-4, terms[t] + " df");
            TestModels.CloseP(p[t], row.Test.PValue, 1e-3, terms[t]);
        }
    }
}
