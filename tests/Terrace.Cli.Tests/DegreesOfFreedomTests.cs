using System.Text.Json;

namespace Terrace.Cli.Tests;

public class DegreesOfFreedomTests
{
    private const string Model = "log_radon ~ floor + (1 | county)";
    private static readonly string Data = Folder.Example("radon");

    /// <summary>lmerTest's and pbkrtest's numbers; the bounds are estimate ± qt(0.975, df) × standard error by R.</summary>
    [Theory]
    [InlineData("satterthwaite", 87.6622140439151, 0.0515762212852827, 6.54739189266375e-46, 1.98739660)]
    [InlineData("kenward-roger", 84.9674829136884, 0.0517448077773274, 5.8573128752811e-45, 1.98827889)]
    public void The_document_has_df_p_and_t_intervals(string kind, double df, double error, double p, double quantile)
    {
        JsonElement fit = Tool.Json("fit", Model, "--data", Data, "--df", kind);
        JsonElement effect = fit.GetProperty("fixed")[0];
        Near(df, effect, "df", 1e-4);
        Near(error, effect, "stdError", 1e-5);
        Near(p, effect, "pValue", 1e-2);
        Near(1.46159787546995 / error, effect, "statistic", 1e-5);
        Near(1.46159787546995 - quantile * error, effect, "lower", 1e-5);
        Near(1.46159787546995 + quantile * error, effect, "upper", 1e-5);
        Assert.Equal(Math.Pow(effect.GetProperty("stdError").GetDouble(), 2), fit.GetProperty("vcov").GetProperty("values")[0][0].GetDouble(), 12);
    }

    [Fact]
    public void Satterthwaites_method_is_the_default_and_can_be_declined()
    {
        JsonElement plain = Tool.Json("fit", Model, "--data", Data).GetProperty("fixed"), chosen = Tool.Json("fit", Model, "--data", Data, "--df", "satterthwaite").GetProperty("fixed");
        Assert.Equal(plain.ToString(), chosen.ToString());
        JsonElement none = Tool.Json("fit", Model, "--data", Data, "--df", "none").GetProperty("fixed")[0];
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (none.GetProperty("df").ValueKind, none.GetProperty("pValue").ValueKind));
    }

    [Fact]
    public void A_very_large_model_has_none_unless_asked_and_says_so()
    {
        using var folder = new Folder();
        string rows = string.Concat(Enumerable.Range(0, 2500).Select(i => $"{i * 7919 % 1009},a{i % 500},b{i * 31 % 450}\n"));
        string data = folder.File("crossed.csv", "y,a,b\n" + rows);
        ToolRun run = Tool.Run("fit", "y ~ 1 + (1 | a) + (1 | b)", "--data", data);
        Assert.Equal(0, run.Status);
        Assert.Contains("Linear mixed model fit by REML ['lmerMod']", run.Output, StringComparison.Ordinal);
        Assert.Contains("--df satterthwaite computes them", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--df", Tool.Run("fit", "y ~ 1 + (1 | a) + (1 | b)", "--data", data, "--df", "none").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("satterthwaite", "Satterthwaite's method", "87.662")]
    [InlineData("kenward-roger", "Kenward-Roger's method", "84.967")]
    public void The_text_names_the_method_and_shows_df_and_p(string kind, string method, string df)
    {
        ToolRun run = Tool.Run("fit", Model, "--data", Data, "--df", kind, "--level", "0.9");
        Assert.Equal((0, ""), (run.Status, run.Error));
        foreach (string part in new[] { method, " df t value Pr(>|t|)", df, "<2e-16 ***", "90 % t intervals" }) Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("log_radon ~ floor", "gaussian", "reml", "satterthwaite", "(1 | group)")]
    [InlineData("floor ~ 1 + (1 | county)", "binomial", "laplace", "satterthwaite", "Gaussian mixed models")]
    [InlineData(Model, "gaussian", "ml", "kenward-roger", "--engine reml")]
    public void Models_without_such_tests_are_refused(string formula, string family, string engine, string kind, string reason)
    {
        string[] chosen = formula.Contains('|', StringComparison.Ordinal) ? ["--engine", engine] : [];
        Tool.Run(["fit", formula, "--data", Data, "--family", family, "--df", kind, .. chosen]).Refuses(2, "--df " + kind, reason);
    }

    [Fact]
    public void A_fit_by_maximum_likelihood_has_Satterthwaites_degrees_of_freedom() =>
        Assert.InRange(Tool.Json("fit", Model, "--data", Data, "--engine", "ml", "--df", "satterthwaite").GetProperty("fixed")[0].GetProperty("df").GetDouble(), 80, 95);

    [Fact]
    public void Kenward_and_Rogers_method_refuses_more_random_effects_than_it_can_hold()
    {
        using var folder = new Folder();
        string rows = string.Concat(Enumerable.Range(0, 8004).Select(i => $"{i * 7919 % 1009},g{i / 2}\n"));
        Tool.Run("fit", "y ~ 1 + (1 | g)", "--data", folder.File("many.csv", "y,g\n" + rows), "--df", "kenward-roger").Refuses(1, "4,002", "4,000", "Satterthwaite");
    }

    private static void Near(double expected, JsonElement effect, string member, double relative) =>
        Assert.InRange(effect.GetProperty(member).GetDouble() / expected, 1 - relative, 1 + relative);
}
