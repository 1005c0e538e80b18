using System.Text.Json;

namespace Terrace.Cli.Tests;

public class BayesCommandTests
{
    private static readonly string[] Radon = ["fit", "log_radon ~ floor + (1 + floor | county)", "--data", Folder.Example("radon"), "--engine", "nuts"];
    private static readonly string[] Short = [.. Radon, "--warmup", "150", "--draws", "100", "--chains", "2", "--adapt-delta", "0.8"];

    [Fact]
    public void The_document_has_every_member_of_the_contract()
    {
        JsonElement fit = Tool.Json(Short);
        Assert.Equal(
        [
            "formula", "family", "link", "engine", "requestedEngine", "n", "cells", "omitted", "fixed", "vcov", "random", "correlations", "groups", "parameters", "residualSd", "icc", "logLik", "deviance", "remlCriterion",
            "aic", "bic", "dfResidual", "ranef", "coef", "converged", "singular", "gradientNorm", "evaluations", "factorisation", "seconds", "priors", "loo", "approximation", "sampler", "warnings",
        ], Names(fit));
        string[] summary = ["mean", "sd", "mcse", "q5", "q50", "q95", "rhat", "essBulk", "essTail"];
        Assert.Equal(["component", "term", .. summary], Names(fit.GetProperty("fixed")[0]));
        Assert.Equal(["component", "group", "term", .. summary], Names(fit.GetProperty("random")[1]));
        Assert.Equal(["component", "group", "term1", "term2", .. summary], Names(fit.GetProperty("correlations")[0]));
        Assert.Equal(["name", .. summary], Names(fit.GetProperty("parameters")[0]));
        Assert.Equal(["mean", "sd", "q5", "q95"], Names(fit.GetProperty("ranef").GetProperty("county").GetProperty("AITKIN").GetProperty("floor")));
        Assert.Equal(["class", "group", "term", "prior", "scaled"], Names(fit.GetProperty("priors")[0]));
        Assert.Equal(["elpd", "se", "pLoo", "highK"], Names(fit.GetProperty("loo")));
        JsonElement sampler = fit.GetProperty("sampler");
        Assert.Equal(["name", "chains", "warmup", "draws", "divergent", "maxTreeDepthHits", "eBfmi", "stepSize", "leapfrogSteps", "warmupSeconds", "samplingSeconds"], Names(sampler));
        Assert.Equal((2, 100, 2), (sampler.GetProperty("chains").GetInt32(), sampler.GetProperty("draws").GetInt32(), sampler.GetProperty("stepSize").GetArrayLength()));
        Assert.Equal(1.46, fit.GetProperty("fixed")[0].GetProperty("mean").GetDouble(), 0.1);
        Assert.Equal(fit.GetProperty("fixed")[0].GetProperty("mean").GetDouble() + fit.GetProperty("ranef").GetProperty("county").GetProperty("AITKIN").GetProperty("(Intercept)").GetProperty("mean").GetDouble(),
            fit.GetProperty("coef").GetProperty("county").GetProperty("AITKIN").GetProperty("(Intercept)").GetDouble(), 1e-12);
    }

    [Fact]
    public void Cross_validation_hypotheses_checks_and_effects_are_there_when_asked_for()
    {
        using var folder = new Folder();
        (string pit, string check, string effects) = (folder.At("pit.csv"), folder.At("check.csv"), folder.At("effects.csv"));
        JsonElement fit = Tool.Json([.. Short, "--kfold", "2", "--kfold-by", "county", "--loo-moment-match", "--hypothesis", "floor < 0", "--loo-pit", pit, "--ppc", check, "--ppc-by", "county", "--effects", "floor", "--effects-out", effects]);
        Assert.Equal(["folds", "by", "elpd", "se", "pKfold"], Names(fit.GetProperty("kfold")));
        Assert.Equal(("county", 2), (fit.GetProperty("kfold").GetProperty("by").GetString(), fit.GetProperty("kfold").GetProperty("folds").GetInt32()));
        Assert.Equal(["hypothesis", "estimate", "error", "lower", "upper", "evidenceRatio", "posteriorProbability"], Names(fit.GetProperty("hypotheses")[0]));
        Assert.Equal(1, fit.GetProperty("hypotheses")[0].GetProperty("posteriorProbability").GetDouble());
        Assert.Equal("\"row\",\"pit\",\"lower\",\"upper\"", File.ReadLines(pit).First());
        Assert.Equal(920, File.ReadLines(pit).Count());
        Assert.Equal(1 + 5 + 85, File.ReadLines(check).Count());
        Assert.Equal(["\"predictor\",\"value\",\"estimate\",\"sd\",\"lower\",\"upper\"", "\"floor\"", "\"floor\""], File.ReadLines(effects).Select((line, i) => i == 0 ? line : line.Split(',')[0]));
    }

