using System.Text.Json;

namespace Terrace.Cli.Tests;

/// <summary><c>terrace fit --ci</c>: profile and bootstrap intervals of every parameter.</summary>
public sealed class IntervalsTests : IDisposable
{
    private const string Model = "log_radon ~ floor + (1 | county)";
    private static readonly string Data = Folder.Example("radon");
    private readonly string _folder = Directory.CreateTempSubdirectory("terrace-intervals-").FullName;

    [Fact]
    public void Profile_intervals_are_lme4_s()
    {
        JsonElement fit = Tool.Json("fit", Model, "--data", Data, "--ci", "profile");
        // confint(lmer(log_radon ~ floor + (1 | county), radon)), lme4 1.1-31.
        Limits(fit.GetProperty("random")[0], 0.243508098124892, 0.422252365088346);
        Limits(fit.GetProperty("parameters")[0], 0.720540300663409, 0.792600274187756);
        Limits(fit.GetProperty("fixed")[0], 1.36058619767027, 1.5647622084524);
        Limits(fit.GetProperty("fixed")[1], -0.8309669679981, -0.554253114513171);
        Assert.Equal("profile", fit.GetProperty("intervals").GetProperty("kind").GetString());
        Assert.Equal("reml", fit.GetProperty("engine").GetString());
    }

