using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Terrace.Cli.Tests;

public sealed class CompareCommandTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sleepstudys_four_models_are_tested_as_lme4_tests_them()
    {
        // The order of the files does not matter: the table is by degrees of freedom.
        string[] fits =
        [
            Fit("full", "Reaction ~ Days + (Days | Subject)", Sleep, "--engine", "ml"), Fit("none", "Reaction ~ 1 + (1 | Subject)", Sleep, "--engine", "ml"),
            Fit("uncorrelated", "Reaction ~ Days + (Days || Subject)", Sleep, "--engine", "ml"), Fit("intercept", "Reaction ~ Days + (1 | Subject)", Sleep, "--engine", "ml"),
        ];
        JsonElement document = Compare(fits);
        Assert.Equal(["none.fit", "intercept.fit", "uncorrelated.fit", "full.fit"], document.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString()));
        AgreesWithAnova(document, "lmer_sleepstudy_slope_ML", "anova_LRT");
        JsonElement two = Compare(fits[3], fits[0]).GetProperty("tests")[0];
        Assert.Equal(42.139, two.GetProperty("chisq").GetDouble(), 3);
        Assert.Equal(2, two.GetProperty("df").GetInt32());
    }

    [Fact]
    public void Contraceptions_random_slope_is_tested_as_lme4_tests_it()
    {
        string[] data = ["--family", "binomial", "--schema", Schema, "--information", "expected"];
        JsonElement document = Compare(
            Fit("intercept", "use ~ age + I(age^2) + urban + livch + (1 | district)", Folder.Fixture("Contraception.csv.gz"), data),
            Fit("slope", "use ~ age + I(age^2) + urban + livch + (1 + urban | district)", Folder.Fixture("Contraception.csv.gz"), data));
        AgreesWithAnova(document, "glmer_contraception", "lrt", 1e-3);
        Assert.Equal(["boundary-test"], Codes(document));
    }

    [Fact]
    public void Radons_group_level_predictor_is_tested_without_a_warning()
    {
        JsonElement document = Compare(Fit("floor", "log_radon ~ floor + (1 | county)", Radon, "--engine", "ml"),
            Fit("uranium", "log_radon ~ floor + log_uranium + (1 | county)", Radon, "--engine", "ml"));
        AgreesWithAnova(document, "lmer_radon_floor_uranium", "lrt");
        Assert.Empty(Codes(document));
    }

    [Fact]
    public void Pastes_models_whose_terms_do_not_show_their_nesting_are_tested_with_a_warning()
    {
        string pastes = Folder.Fixture("Pastes.csv.gz");
        JsonElement document = Compare(Fit("sample", "strength ~ 1 + (1 | sample)", pastes, "--engine", "ml", "--schema", Schema),
            Fit("nested", "strength ~ 1 + (1 | batch / cask)", pastes, "--engine", "ml", "--schema", Schema));
        AgreesWithAnova(document, "lmer_pastes_nested", "lrt");
        Assert.Equal(["not-nested"], Codes(document));
    }

    [Fact]
    public void The_document_has_the_members_of_the_contract()
    {
        JsonElement document = Compare(Fit("a", "Reaction ~ 1", Sleep), Fit("b", "Reaction ~ Days", Sleep));
        Assert.Equal(["models", "tests", "warnings"], Members(document));
        Assert.Equal(["name", "formula", "family", "link", "engine", "n", "df", "logLik", "aic", "bic", "deviance", "elpd"], Members(document.GetProperty("models")[0]));
        Assert.Equal(JsonValueKind.Null, document.GetProperty("models")[0].GetProperty("elpd").ValueKind);
        JsonElement test = Assert.Single(document.GetProperty("tests").EnumerateArray());
        Assert.Equal(["model", "against", "chisq", "df", "pValue"], Members(test));
        Assert.Equal(("b.fit", "a.fit"), (test.GetProperty("model").GetString(), test.GetProperty("against").GetString()));
    }

    [Fact]
    public void The_text_lists_formulas_and_a_table_in_the_order_of_the_degrees_of_freedom()
    {
        ToolRun run = Tool.Run("compare", Fit("big", "log_radon ~ floor + log_uranium + (1 | county)", Radon, "--engine", "ml"), Fit("small", "log_radon ~ floor + (1 | county)", Radon, "--engine", "ml"));
        Assert.Equal((0, ""), (run.Status, run.Error));
        string[] words = ["2 models of log_radon", "919 rows", "log_radon ~ floor + log_uranium + (1 | county)", "-1081.825", "2171.65", "2163.651", "40.834", "1.66e-10"];
        Assert.All(words, word => Assert.Contains(word, run.Output, StringComparison.Ordinal));
        Assert.True(run.Output.IndexOf("small.fit", StringComparison.Ordinal) < run.Output.IndexOf("big.fit", StringComparison.Ordinal));
    }

    [Fact]
    public void A_linear_model_compares_with_a_mixed_one_and_the_boundary_is_named()
    {
        JsonElement document = Compare(Fit("lm", "Reaction ~ Days", Sleep), Fit("lmer", "Reaction ~ Days + (1 | Subject)", Sleep, "--engine", "ml"));
        JsonElement test = document.GetProperty("tests")[0];
        Assert.Equal(106.21, test.GetProperty("chisq").GetDouble(), 2); // R: 2 * (logLik(lmer) - logLik(lm)) = 2 * (-897.0393 + 950.1465)
        Assert.Equal(1, test.GetProperty("df").GetInt32());
        Assert.Equal(["boundary-test"], Codes(document));
        string message = document.GetProperty("warnings")[0].GetProperty("message").GetString()!;
        Assert.All(["(Intercept) of Subject", "conservative", "half"], word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Restricted_likelihoods_are_compared_where_the_fixed_effects_are_the_same()
    {
        JsonElement test = Compare(Fit("intercept", "Reaction ~ Days + (1 | Subject)", Sleep), Fit("slope", "Reaction ~ Days + (Days | Subject)", Sleep)).GetProperty("tests")[0];
        JsonElement ranova = Reference("lmer_sleepstudy_slope_REML").GetProperty("ranova");
        Assert.Equal(ranova.GetProperty("LRT")[1].GetDouble(), test.GetProperty("chisq").GetDouble(), 4);
        Assert.Equal(2, test.GetProperty("df").GetInt32());
    }

    [Fact]
    public void Restricted_likelihoods_with_different_fixed_effects_are_refused()
    {
        string none = Fit("none", "Reaction ~ 1 + (1 | Subject)", Sleep), days = Fit("days", "Reaction ~ Days + (1 | Subject)", Sleep);
        Tool.Run("compare", none, days).Refuses(1, "'none.fit'", "'days.fit'", "REML", "different fixed effects", "--engine ml", "lme4");
    }

    /// <summary>lme4's anova of the two REML fits, which it refits (tests_and_means.json, sleep_anova).</summary>
    [Fact]
    public void With_the_data_such_fits_are_refitted_by_maximum_likelihood_and_the_tool_says_so()
    {
        string none = Fit("none", "Reaction ~ 1 + (Days | Subject)", Sleep), days = Fit("days", "Reaction ~ Days + (Days | Subject)", Sleep);
        JsonElement document = Tool.Json("compare", none, days, "--data", Sleep), test = document.GetProperty("tests")[0];
        Assert.Equal(23.5365374977844, test.GetProperty("chisq").GetDouble(), 1e-5);
        Assert.Equal(1763.93934446329, document.GetProperty("models")[1].GetProperty("aic").GetDouble(), 1e-5);
        Assert.Equal(["ml", "ml"], document.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("engine").GetString()));
        Assert.Equal(["refitted-ml"], Codes(document));
        Assert.Contains("refitted by maximum likelihood", Tool.Run("compare", none, days, "--data", Sleep).Error, StringComparison.Ordinal);
        JsonElement beside = Tool.Json("compare", days, Fit("lm", "Reaction ~ Days", Sleep), "--data", Sleep);
        Assert.Contains("refitted-ml", Codes(beside));
    }

    [Fact]
    public void Fits_that_can_be_compared_are_not_refitted_and_other_data_are_refused()
    {
        string intercept = Fit("intercept", "Reaction ~ Days + (1 | Subject)", Sleep), slope = Fit("slope", "Reaction ~ Days + (Days | Subject)", Sleep), none = Fit("none", "Reaction ~ 1 + (1 | Subject)", Sleep);
        Assert.Equal("reml", Tool.Json("compare", intercept, slope, "--data", Sleep).GetProperty("models")[0].GetProperty("engine").GetString());
        Tool.Run("compare", intercept, none, "--data", Sleep, "--where", "Days > 0").Refuses(1, "'intercept.fit'", "162 rows", "180", "--where");
        string other = _folder.File("other.csv", ReadText(Sleep).Replace("249.56", "249.57", StringComparison.Ordinal));
        Tool.Run("compare", intercept, none, "--data", other).Refuses(1, "'intercept.fit'", "response");
    }

    [Fact]
    public void A_restricted_likelihood_beside_a_maximum_likelihood_is_refused()
    {
        string days = Fit("days", "Reaction ~ Days + (1 | Subject)", Sleep);
        Tool.Run("compare", days, Fit("lm", "Reaction ~ Days", Sleep)).Refuses(1, "'days.fit' was fitted by REML", "'lm.fit' by maximum likelihood", "--engine ml");
        Tool.Run("compare", Fit("ml", "Reaction ~ Days + (Days | Subject)", Sleep, "--engine", "ml"), days).Refuses(1, "'days.fit' was fitted by REML");
    }

    [Fact]
    public void Fits_of_different_data_are_refused()
    {
        string all = Fit("all", "Reaction ~ Days", Sleep);
        Tool.Run("compare", all, Fit("some", "Reaction ~ 1", Sleep, "--where", "Days > 0")).Refuses(1, "180 rows", "162", "--where");
        Tool.Run("compare", all, Fit("log", "log(Reaction) ~ 1", Sleep)).Refuses(1, "log(Reaction)", "same scale");
        Tool.Run("compare", all, Fit("weighted", "Reaction ~ 1", Sleep, "--weights", "1 + Days")).Refuses(1, "different data", "weights");
        string other = _folder.File("other.csv", ReadText(Sleep).Replace("249.56", "249.57", StringComparison.Ordinal));
        Tool.Run("compare", all, Fit("other", "Reaction ~ 1", other)).Refuses(1, "different data", "Reaction");
    }

    [Fact]
    public void Different_families_and_links_are_refused()
    {
        string students = Folder.Example("students");
        string logit = Fit("logit", "response ~ class", students, "--family", "binomial"), probit = Fit("probit", "response ~ 1", students, "--family", "binomial", "--link", "probit");
        Tool.Run("compare", logit, probit).Refuses(1, "binomial with logit link", "binomial with probit link", "AIC");
        Tool.Run("compare", logit, Fit("gaussian", "response ~ 1", students)).Refuses(1, "gaussian with identity link");
    }

    [Fact]
    public void A_quasi_family_has_no_likelihood_to_compare()
    {
        string students = Folder.Example("students");
        Tool.Run("compare", Fit("quasi", "response ~ 1", students, "--family", "quasibinomial"), Fit("full", "response ~ class", students, "--family", "quasibinomial")).Refuses(1, "'quasi.fit'", "quasibinomial", "no likelihood");
    }

    [Fact]
    public void Equally_large_and_unrelated_models_are_compared_with_a_warning()
    {
        string floor = Fit("floor", "log_radon ~ floor", Radon), uranium = Fit("uranium", "log_radon ~ log_uranium", Radon), both = Fit("group", "log_radon ~ log_uranium + (1 | county)", Radon, "--engine", "ml");
        JsonElement same = Compare(floor, uranium);
        Assert.Equal(["not-nested"], Codes(same));
        Assert.Equal((0, JsonValueKind.Null), (same.GetProperty("tests")[0].GetProperty("df").GetInt32(), same.GetProperty("tests")[0].GetProperty("pValue").ValueKind));
        Assert.Equal(["not-nested"], Codes(Compare(floor, both)));
    }

    [Fact]
    public void A_file_without_a_fingerprint_is_compared_by_rows_and_response_with_a_warning()
    {
        string old = Fit("old", "Reaction ~ Days", Sleep);
        File.WriteAllText(old, FirstVersion(File.ReadAllText(old)));
        JsonElement document = Compare(Fit("new", "Reaction ~ 1", Sleep), old);
        Assert.Equal(["data-not-verified"], Codes(document));
        Assert.Contains("'old.fit'", document.GetProperty("warnings")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Tool.Run("compare", old, Fit("some", "Reaction ~ 1", Sleep, "--where", "Days > 0")).Refuses(1, "180 rows");
    }

    [Fact]
    public void Faults_of_the_command_line_are_refused()
    {
        string fit = Fit("a", "Reaction ~ Days", Sleep);
        Tool.Run("compare").Refuses(2, "at least two");
        Tool.Run("compare", fit).Refuses(2, "at least two");
        Tool.Run("compare", fit, fit).Refuses(2, "given twice");
        Tool.Run("compare", fit, _folder.At("none.fit")).Refuses(1, "none.fit");
        Tool.Run("compare", fit, _folder.File("other.csv", "a\n1\n")).Refuses(1, "other.csv", "no whole saved fit");
        Tool.Run("compare", fit, fit, "--weights", "x").Refuses(2, "--weights");
    }

    [Fact]
    public void Files_of_the_same_name_are_told_apart_by_their_folders()
    {
        Directory.CreateDirectory(_folder.At("other"));
        string one = Fit("fit", "Reaction ~ 1", Sleep), two = Fit("other/fit", "Reaction ~ Days", Sleep);
        Assert.Equal([one, two], Compare(one, two).GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString()));
    }

    [Fact]
    public void The_help_has_an_example()
    {
        ToolRun run = Tool.Run("compare", "--help");
        Assert.Equal(0, run.Status);
        string[] parts = ["Usage: terrace compare FIT FIT", "--json", "Example", "    terrace compare floor.fit uranium.fit"];
        Assert.All(parts, part => Assert.Contains(part, run.Output, StringComparison.Ordinal));
    }

    private static string Sleep => Folder.Example("sleepstudy");

    private static string Radon => Folder.Example("radon");

    private static string Schema => Folder.Fixture("schema.json.gz");

    private string Fit(string name, string formula, string data, params string[] options)
    {
        string fit = _folder.At(name + ".fit");
        ToolRun run = Tool.Run(["fit", formula, "--data", data, "--save", fit, .. options]);
        Assert.True(run.Status == 0, run.Error);
        return fit;
    }

    private static JsonElement Compare(params string[] fits) => Tool.Json(["compare", .. fits]);

    private static IEnumerable<string?> Codes(JsonElement document) => document.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetProperty("code").GetString());

    private static IEnumerable<string> Members(JsonElement element) => element.EnumerateObject().Select(member => member.Name);

    private static void AgreesWithAnova(JsonElement document, string reference, string block, double tolerance = 1e-5)
    {
        JsonElement anova = Reference(reference).GetProperty(block);
        JsonElement[] models = [.. document.GetProperty("models").EnumerateArray()], tests = [.. document.GetProperty("tests").EnumerateArray()];
        Assert.Equal(anova.GetProperty("npar").EnumerateArray().Select(df => df.GetInt32()), models.Select(model => model.GetProperty("df").GetInt32()));
        (string Theirs, string Ours)[] columns = [("AIC", "aic"), ("BIC", "bic"), ("logLik", "logLik"), ("deviance", "deviance")];
        for (int i = 0; i < models.Length; i++)
        {
            foreach ((string theirs, string ours) in columns) Assert.Equal(anova.GetProperty(theirs)[i].GetDouble(), models[i].GetProperty(ours).GetDouble(), tolerance);
            if (i == 0) continue;
            Assert.Equal(anova.GetProperty("Chisq")[i].GetDouble(), tests[i - 1].GetProperty("chisq").GetDouble(), tolerance);
            Assert.Equal(anova.GetProperty("Df")[i].GetInt32(), tests[i - 1].GetProperty("df").GetInt32());
            double p = anova.GetProperty("Pr(>Chisq)")[i].GetDouble();
            Assert.Equal(1, tests[i - 1].GetProperty("pValue").GetDouble() / p, 1e-3);
        }
    }

    private static JsonElement Reference(string name) => JsonDocument.Parse(ReadText(Path.Combine(Folder.Repository, "tests", "Fixtures", "frequentist", name + ".json.gz"))).RootElement;

    private static string ReadText(string gzip)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(gzip), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    /// <summary>The file as version 1 of the format had it: without the part "data", and with the checksum of the other three.</summary>
    private static string FirstVersion(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        string[] parts = ["fit", "frame", "model"];
        string[] texts = [.. parts.Select(part => document.RootElement.GetProperty(part).GetRawText())];
        string checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(texts))));
        string members = string.Join(',', parts.Zip(texts, (part, content) => $"\"{part}\":{content}"));
        return $"{{\"format\":\"terrace-fit\",\"version\":1,\"checksum\":\"{checksum}\",{members}}}";
    }
}
