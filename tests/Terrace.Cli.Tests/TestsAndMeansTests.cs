using System.Text.Json;

namespace Terrace.Cli.Tests;

/// <summary>Tests of terms, marginal means and comparisons on the command line; the numbers are R's (see Terrace.Tests/HypothesisTests and MarginalMeans).</summary>
public class TestsAndMeansTests
{
    private const string Owls = "NegPerChick ~ FoodTreatment * SexParent + ArrivalTime + (1 | Nest)";
    private static readonly string OwlsData = Folder.Fixture("Owls.csv.gz");
    private static readonly string Schema = Folder.Fixture("schema.json.gz");

    [Fact]
    public void Type_3_tests_take_satterthwaites_degrees_of_freedom_unless_others_are_asked_for()
    {
        JsonElement tests = Fit("--test", "type3").GetProperty("tests")[0], rows = tests.GetProperty("rows");
        Assert.Equal(("type3", "satterthwaite"), (tests.GetProperty("kind").GetString(), tests.GetProperty("method").GetString()));
        Assert.Equal("FoodTreatment", rows[0].GetProperty("term").GetString());
        Near(46.30063984969, rows[0], "statistic");
        Near(593.543298669679, rows[0], "denDf");
        JsonElement kenwardRoger = Fit("--test", "type3", "--df", "kenward-roger").GetProperty("tests")[0];
        Near(46.0299248385932, kenwardRoger.GetProperty("rows")[0], "statistic");
        JsonElement wald = Fit("--test", "type2", "--df", "none").GetProperty("tests")[0];
        Assert.Equal(("asymptotic", "Chisq"), (wald.GetProperty("method").GetString(), wald.GetProperty("rows")[0].GetProperty("test").GetString()));
        Near(46.5295385562464, wald.GetProperty("rows")[0], "statistic");
        Assert.Equal("interaction-coding", tests.GetProperty("warnings")[0].GetProperty("code").GetString());
    }

    [Fact]
    public void Dropped_terms_are_in_the_document_with_their_AIC()
    {
        JsonElement tests = Fit("--test", "drop1", "--test", "ranova").GetProperty("tests");
        Assert.Equal(["drop1", "ranova"], tests.EnumerateArray().Select(test => test.GetProperty("kind").GetString()));
        Assert.True(tests[0].GetProperty("refittedByMl").GetBoolean());
        Near(2195.97222250867, tests[0], "aic");
        Near(2230.7818223197, tests[0].GetProperty("rows")[0], "aic");
        Near(36.8095998110266, tests[0].GetProperty("rows")[0], "statistic");
        Assert.Equal("(1 | Nest)", tests[1].GetProperty("rows")[0].GetProperty("term").GetString());
    }

    [Fact]
    public void Means_and_contrasts_are_in_the_document()
    {
        JsonElement fit = Fit("--means", "FoodTreatment|SexParent", "--contrasts-of", "pairwise", "--df", "kenward-roger");
        JsonElement mean = fit.GetProperty("means")[0].GetProperty("rows")[0], contrast = fit.GetProperty("contrasts")[0];
        Assert.Equal(("Deprived", "Female"), (mean.GetProperty("levels").GetProperty("FoodTreatment").GetString(), mean.GetProperty("levels").GetProperty("SexParent").GetString()));
        Near(1.99666759721192, mean, "estimate");
        Near(0.173635817052384, mean, "stdError");
        Assert.Equal(("tukey", "Deprived - Satiated"), (contrast.GetProperty("adjust").GetString(), contrast.GetProperty("rows")[0].GetProperty("contrast").GetString()));
        Assert.False(fit.TryGetProperty("tests", out _));
    }

