using System.Text.Json;
using Terrace.Families;
using Terrace.HypothesisTests;
using Terrace.Tests.TestData;

namespace Terrace.Tests.HypothesisTests;

/// <summary>Likelihood-ratio tests of generalised linear models' terms against R's anova and car's Anova.</summary>
public class AnalysisOfDevianceTests
{
    private const string Use = "use ~ age + I(age^2) + urban * livch";
    private const string Breaks = "breaks ~ wool * tension";

    [Theory]
    [InlineData("contraception_glm", Use, "Contraception", "binomial", "II_LR", "LR Chisq", TermTestKind.Marginal)]
    [InlineData("contraception_glm", Use, "Contraception", "binomial", "III_LR", "LR Chisq", TermTestKind.AsCoded)]
    [InlineData("warpbreaks_poisson", Breaks, "warpbreaks", "poisson", "II_LR", "LR Chisq", TermTestKind.Marginal)]
    [InlineData("warpbreaks_poisson", Breaks, "warpbreaks", "quasipoisson", "II_F_quasi", "F value", TermTestKind.Marginal)]
    [InlineData("warpbreaks_poisson", Breaks, "warpbreaks", "gamma", "II_F_gamma", "F value", TermTestKind.Marginal)]
    public void Tests_of_deviance_are_cars(string name, string formula, string data, string family, string block, string column, TermTestKind kind)
    {
        JsonElement table = TestModels.Reference(name).GetProperty(block);
        var (fit, frame, rows) = TestModels.Linear(formula, Fixtures.Data(data), Family.Parse(family, family == "gamma" ? "log" : null));
        TermTests tests = AnalysisOfDeviance.Of(fit, frame, rows, kind);
        double[] statistics = TestModels.Numbers(table, column), df = TestModels.Numbers(table, "Df"), p = TestModels.Numbers(table, column == "F value" ? "Pr(>F)" : "Pr(>Chisq)");
        for (int t = 0; t < tests.Rows.Count; t++) Compare(statistics[t], df[t], p[t], tests.Rows[t]);
    }

    [Theory]
    [InlineData("contraception_glm", Use, "Contraception", "binomial", "anova", "Deviance")]
    [InlineData("warpbreaks_poisson", Breaks, "warpbreaks", "quasipoisson", "anova_F_quasi", "F")]
    public void Sequential_tests_are_those_of_anova(string name, string formula, string data, string family, string block, string column)
    {
        JsonElement table = TestModels.Reference(name).GetProperty(block);
        var (fit, frame, rows) = TestModels.Linear(formula, Fixtures.Data(data), Family.Parse(family));
        TermTests tests = AnalysisOfDeviance.Of(fit, frame, rows, TermTestKind.Sequential);
        double[] statistics = TestModels.Numbers(table, column), df = TestModels.Numbers(table, "Df"), p = TestModels.Numbers(table, column == "F" ? "Pr(>F)" : "Pr(>Chi)");
        for (int t = 0; t < tests.Rows.Count; t++) Compare(statistics[t + 1], df[t + 1], p[t + 1], tests.Rows[t]);
    }

    [Fact]
    public void Wald_tests_of_a_generalised_linear_model_are_cars()
    {
        var (fit, frame, rows) = TestModels.Linear(Use, Fixtures.Data("Contraception"), Family.Parse("binomial"));
        FixedEffectsEstimates estimates = FixedEffectsEstimates.Of(fit, frame, rows);
        JsonElement reference = TestModels.Reference("contraception_glm");
        foreach (var (block, kind, skipped) in new[] { ("II_Wald", TermTestKind.Marginal, 0), ("III_Wald", TermTestKind.AsCoded, 1) })
        {
            TermTests tests = TermTests.Of(estimates, kind);
            double[] statistics = TestModels.Numbers(reference.GetProperty(block), "Chisq");
            for (int t = 0; t < tests.Rows.Count; t++) TestModels.Close(statistics[t + skipped], tests.Rows[t].Test.Statistic, 1e-6, tests.Rows[t].Term);
        }
    }

    /// <summary>Averaged type III by deviance and by Wald ask the same and agree to first order; and in a model coded by sums they are the coded tests.</summary>
    [Fact]
    public void Averaged_tests_are_the_coded_ones_of_a_model_in_sum_contrasts()
    {
        var options = new Terrace.Design.ModelFrameOptions { Contrasts = new Dictionary<string, Terrace.Design.ContrastCoding> { ["urban"] = new(Terrace.Design.ContrastKind.Sum), ["livch"] = new(Terrace.Design.ContrastKind.Sum) } };
        var plain = TestModels.Linear(Use, Fixtures.Data("Contraception"), Family.Parse("binomial"));
        var summed = TestModels.Linear(Use, Fixtures.Data("Contraception"), Family.Parse("binomial"), options);
        TermTests averaged = AnalysisOfDeviance.Of(plain.Fit, plain.Frame, plain.Rows, TermTestKind.Averaged), coded = AnalysisOfDeviance.Of(summed.Fit, summed.Frame, summed.Rows, TermTestKind.AsCoded);
        for (int t = 0; t < averaged.Rows.Count; t++) TestModels.Close(coded.Rows[t].Test.Statistic, averaged.Rows[t].Test.Statistic, 1e-7, averaged.Rows[t].Term);
    }

    private static void Compare(double statistic, double df, double p, TermTest row)
    {
        Assert.Equal((int)df, row.Test.Df);
        TestModels.Close(statistic, row.Test.Statistic, 1e-5, row.Term);
        TestModels.CloseP(p, row.Test.PValue, 2e-5, row.Term);
    }
}
