using System.Text.Json;

namespace Terrace.Cli.Tests;

public class FitCommandTests
{
    private static readonly string[] Members =
    [
        "formula", "family", "link", "engine", "requestedEngine", "n", "cells", "omitted", "fixed", "vcov", "random", "correlations", "groups", "parameters",
        "residualSd", "icc", "logLik", "deviance", "remlCriterion", "aic", "bic", "dfResidual", "ranef", "coef",
        "converged", "singular", "gradientNorm", "evaluations", "factorisation", "seconds", "warnings",
    ];

    [Theory]
    [InlineData("radon", "log_radon ~ floor", "gaussian")]
    [InlineData("radon", "log_radon ~ floor + (floor | county)", "gaussian")]
    [InlineData("cbpp", "cbind(incidence, size - incidence) ~ factor(period) + (1 | herd)", "binomial")]
    public void The_document_has_every_member_of_the_contract(string data, string formula, string family)
    {
        JsonElement fit = Tool.Json("fit", formula, "--data", Folder.Example(data), "--family", family);
        Assert.Equal(Members, fit.EnumerateObject().Select(member => member.Name));
        JsonElement effect = fit.GetProperty("fixed")[0];
        Assert.Equal(["component", "term", "estimate", "stdError", "statistic", "df", "pValue", "lower", "upper"], effect.EnumerateObject().Select(member => member.Name));
        Assert.Equal("conditional", effect.GetProperty("component").GetString());
        Assert.Equal("(Intercept)", fit.GetProperty("vcov").GetProperty("terms")[0].GetString());
        Assert.Equal(Math.Pow(effect.GetProperty("stdError").GetDouble(), 2), fit.GetProperty("vcov").GetProperty("values")[0][0].GetDouble(), 12);
    }