    [Fact]
    public void The_text_has_the_tables_and_says_what_was_averaged()
    {
        ToolRun run = Tool.Run("fit", Owls, "--data", OwlsData, "--schema", Schema, "--test", "type2", "--test", "drop1", "--test", "ranova", "--means", "FoodTreatment", "--contrasts-of", "treatment");
        Assert.Equal((0, ""), (run.Status, run.Error));
        string[] words =
        [
            "Type II tests, F with degrees of freedom by Satterthwaite's method:", "Terms dropped (fits by maximum likelihood):", "Random terms dropped:", "averaged over the levels of SexParent; ArrivalTime at its mean 24.76",
            "Comparisons (treatment), adjustment holm (intervals by bonferroni):", "Satiated - Deprived",
        ];
        Assert.All(words, word => Assert.Contains(word, run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void A_binomial_model_shows_probabilities_and_odds_ratios()
    {
        string[] model = ["fit", "cbind(incidence, size - incidence) ~ period + (1 | herd)", "--data", Folder.Example("cbpp"), "--factor", "period", "--family", "binomial", "--means", "period", "--contrasts-of", "treatment", "--adjust", "bonferroni"];
        JsonElement fit = Tool.Json(model);
        Assert.Equal(0.198049146769708, fit.GetProperty("means")[0].GetProperty("rows")[0].GetProperty("response").GetProperty("estimate").GetDouble(), 1e-4);
        JsonElement ratio = fit.GetProperty("contrasts")[0].GetProperty("rows")[0];
        Assert.Equal("period2 / period1", ratio.GetProperty("contrast").GetString());
        Assert.Equal(0.370710888238098, ratio.GetProperty("oddsRatio").GetProperty("estimate").GetDouble(), 1e-4);
        Assert.Equal(JsonValueKind.Null, ratio.GetProperty("df").ValueKind);
        Assert.Contains("odds.ratio", Tool.Run(model).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_covariate_has_means_at_the_values_given()
    {
        JsonElement rows = Tool.Json("fit", "log_radon ~ floor + (1 | county)", "--data", Folder.Example("radon"), "--means", "floor", "--at", "floor=0,1").GetProperty("means")[0].GetProperty("rows");
        Assert.Equal(["0", "1"], rows.EnumerateArray().Select(row => row.GetProperty("levels").GetProperty("floor").GetString()));
        Near(1.46159787546995, rows[0], "estimate");
    }

    [Theory]
    [InlineData(1, "Did you mean 'SexParent'?", "--means", "SexParnt")]
    [InlineData(1, "--at ArrivalTime=", "--means", "ArrivalTime")]
    [InlineData(1, "Did you mean 'ArrivalTime'?", "--means", "SexParent", "--at", "ArivalTime=23")]
    [InlineData(1, "sidak", "--means", "SexParent", "--contrasts-of", "treatment", "--adjust", "tukey")]
    [InlineData(2, "did you mean 'type2'?", "--test", "typ2")]
    [InlineData(2, "did you mean 'holm'?", "--means", "SexParent", "--contrasts-of", "pairwise", "--adjust", "hom")]
    [InlineData(2, "Did you mean 'pairwise'?", "--means", "SexParent", "--contrasts-of", "pairwize")]
    [InlineData(2, "--means FACTOR", "--contrasts-of", "pairwise")]
    [InlineData(2, "--contrasts-of pairwise", "--means", "SexParent", "--adjust", "holm")]
    [InlineData(2, "lack a factor", "--means", "A|")]
    [InlineData(2, "gives no values", "--means", "SexParent", "--at", "ArrivalTime")]
    public void Mistakes_are_named_with_the_way_out(int status, string words, params string[] options) =>
        Tool.Run(["fit", Owls, "--data", OwlsData, "--schema", Schema, .. options]).Refuses(status, words);

    [Fact]
    public void Random_terms_cannot_be_tested_where_there_are_none() =>
        Tool.Run("fit", "NegPerChick ~ SexParent", "--data", OwlsData, "--test", "ranova").Refuses(1, "ranova", "drop1");

    /// <summary>R: car::Anova and emmeans of glmmTMB(SiblingNegotiation ~ FoodTreatment * SexParent + offset(logBroodSize) + (1 | Nest), Owls, nbinom2), the means' intervals normal here.</summary>
    [Fact]
    public void A_negative_binomial_model_is_tested_by_wald()
    {
        string[] model = ["fit", "SiblingNegotiation ~ FoodTreatment * SexParent + offset(logBroodSize) + (1 | Nest)", "--data", OwlsData, "--schema", Schema, "--family", "neg-binomial"];
        JsonElement fit = Tool.Json([.. model, "--test", "type2", "--means", "FoodTreatment|SexParent", "--contrasts-of", "pairwise"]), tests = fit.GetProperty("tests")[0].GetProperty("rows");
        Near(36.937315450084, tests[0], "statistic");
        Near(0.207728078899, tests[1], "statistic", 2e-3);
        Near(2.147381826, fit.GetProperty("means")[0].GetProperty("rows")[0], "estimate");
        Near(0.1347480040, fit.GetProperty("means")[0].GetProperty("rows")[0], "stdError");
        Near(2.154786164, fit.GetProperty("contrasts")[0].GetProperty("rows")[0].GetProperty("ratio"), "estimate");
        Tool.Run([.. model, "--test", "drop1"]).Refuses(1, "neg-binomial", "terrace compare");
    }

    [Fact]
    public void A_nonlinear_model_has_no_terms_to_test() =>
        Tool.Run("fit", "circumference ~ SSlogis(age, Asym, xmid, scal)", "--data", Folder.Example("Orange"), "--test", "type2").Refuses(1, "of another kind");

    /// <summary>A fit saved with its tests is read again, for prediction and comparison.</summary>
    [Fact]
    public void A_fit_with_tests_is_saved_and_read()
    {
        using var folder = new Folder();
        string fit = folder.At("owls.fit"), other = folder.At("other.fit");
        Assert.Equal(0, Tool.Run("fit", Owls, "--data", OwlsData, "--schema", Schema, "--test", "type3", "--means", "SexParent", "--save", fit).Status);
        Assert.Equal(0, Tool.Run("fit", "NegPerChick ~ ArrivalTime + (1 | Nest)", "--data", OwlsData, "--schema", Schema, "--save", other).Status);
        Assert.Equal(0, Tool.Run("predict", fit, "--data", OwlsData, "--schema", Schema, "--out", folder.At("p.csv")).Status);
        JsonElement compared = Tool.Json("compare", fit, other, "--data", OwlsData, "--schema", Schema);
        Assert.Equal(["refitted-ml"], compared.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetProperty("code").GetString()));
    }

    private static JsonElement Fit(params string[] options) => Tool.Json(["fit", Owls, "--data", OwlsData, "--schema", Schema, .. options]);

    private static void Near(double expected, JsonElement element, string member, double tolerance = 2e-4) =>
        Assert.True(Math.Abs(element.GetProperty(member).GetDouble() / expected - 1) < tolerance, $"{member}: {element.GetProperty(member)} is not {expected}");
}