    [Fact]
    public void Restricted_profiles_of_a_generalised_model_lie_above_plain_ones_and_a_linear_one_is_refused()
    {
        string[] model = ["fit", "cbind(incidence, size - incidence) ~ factor(period) + (1 | herd)", "--data", Folder.Example("cbpp"), "--family", "binomial", "--ci"];
        JsonElement plain = Tool.Json([.. model, "profile"]), restricted = Tool.Json([.. model, "restricted-profile:20"]);
        Assert.Equal("restricted-profile", restricted.GetProperty("intervals").GetProperty("kind").GetString());
        Assert.True(restricted.GetProperty("random")[0].GetProperty("upper").GetDouble() > plain.GetProperty("random")[0].GetProperty("upper").GetDouble());
        Assert.Equal(plain.GetProperty("fixed")[0].GetProperty("upper").GetDouble(), restricted.GetProperty("fixed")[0].GetProperty("upper").GetDouble(), 1e-9);
        ToolRun refused = Tool.Run(["fit", Model, "--data", Data, "--ci", "restricted-profile"]);
        Assert.Equal(2, refused.Status);
        Assert.Contains("use --ci profile", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Wald_intervals_leave_variance_parameters_null()
    {
        JsonElement fit = Tool.Json("fit", Model, "--data", Data, "--ci", "wald");
        Assert.Equal(JsonValueKind.Null, fit.GetProperty("random")[0].GetProperty("lower").ValueKind);
        Assert.Equal(JsonValueKind.Null, fit.GetProperty("parameters")[0].GetProperty("upper").ValueKind);
        Assert.Equal(JsonValueKind.Number, fit.GetProperty("fixed")[0].GetProperty("lower").ValueKind);
    }

    [Theory]
    [InlineData("95 % t intervals of the coefficients (Satterthwaite's degrees of freedom):")]
    [InlineData("95 % t intervals of the coefficients (Kenward and Roger's degrees of freedom):", "--df", "kenward-roger")]
    [InlineData("95 % Wald z intervals of the coefficients:", "--df", "none")]
    [InlineData("95 % Wald z intervals of the coefficients:", "--engine", "laplace", "--family", "poisson")]
    public void The_heading_of_Wald_intervals_says_which_they_are(string heading, params string[] options)
    {
        string formula = options.Contains("poisson") ? "floor + 1 ~ 1 + (1 | county)" : Model;
        ToolRun run = Tool.Run(["fit", formula, "--data", Data, "--ci", "wald", .. options]);
        Assert.True(run.Status == 0, run.Error);
        Assert.Contains(heading, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void With_df_none_the_intervals_are_normal_ones()
    {
        JsonElement slope = Tool.Json("fit", Model, "--data", Data, "--ci", "wald", "--df", "none").GetProperty("fixed")[1];
        double half = 1.959963984540054 * slope.GetProperty("stdError").GetDouble(), estimate = slope.GetProperty("estimate").GetDouble();
        Assert.Equal(estimate - half, slope.GetProperty("lower").GetDouble(), 1e-9);
        Assert.Equal(estimate + half, slope.GetProperty("upper").GetDouble(), 1e-9);
    }

    [Fact]
    public void Correlations_have_intervals_too()
    {
        JsonElement fit = Tool.Json("fit", "log_radon ~ floor + (floor | county)", "--data", Data, "--ci", "profile", "--level", "0.5");
        JsonElement correlation = fit.GetProperty("correlations")[0];
        double estimate = correlation.GetProperty("correlation").GetDouble();
        Assert.InRange(estimate, correlation.GetProperty("lower").GetDouble(), correlation.GetProperty("upper").GetDouble());
        Assert.Equal(0.5, fit.GetProperty("intervals").GetProperty("level").GetDouble());
    }

    [Fact]
    public void Bootstrap_intervals_follow_the_seed_and_not_the_threads()
    {
        string[] command = ["fit", Model, "--data", Data, "--ci", "bootstrap:60"];
        JsonElement one = Tool.Json([.. command, "--threads", "1"]), two = Tool.Json([.. command, "--threads", "2"]), other = Tool.Json([.. command, "--seed", "2"]);
        Assert.Equal(one.GetProperty("random").ToString(), two.GetProperty("random").ToString());
        Assert.NotEqual(one.GetProperty("random").ToString(), other.GetProperty("random").ToString());
        Assert.Equal(60, one.GetProperty("intervals").GetProperty("replicates").GetInt32());
        Assert.Equal(0, one.GetProperty("intervals").GetProperty("failed").GetInt32());
    }

    [Fact]
    public void A_bootstrap_resumes_from_its_checkpoint()
    {
        string place = Path.Combine(_folder, "checkpoint");
        string[] command = ["fit", Model, "--data", Data, "--checkpoint", place];
        Tool.Json([.. command, "--ci", "bootstrap:30"]);
        Tool.Run([.. command, "--ci", "bootstrap:30"]).Refuses(1, "exists already", "resume");
        JsonElement extended = Tool.Json([.. command, "--ci", "bootstrap:60", "--resume"]);
        Assert.Equal(Tool.Json("fit", Model, "--data", Data, "--ci", "bootstrap:60").GetProperty("fixed").ToString(), extended.GetProperty("fixed").ToString());
        Tool.Run([.. command, "--ci", "bootstrap:60", "--resume", "--seed", "5"]).Refuses(1, "another bootstrap");
    }

    [Fact]
    public void The_text_says_what_the_intervals_are()
    {
        ToolRun profile = Tool.Run("fit", Model, "--data", Data, "--ci", "profile");
        Assert.Contains("95 % profile-likelihood intervals (by maximum likelihood):", profile.Output, StringComparison.Ordinal);
        Assert.Contains("sd (Intercept) | county", profile.Output, StringComparison.Ordinal);
        Assert.Contains("sigma", profile.Output, StringComparison.Ordinal);
        ToolRun bootstrap = Tool.Run("fit", Model, "--data", Data, "--ci", "bootstrap:40", "--level", "0.9");
        Assert.Contains("90 % percentile intervals of a parametric bootstrap of 40 refits", bootstrap.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generalised_linear_model_has_profile_intervals()
    {
        string data = Folder.Example("students");
        // MASS: confint(glm(response ~ class, binomial)).
        JsonElement fit = Tool.Json("fit", "response ~ class", "--data", data, "--factor", "class", "--family", "binomial", "--ci", "profile");
        Limits(fit.GetProperty("fixed")[2], -1.62845891603425, -0.820700538634425);
        Tool.Run("fit", "response ~ class", "--data", data, "--family", "binomial", "--ci", "bootstrap").Refuses(2, "--ci bootstrap", "profile");
    }

    /// <summary>glmmTMB's profile limits of φ and of the nests' standard deviation; the zero part's coefficients have limits of their own.</summary>
    [Fact]
    public void Models_with_further_parameters_have_profile_and_bootstrap_intervals()
    {
        string[] owls = ["fit", "SiblingNegotiation ~ FoodTreatment + offset(logBroodSize) + (1 | Nest)", "--data", Folder.Fixture("Owls.csv.gz"), "--family", "neg-binomial"];
        JsonElement fit = Tool.Json([.. owls, "--ci", "profile"]);
        Limits(fit.GetProperty("random")[0], Math.Exp(-1.6014501886), Math.Exp(-0.57062163480));
        Limits(fit.GetProperty("parameters")[0], Math.Exp(-0.3274821997), Math.Exp(-0.01883635187));
        JsonElement bootstrap = Tool.Json([.. owls, "--ci", "bootstrap-kept:20"]);
        Assert.True(bootstrap.GetProperty("intervals").GetProperty("keepsGroupEffects").GetBoolean());
        Assert.NotEqual(JsonValueKind.Null, bootstrap.GetProperty("parameters")[0].GetProperty("upper").ValueKind);
        JsonElement zeros = Tool.Json("fit", "count ~ mined", "--data", Folder.Fixture("Salamanders.csv.gz"), "--family", "poisson", "--zero-inflation", "~ mined", "--ci", "profile");
        JsonElement zero = zeros.GetProperty("fixed").EnumerateArray().Last();
        Assert.Equal("zero-inflation", zero.GetProperty("component").GetString());
        Assert.InRange(zero.GetProperty("estimate").GetDouble(), zero.GetProperty("lower").GetDouble(), zero.GetProperty("upper").GetDouble());
    }

    [Fact]
    public void Nonlinear_models_have_profile_and_bootstrap_intervals()
    {
        const string curve = "circumference ~ SSlogis(age, Asym, xmid, scal)";
        JsonElement pooled = Tool.Json("fit", curve, "--data", Folder.Example("Orange"), "--ci", "profile");
        // R: confint(nls(…)), read off a spline.
        Assert.Equal(287.2952, pooled.GetProperty("fixed")[0].GetProperty("upper").GetDouble(), 0.1);
        JsonElement trees = Tool.Json("fit", curve + " ~ Asym | Tree", "--data", Folder.Example("Orange"), "--ci", "profile");
        Assert.InRange(trees.GetProperty("random")[0].GetProperty("sd").GetDouble(), trees.GetProperty("random")[0].GetProperty("lower").GetDouble(), trees.GetProperty("random")[0].GetProperty("upper").GetDouble());
        ToolRun text = Tool.Run("fit", curve, "--data", Folder.Example("Orange"), "--ci", "bootstrap:20");
        Assert.Contains("95 % percentile intervals of a parametric bootstrap of 20 refits (0 singular, 0 failed):", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_fit_keeps_its_intervals()
    {
        string file = Path.Combine(_folder, "radon.fit");
        JsonElement printed = Tool.Json("fit", Model, "--data", Data, "--ci", "profile", "--save", file);
        JsonElement saved = SavedReport(file);
        Assert.Equal(printed.GetProperty("random")[0].GetProperty("upper").GetDouble(), saved.GetProperty("random")[0].GetProperty("upper").GetDouble());
        Assert.Equal("profile", saved.GetProperty("intervals").GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("profil", "did you mean")]
    [InlineData("bootstrap:0", "at least 20")]
    [InlineData("bootstrap:many", "whole number")]
    public void What_is_no_kind_of_interval_is_refused(string kind, string words) => Tool.Run("fit", Model, "--data", Data, "--ci", kind).Refuses(2, "--ci", words);

    [Fact]
    public void A_checkpoint_without_a_bootstrap_is_refused()
    {
        Tool.Run("fit", Model, "--data", Data, "--checkpoint", _folder).Refuses(2, "--checkpoint");
        Tool.Run("fit", Model, "--data", Data, "--ci", "bootstrap", "--resume").Refuses(2, "--resume needs --checkpoint");
    }

    public void Dispose() => Directory.Delete(_folder, true);

    private static JsonElement SavedReport(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
        return document.RootElement.Clone().GetProperty("fit");
    }

    private static void Limits(JsonElement entry, double lower, double upper)
    {
        double tolerance = 1e-3 * (upper - lower);
        Assert.Equal(lower, entry.GetProperty("lower").GetDouble(), tolerance);
        Assert.Equal(upper, entry.GetProperty("upper").GetDouble(), tolerance);
    }
}