    [Fact]
    public void Two_terms_with_one_name_have_names_of_their_own_in_the_document()
    {
        JsonElement fit = Tool.Json("fit", "log_radon ~ floor + (1 | county) + (1 | county)", "--data", Folder.Example("radon"));
        JsonElement level = fit.GetProperty("ranef").GetProperty("county").EnumerateObject().First().Value;
        Assert.Equal(["(Intercept)", "(Intercept).1"], level.EnumerateObject().Select(member => member.Name));
        string[] names = [.. fit.GetProperty("coef").GetProperty("county").EnumerateObject().First().Value.EnumerateObject().Select(member => member.Name)];
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public void A_linear_mixed_model_has_lme4s_numbers()
    {
        JsonElement fit = Tool.Json("fit", "log_radon ~ floor + (1 | county)", "--data", Folder.Example("radon"));
        Assert.Equal("reml", fit.GetProperty("engine").GetString());
        Assert.Equal(919, fit.GetProperty("n").GetInt32());
        Near(1.46159787546995, fit.GetProperty("fixed")[0].GetProperty("estimate"), 1e-6);
        Near(87.662, fit.GetProperty("fixed")[0].GetProperty("df"), 0.01);
        Near(2171.3053, fit.GetProperty("remlCriterion"), 1e-3);
        Assert.Equal(JsonValueKind.Null, fit.GetProperty("deviance").ValueKind);
        JsonElement aitkin = fit.GetProperty("ranef").GetProperty("county").GetProperty("AITKIN").GetProperty("(Intercept)");
        Assert.Equal(["estimate", "sd"], aitkin.EnumerateObject().Select(member => member.Name));
        Near(0.498506643898314 - 0.768604140845317, aitkin.GetProperty("estimate"), 1e-5);
        JsonElement coef = fit.GetProperty("coef").GetProperty("county").GetProperty("AITKIN");
        Assert.Equal(["(Intercept)", "floor"], coef.EnumerateObject().Select(member => member.Name));
        Assert.Equal(85, fit.GetProperty("groups")[0].GetProperty("levels").GetInt32());
        Near(fit.GetProperty("residualSd").GetDouble(), fit.GetProperty("parameters")[0].GetProperty("estimate"), 0);
        Assert.Equal("1.987", ((fit.GetProperty("fixed")[0].GetProperty("upper").GetDouble() - 1.46159787546995) / fit.GetProperty("fixed")[0].GetProperty("stdError").GetDouble()).ToString("F3"));
    }

    [Fact]
    public void A_generalised_mixed_model_has_lme4s_numbers_and_z_tests()
    {
        JsonElement fit = Tool.Json("fit", "cbind(incidence, size - incidence) ~ period + (1 | herd)", "--data", Folder.Example("cbpp"), "--factor", "period", "--family", "binomial");
        Assert.Equal("laplace", fit.GetProperty("engine").GetString());
        Near(-92.0265663895303, fit.GetProperty("logLik"), 1e-3);
        Near(-1.39834286447115, fit.GetProperty("fixed")[0].GetProperty("estimate"), 1e-3);
        Assert.InRange(fit.GetProperty("fixed")[1].GetProperty("pValue").GetDouble(), 1e-4, 3e-3);
        Assert.Equal(JsonValueKind.Null, fit.GetProperty("residualSd").ValueKind);
        Assert.Empty(fit.GetProperty("parameters").EnumerateArray());
    }

    [Theory]
    [InlineData("agq:9", -0.160561758917795, 0.713689017987459, -645.36060037565, 9)]
    [InlineData("agq:0", -0.157300836137, 0.713430309730, -645.369177296888, 0)]
    public void Quadrature_has_lme4s_numbers_and_header(string engine, double intercept, double sd, double logLikelihood, int points)
    {
        string[] command = ["fit", "response ~ 1 + (1 | class)", "--data", Folder.Example("students"), "--family", "binomial", "--engine", engine];
        JsonElement fit = Tool.Json(command);
        Assert.Equal((engine, engine), (fit.GetProperty("engine").GetString(), fit.GetProperty("requestedEngine").GetString()));
        Near(intercept, fit.GetProperty("fixed")[0].GetProperty("estimate"), 1e-4);
        Near(sd, fit.GetProperty("random")[0].GetProperty("sd"), 1e-4);
        Near(logLikelihood, fit.GetProperty("logLik"), 1e-5);
        Assert.InRange(fit.GetProperty("fixed")[0].GetProperty("pValue").GetDouble(), 0.6, 0.65);
        Assert.StartsWith($"Generalized linear mixed model fit by maximum likelihood (Adaptive\n  Gauss-Hermite Quadrature, nAGQ = {points}) [glmerMod]\n",
            Tool.Run(command).Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("agq:101")]
    [InlineData("agq:-1")]
    [InlineData("agq:K")]
    [InlineData("agq")]
    public void A_number_of_points_out_of_range_is_refused(string engine) =>
        Tool.Run("fit", "response ~ 1 + (1 | class)", "--data", Folder.Example("students"), "--family", "binomial", "--engine", engine).Refuses(2, "from 0 to 100");

    [Fact]
    public void Quadrature_over_two_groups_is_refused_with_advice() =>
        Tool.Run("fit", "bush ~ 1 + (1 | state) + (1 | edu)", "--data", Folder.Example("election88_polls_all"), "--family", "binomial", "--engine", "agq:5")
            .Refuses(1, "agq:5 needs one grouping factor, as (1 | g) or (1 + x | g)");

    [Fact]
    public void A_saved_quadrature_fit_predicts()
    {
        using var folder = new Folder();
        string file = folder.At("fit.json");
        JsonElement fit = Tool.Json("fit", "response ~ 1 + (1 | class)", "--data", Folder.Example("students"), "--family", "binomial", "--engine", "agq:9", "--save", file);
        ToolRun run = Tool.Run("predict", file, "--data", Folder.Example("students"), "--json");
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.Equal("agq:9", fit.GetProperty("engine").GetString());
        Assert.Contains("0.26337", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_aliased_column_has_a_null_estimate_and_a_warning()
    {
        using var folder = new Folder();
        string file = folder.File("x.csv", "y,a,b\n1,1,2\n3,2,4\n2,3,6\n5,4,8\n");
        JsonElement fit = Tool.Json("fit", "y ~ a + b", "--data", file);
        Assert.Equal(JsonValueKind.Null, fit.GetProperty("fixed")[2].GetProperty("estimate").ValueKind);
        Assert.Equal(2, fit.GetProperty("vcov").GetProperty("terms").GetArrayLength());
        Assert.Contains("aliased", Codes(fit));
    }

    [Fact]
    public void Rows_with_missing_values_are_counted_and_named()
    {
        JsonElement fit = Tool.Json("fit", "bush ~ female", "--data", Folder.Example("election88_polls_all"), "--family", "binomial");
        Assert.Equal((11566, 1978, 2), (fit.GetProperty("n").GetInt32(), fit.GetProperty("omitted").GetInt32(), fit.GetProperty("cells").GetInt32()));
        Assert.Contains("rows-omitted", Codes(fit));
    }

    [Fact]
    public void A_formula_can_stand_in_a_file()
    {
        using var folder = new Folder();
        JsonElement fit = Tool.Json("fit", "@" + folder.File("model.txt", "log_radon ~\n  floor\n"), "--data", Folder.Example("radon"));
        Assert.Equal("log_radon ~ floor", fit.GetProperty("formula").GetString());
    }

    [Fact]
    public void Warnings_go_to_standard_error_and_quiet_keeps_them_back()
    {
        string[] fit = ["fit", "bush ~ female", "--data", Folder.Example("election88_polls_all"), "--family", "binomial", "--json"];
        Assert.Contains("1978 rows", Tool.Run(fit).Error, StringComparison.Ordinal);
        Assert.Empty(Tool.Run([.. fit, "--quiet"]).Error);
    }

    [Theory]
    [InlineData("log_radon ~ floor", new[] { "lm(formula = log_radon ~ floor", "Coefficients:", "Estimate Std. Error t value Pr(>|t|)", "90 % t intervals of the coefficients (residual degrees of freedom)" })]
    [InlineData("log_radon ~ floor + (1 | county)", new[] { "Linear mixed model fit by REML. t-tests use Satterthwaite's method", "Random effects:", "county", "Fixed effects:", "90 % t intervals" })]
    public void The_text_is_laid_out_as_R_does(string formula, string[] parts)
    {
        ToolRun run = Tool.Run("fit", formula, "--data", Folder.Example("radon"), "--level", "0.9");
        Assert.Equal((0, ""), (run.Status, run.Error));
        foreach (string part in parts) Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--engine", "laplace")]
    [InlineData("--engine", "mcmc")]
    [InlineData("--engine", "agq:9")]
    [InlineData("--family", "sratio")]
    [InlineData("--df", "wald")]
    [InlineData("--link", "logit")]
    [InlineData("--chains", "4")]
    public void What_is_not_built_or_does_not_fit_is_refused(string option, string value) =>
        Tool.Run("fit", "log_radon ~ floor + (1 | county)", "--data", Folder.Example("radon"), option, value).Refuses(2, option);

    private static string?[] Codes(JsonElement fit) => [.. fit.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetProperty("code").GetString())];

    private static void Near(double expected, JsonElement actual, double tolerance) => Assert.InRange(actual.GetDouble(), expected - tolerance, expected + tolerance);
}
