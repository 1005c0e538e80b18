using System.Text.Json;

namespace Terrace.Cli.Tests;

/// <summary>Families with parameters beside the mean, from the command line to saved fits, predictions and comparisons.</summary>
public sealed class DistributionalCommandTests : IDisposable
{
    private static readonly string[] Salamanders = ["--data", Folder.Fixture("Salamanders.csv.gz"), "--factor", "mined=yes,no"];
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_document_of_a_zero_inflated_model_names_its_components()
    {
        JsonElement fit = Tool.Json(["fit", "count ~ mined + (1 | site)", .. Salamanders, "--family", "neg-binomial", "--zero-inflation", "~ mined", "--dispersion", "~ DOY"]);
        Assert.Equal("laplace", fit.GetProperty("engine").GetString());
        Assert.Equal(["conditional", "conditional", "dispersion", "dispersion", "zero-inflation", "zero-inflation"], Texts(fit.GetProperty("fixed"), "component"));
        Assert.Equal(["(Intercept)", "minedno", "(Intercept)", "DOY", "(Intercept)", "minedno"], Texts(fit.GetProperty("fixed"), "term"));
        Assert.Equal(["(Intercept)", "minedno", "disp~(Intercept)", "disp~DOY", "zi~(Intercept)", "zi~minedno"], fit.GetProperty("vcov").GetProperty("terms").EnumerateArray().Select(term => term.GetString()));
        Assert.Equal("~mined", fit.GetProperty("componentFormulas").GetProperty("zero-inflation").GetString());
        Assert.Equal("site", fit.GetProperty("random")[0].GetProperty("group").GetString());
        Assert.Empty(fit.GetProperty("parameters").EnumerateArray());
    }

    [Fact]
    public void Parameters_of_the_distribution_have_standard_errors()
    {
        JsonElement fit = Tool.Json(["fit", "count ~ mined + (1 | site)", .. Salamanders, "--family", "neg-binomial", "--zero-inflation", "~ 1"]);
        Assert.Equal(["phi", "zi"], Texts(fit.GetProperty("parameters"), "name"));
        Assert.All(fit.GetProperty("parameters").EnumerateArray(), parameter => Assert.True(parameter.GetProperty("stdError").GetDouble() > 0));
    }

    [Fact]
    public void A_saved_zero_inflated_fit_predicts_the_mean_of_the_whole_model_and_outcomes()
    {
        string path = _folder.At("zinb.fit");
        Assert.Equal(0, Tool.Run(["fit", "count ~ mined + (1 | site)", .. Salamanders, "--family", "neg-binomial", "--zero-inflation", "~ mined", "--save", path]).Status);
        JsonElement rows = Tool.Json(["predict", path, .. Salamanders]).GetProperty("rows");
        Assert.Equal(644, rows.GetArrayLength());
        Assert.Equal(0.248457181849679, rows[0].GetProperty("estimate").GetDouble(), 1e-4);
        JsonElement outcomes = Tool.Json(["predict", path, .. Salamanders, "--interval", "outcome"]).GetProperty("rows");
        Assert.Equal(0, outcomes[0].GetProperty("lower").GetDouble());
        Assert.Equal(Math.Round(outcomes[3].GetProperty("upper").GetDouble()), outcomes[3].GetProperty("upper").GetDouble());
        Tool.Run(["predict", path, .. Salamanders, "--random", "plot"]).Refuses(1, "no grouping factor 'plot'");
    }

    [Fact]
    public void Ordered_categories_are_predicted_with_a_probability_each()
    {
        string path = _folder.At("wine.fit");
        string[] wine = ["--data", Folder.Fixture("wine.csv.gz")];
        ToolRun run = Tool.Run(["fit", "rating ~ temp + contact + (1 | judge)", .. wine, "--ordered", "rating=1,2,3,4,5", "--family", "cumulative", "--save", path]);
        Assert.Equal(0, run.Status);
        Assert.Contains("Thresholds:", run.Output, StringComparison.Ordinal);
        Assert.Contains("3|4", run.Output, StringComparison.Ordinal);
        JsonElement rows = Tool.Json(["predict", path, .. wine]).GetProperty("rows");
        Assert.Equal(72 * 5, rows.GetArrayLength());
        Assert.Equal(["1", "2", "3", "4", "5"], rows.EnumerateArray().Take(5).Select(row => row.GetProperty("category").GetString()));
        Assert.Equal(1, rows.EnumerateArray().Take(5).Sum(row => row.GetProperty("estimate").GetDouble()), 1e-12);
        Tool.Run(["predict", path, .. wine, "--interval", "outcome"]).Refuses(1, "probabilities of the categories");
        Assert.False(Tool.Json(["predict", path, .. wine, "--type", "link"]).GetProperty("rows")[0].TryGetProperty("category", out _));
    }

    [Fact]
    public void Zero_inflation_is_tested_with_a_warning_about_the_boundary()
    {
        string[] paths = [_folder.At("plain.fit"), _folder.At("inflated.fit"), _folder.At("dispersed.fit")];
        string[] fit = ["fit", "count ~ mined + (1 | site)", .. Salamanders, "--family", "neg-binomial"];
        Assert.Equal(0, Tool.Run([.. fit, "--save", paths[0]]).Status);
        Assert.Equal(0, Tool.Run([.. fit, "--zero-inflation", "~ mined", "--save", paths[1]]).Status);
        Assert.Equal(0, Tool.Run([.. fit, "--zero-inflation", "~ mined", "--dispersion", "~ DOY", "--save", paths[2]]).Status);
        JsonElement document = Tool.Json("compare", paths[0], paths[1], paths[2]);
        Assert.Equal([2, 1], document.GetProperty("tests").EnumerateArray().Select(test => test.GetProperty("df").GetInt32()));
        Assert.Equal(["boundary-test"], Texts(document.GetProperty("warnings"), "code"));
    }

    [Fact]
    public void The_summary_of_a_model_without_groups_has_the_parameters()
    {
        ToolRun run = Tool.Run("fit", "cbind(incidence, size - incidence) ~ factor(period)", "--data", Folder.Example("cbpp"), "--family", "beta-binomial");
        Assert.Equal(0, run.Status);
        Assert.Contains("beta-binomial  ( logit )", run.Output, StringComparison.Ordinal);
        Assert.Contains("phi", run.Output, StringComparison.Ordinal);
        Assert.Contains("Number of obs: 56", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--family", "binomial", "--zero-inflation", "~ 1", "not for the binomial family")]
    [InlineData("--family", "gamma", "--dispersion", "~ DOY", "not for the gamma family")]
    [InlineData("--family", "neg-binomial", "--zero-inflation", "mined", "one-sided formula")]
    [InlineData("--family", "neg-binomial", "--link", "logit", "has no link 'logit'")]
    [InlineData("--family", "neg-binomial", "--engine", "agq:5", "--engine agq:5 does not fit")]
    [InlineData("--family", "sratio", "--link", "logit", "'sratio' is not known")]
    public void Options_that_do_not_suit_are_refused(string option, string value, string other, string otherValue, string part) =>
        Tool.Run(["fit", "count ~ mined + (1 | site)", .. Salamanders, option, value, other, otherValue]).Refuses(2, part);

    [Fact]
    public void Poststratification_refuses_these_families_and_says_what_to_do() =>
        Tool.Run("mrp", Folder.Example("students"), "--population", Folder.Example("students_population"), "--formula", "response ~ (1 | class)", "--family", "beta").Refuses(2, "terrace fit", "terrace predict");

    private static string[] Texts(JsonElement list, string member) => [.. list.EnumerateArray().Select(item => item.GetProperty(member).GetString()!)];
}