    [Fact]
    public void The_layout_of_rstanarm_has_medians_and_error_terms()
    {
        ToolRun run = Tool.Run([.. Short, "--layout", "rstanarm"]);
        Assert.True(run.Status == 0, run.Error);
        foreach (string part in new[] { " family:       gaussian [identity]", " observations: 919", "            Median MAD_SD", "(Intercept)  1.5", "floor       -0.7", "Auxiliary parameter(s):", "Error terms:", "Groups   Name        Std.Dev. Corr", "Num. levels: county 85" })
            Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_model_is_printed_as_a_Stan_program_with_its_data()
    {
        using var folder = new Folder();
        string data = folder.At("radon.json");
        ToolRun run = Tool.Run([.. Radon, "--stan-code", "--stan-data", data]);
        Assert.True(run.Status == 0, run.Error);
        Assert.StartsWith("// log_radon ~ floor + (1 + floor | county); family gaussian, link identity", run.Output, StringComparison.Ordinal);
        Assert.Contains("y ~ normal(eta, sigma);", run.Output, StringComparison.Ordinal);
        Assert.Equal(919, JsonDocument.Parse(File.ReadAllText(data)).RootElement.GetProperty("N").GetInt32());
    }

    [Theory]
    [InlineData("--kfold-by", "county", "give their number too")]
    [InlineData("--stan-data", "x.json", "goes with --stan-code")]
    [InlineData("--effects", "floor", "go together")]
    [InlineData("--ppc-by", "county", "goes with --ppc")]
    public void Options_that_say_nothing_by_themselves_are_refused(string option, string value, string part)
    {
        ToolRun run = Tool.Run([.. Radon, option, value]);
        Assert.Equal(2, run.Status);
        Assert.Contains(part, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_has_estimates_priors_and_a_verdict()
    {
        ToolRun run = Tool.Run([.. Short, "--prior", "normal(0, 1) on b:floor", "--priors", "brms"]);
        Assert.True(run.Status == 0, run.Error);
        foreach (string part in new[] { "Group-level effects of county (85 levels)", "sd(floor)", "cor((Intercept),floor)", "Bulk_ESS", "student_t(3, 0, 2.5)", "normal(0, 1)", "lkj(1)", "Leave-one-out", "Sampler: " })
            Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers_on_any_number_of_threads()
    {
        double Mean(string threads, string seed) => Tool.Json([.. Short, "--threads", threads, "--seed", seed]).GetProperty("fixed")[0].GetProperty("mean").GetDouble();
        Assert.Equal(Mean("1", "7"), Mean("2", "7"));
        Assert.NotEqual(Mean("1", "7"), Mean("1", "8"));
    }

    [Theory]
    [InlineData("poisson", "SiblingNegotiation ~ FoodTreatment + (1 | Nest)", "--zero-inflation", "~ 1")]
    [InlineData("neg-binomial", "SiblingNegotiation ~ FoodTreatment + (1 | Nest)", "--dispersion", "~ SexParent")]
    [InlineData("hurdle-poisson", "SiblingNegotiation ~ FoodTreatment + (1 | Nest)")]
    [InlineData("student", "NegPerChick ~ FoodTreatment + (1 | Nest)")]
    public void Families_with_further_parameters_are_sampled(string family, string formula, params string[] more)
    {
        JsonElement fit = Tool.Json(["fit", formula, "--data", Folder.Fixture("Owls.csv.gz"), "--family", family, "--engine", "nuts", "--warmup", "150", "--draws", "50", "--chains", "1", .. more]);
        Assert.Equal("nuts", fit.GetProperty("engine").GetString());
        Assert.All(fit.GetProperty("fixed").EnumerateArray(), effect => Assert.True(double.IsFinite(effect.GetProperty("mean").GetDouble())));
        if (more.Length > 0) Assert.Contains(fit.GetProperty("fixed").EnumerateArray(), effect => effect.GetProperty("component").GetString() == more[0][2..]);
    }

    [Fact]
    public void Unordered_categories_have_a_predictor_each()
    {
        using var folder = new Folder();
        string data = folder.File("votes.csv", "vote,x,g\n" + string.Concat(Enumerable.Range(0, 120).Select(i => $"{"abc"[(i * 7 + i / 11) % 3]},{i % 5},g{i % 6}\n")));
        JsonElement fit = Tool.Json("fit", "vote ~ x + (1 | g)", "--data", data, "--factor", "vote", "--family", "categorical", "--engine", "nuts", "--warmup", "200", "--draws", "100", "--chains", "2");
        Assert.Equal(["b", "b", "c", "c"], fit.GetProperty("fixed").EnumerateArray().Select(effect => effect.GetProperty("component").GetString()));
        Assert.Equal(2, fit.GetProperty("random").GetArrayLength());
        Tool.Run("fit", "vote ~ x + (1 | g)", "--data", data, "--factor", "vote", "--family", "categorical").Refuses(2, "--engine nuts");
    }

    [Fact]
    public void Without_the_data_there_is_no_cross_validation()
    {
        JsonElement fit = Tool.Json([.. Short, "--prior-only", "--prior", "normal(5, 0.1) on b:floor"]);
        Assert.Equal(JsonValueKind.Null, fit.GetProperty("loo").ValueKind);
        Assert.Equal(5, fit.GetProperty("fixed")[1].GetProperty("mean").GetDouble(), 0.1);
    }

    [Theory]
    [InlineData("--ci is not for --engine nuts", "--ci", "profile")]
    [InlineData("--df is not for --engine nuts", "--df", "none")]
    [InlineData("--thin cannot be more", "--thin", "2000")]
    [InlineData("at most 20", "--max-treedepth", "30")]
    [InlineData("names no known distribution", "--prior", "norml(0, 1) on b")]
    [InlineData("it is one of auto, plain, whitened", "--sampler", "fast")]
    public void Options_that_do_not_fit_are_refused(string message, params string[] options) => Tool.Run([.. Radon, .. options]).Refuses(2, message);

    [Fact]
    public void A_saved_Bayesian_fit_predicts_and_is_compared_with_others()
    {
        using var folder = new Folder();
        string[] shorter = ["--chains", "2", "--warmup", "300", "--draws", "300"];
        JsonElement small = Tool.Json([.. Radon, .. shorter, "--save", folder.At("small.fit")]);
        Tool.Json(["fit", "log_radon ~ floor + log_uranium + (1 | county)", "--data", Folder.Example("radon"), "--engine", "nuts", .. shorter, "--save", folder.At("large.fit")]);
        JsonElement rows = Tool.Json("predict", folder.At("small.fit"), "--data", Folder.Example("radon"), "--interval", "outcome");
        Assert.Equal("outcome", rows.GetProperty("interval").GetString());
        JsonElement first = rows.GetProperty("rows")[0];
        Assert.InRange(first.GetProperty("estimate").GetDouble(), first.GetProperty("lower").GetDouble(), first.GetProperty("upper").GetDouble());
        JsonElement models = Tool.Json("compare", folder.At("small.fit"), folder.At("large.fit")).GetProperty("models");
        Assert.Equal(["large.fit", "small.fit"], models.EnumerateArray().Select(model => model.GetProperty("name").GetString()));
        Assert.Equal(small.GetProperty("loo").GetProperty("elpd").GetDouble(), models[1].GetProperty("elpd").GetDouble(), 1e-8);
        Assert.True(models[1].GetProperty("elpdDifference").GetDouble() < -3);
        Tool.Json("fit", "log_radon ~ floor", "--data", Folder.Example("radon"), "--save", folder.At("ml.fit"));
        Tool.Run("compare", folder.At("small.fit"), folder.At("ml.fit")).Refuses(1, "ml.fit", "no Bayesian fit");
        Tool.Json(["fit", "log_radon ~ log_uranium", "--data", Folder.Example("radon"), "--where", "floor == 0", "--engine", "nuts", .. shorter, "--save", folder.At("fewer.fit")]);
        Tool.Run("compare", folder.At("small.fit"), folder.At("fewer.fit")).Refuses(1, "different data");
        Assert.Contains("elpd", Tool.Run("compare", folder.At("small.fit"), folder.At("large.fit")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shrinkage_prior_is_summarised_saved_and_predicted_from()
    {
        using var folder = new Folder();
        string[] fit = ["fit", "log_radon ~ floor * log_uranium + (1 | county)", "--data", Folder.Example("radon"), "--engine", "nuts", "--chains", "2", "--warmup", "150", "--draws", "100", "--adapt-delta", "0.8", "--prior", "horseshoe(df_slab = 5) on b"];
        JsonElement document = Tool.Json([.. fit, "--save", folder.At("horseshoe.fit")]);
        Assert.Equal(["hs_global", "hs_slab", "hs_local[floor]", "hs_local[log_uranium]", "hs_local[floor:log_uranium]"], document.GetProperty("shrinkage").EnumerateArray().Select(entry => entry.GetProperty("name").GetString()));
        Assert.Equal(["sigma"], document.GetProperty("parameters").EnumerateArray().Select(entry => entry.GetProperty("name").GetString()));
        // The outcome's standard deviation is near sigma, which stands behind the parameters of the prior in the saved draws.
        JsonElement row = Tool.Json("predict", folder.At("horseshoe.fit"), "--data", Folder.Example("radon"), "--interval", "outcome").GetProperty("rows")[0];
        Assert.Equal(document.GetProperty("parameters")[0].GetProperty("mean").GetDouble(), row.GetProperty("sd").GetDouble(), 0.15);
        ToolRun text = Tool.Run(fit);
        Assert.Contains("Shrinkage prior", text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hs_local", text.Output, StringComparison.Ordinal);
        Tool.Run([.. fit[..4], "--engine", "gibbs", "--prior", "R2D2() on b"]).Refuses(1, "shrinkage prior", "Choose nuts");
    }

    [Fact]
    public void Several_engines_are_compared_in_one_document()
    {
        JsonElement document = Tool.Json("fit", "log_radon ~ floor + (1 | county)", "--data", Folder.Example("radon"), "--engine", "reml,approx,gibbs", "--chains", "2", "--draws", "500", "--warmup", "300");
        JsonElement[] engines = [.. document.GetProperty("engines").EnumerateArray()];
        Assert.Equal(["reml", "approx", "gibbs"], engines.Select(engine => engine.GetProperty("engine").GetString()));
        Assert.True(engines[1].GetProperty("approximation").GetProperty("accepted").GetBoolean());
        JsonElement[] agreement = [.. document.GetProperty("agreement").EnumerateArray()];
        Assert.Equal(12, agreement.Length);
        Assert.All(agreement, difference => Assert.True(Math.Abs(difference.GetProperty("differenceInSd").GetDouble()) < 0.6));
        Assert.Contains("approx and gibbs agree on all 4 means", document.GetProperty("verdict").GetString()!, StringComparison.Ordinal);
        string text = Tool.Run("fit", "log_radon ~ floor + (1 | county)", "--data", Folder.Example("radon"), "--engine", "reml,approx", "--chains", "2").Output;
        Assert.Contains("largest difference, sd", text, StringComparison.Ordinal);
        Tool.Run("fit", "log_radon ~ floor", "--data", Folder.Example("radon"), "--engine", "ml,ml").Refuses(2, "names ml twice");
        Tool.Run("fit", "log_radon ~ floor", "--data", Folder.Example("radon"), "--engine", "ml,nuts", "--save", "x.fit").Refuses(2, "--save", "several");
        Tool.Run("fit", "cyl ~ 1 + (1 | gear)", "--data", Folder.Example("radon"), "--engine", "ml,nutz").Refuses(2, "did you mean 'nuts'");
    }

    [Fact]
    public void An_option_for_Bayes_is_not_passed_over_where_maximum_likelihood_is_asked_for() =>
        Tool.Run("mrp", Folder.Example("students"), "--population", Folder.Example("students_population"), "--formula", "response ~ (1 | class)", "--family", "binomial", "--interval", "bootstrap:50", "--chains", "2").Refuses(2, "--chains", "--interval");

    [Fact]
    public void A_prior_on_what_the_model_lacks_is_refused_with_what_there_is() =>
        Tool.Run([.. Radon, "--prior", "normal(0, 1) on b:flor"]).Refuses(1, "no coefficient 'flor'", "b:floor", "^");

    [Fact]
    public void An_improper_posterior_is_refused() =>
        Tool.Run([.. Radon, "--priors", "brms", "--prior-only"]).Refuses(1, "improper");

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(member => member.Name)];
}
