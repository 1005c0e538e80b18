using System.Text.Json;

namespace Terrace.Cli.Tests;

/// <summary><c>terrace stan</c>: modes, initial values, options of each method, and the documents of approximations.</summary>
public sealed class StanRunTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Logistic => _folder.File("logistic.stan", "data {\n  int N;\n  vector[N] x;\n  array[N] int y;\n}\nparameters {\n  real a;\n  real<lower=0> s;\n  simplex[3] p;\n}\nmodel {\n  a ~ normal(0, s);\n  s ~ lognormal(0, 1);\n  p ~ dirichlet([2, 3, 4]');\n  y ~ bernoulli_logit(a + x);\n}\n");

    private string Data => _folder.File("data.json", """{"N": 6, "x": [-2, -1, 0, 1, 2, 3], "y": [0, 1, 0, 1, 0, 1]}""");

    private JsonElement Json(params string[] more) => Tool.Json(["stan", Logistic, "--data", Data, "--quiet", .. more]);

    [Fact]
    public void The_three_searches_meet_in_one_mode_and_tell_their_course()
    {
        double[] modes = [.. ((string[])["lbfgs", "bfgs", "newton"]).Select(algorithm =>
        {
            JsonElement root = Json("--method", "optimize", "--algorithm", algorithm, "--jacobian", "true", "--tol-rel-obj", "10", "--tol-rel-grad", "100");
            Assert.True(root.GetProperty("converged").GetBoolean(), root.GetProperty("reason").GetString());
            Assert.Equal(algorithm, root.GetProperty("algorithm").GetString());
            Assert.StartsWith("tol-", root.GetProperty("stoppedBy").GetString(), StringComparison.Ordinal);
            Assert.Equal(root.GetProperty("iterations").GetInt32() + 1, root.GetProperty("trace").GetArrayLength());
            return root.GetProperty("variables")[1].GetProperty("estimate").GetDouble();
        })];
        Assert.Equal(modes[0], modes[1], 4);
        Assert.Equal(modes[0], modes[2], 4);
    }

    [Fact]
    public void A_search_that_is_cut_short_says_so_and_how_to_go_on()
    {
        ToolRun run = Tool.Run("stan", Logistic, "--data", Data, "--method", "optimize", "--iterations", "2", "--json");
        Assert.Equal(0, run.Status);
        JsonElement root = JsonDocument.Parse(run.Output).RootElement;
        Assert.False(root.GetProperty("converged").GetBoolean());
        Assert.Equal("iterations", root.GetProperty("stoppedBy").GetString());
        Assert.Contains("--iterations", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sample", "--tol-obj", "1", "--tol-obj does not suit --method sample; it belongs to optimize, laplace and pathfinder.")]
    [InlineData("optimize", "--warmup", "10", "--warmup does not suit --method optimize; it belongs to sample.")]
    [InlineData("variational", "--jacobian", "true", "--jacobian does not suit --method variational; it belongs to log-prob and optimize.")]
    [InlineData("diagnose", "--draws", "10", "--draws does not suit --method diagnose; it belongs to sample, laplace, pathfinder and variational.")]
    public void An_option_of_another_method_is_refused_with_the_methods_it_belongs_to(string method, string option, string value, string message) =>
        Tool.Run("stan", Logistic, "--data", Data, "--method", method, option, value).Refuses(2, message);

    [Fact]
    public void Initial_values_of_some_parameters_are_kept_and_the_others_are_drawn_for_each_chain()
    {
        string init = _folder.File("init.json", """{"a": 1.25, "p": [0.2, 0.3, 0.5]}""");
        Assert.Equal(0, Tool.Run("stan", Logistic, "--data", Data, "--init", init, "--chains", "2", "--warmup", "5", "--draws", "5", "--quiet").Status);
        // The gradient at the initial point shows where it is: a enters by d/da of the normal prior and the likelihood.
        ToolRun run = Tool.Run("stan", Logistic, "--data", Data, "--init", init, "--method", "diagnose");
        Assert.Equal(0, run.Status);
        Assert.Matches(@"\ba +1\.25\b", run.Output);
    }

    [Fact]
    public void Each_chain_may_have_a_file_listed_or_numbered()
    {
        string one = _folder.File("v_1.json", """{"a": 0.1}"""), two = _folder.File("v_2.json", """{"a": 0.2}""");
        string[] run = ["stan", Logistic, "--data", Data, "--chains", "2", "--warmup", "20", "--draws", "20", "--quiet", "--json"];
        string listed = Variables(Tool.Run([.. run, "--init", $"{one},{two}"])), numbered = Variables(Tool.Run([.. run, "--init", _folder.At("v.json")]));
        Assert.Equal(listed, numbered);
        Assert.NotEqual(listed, Variables(Tool.Run([.. run, "--init", $"{two},{one}"])));
        Tool.Run([.. run, "--init", $"{one},{two},{one}"]).Refuses(2, "--init names 3 files for 2 chains");
        Tool.Run(["stan", Logistic, "--data", Data, "--chains", "3", "--init", _folder.At("v.json")]).Refuses(1, "v_3.json", "each of 3 chains needs its own");

        static string Variables(ToolRun done)
        {
            Assert.True(done.Status == 0, done.Error);
            return JsonDocument.Parse(done.Output).RootElement.GetProperty("variables").GetRawText();
        }
    }

    [Theory]
    [InlineData("""{"s": -1}""", "`s`", "must be at least 0")]
    [InlineData("""{"p": [0.5, 0.5]}""", "`p`", "of size 3", "of size 2")]
    [InlineData("""{"p": [0.5, 0.5, 0.5]}""", "`p`", "1")]
    [InlineData("""{"a": [1, 2]}""", "`a`", "a single number")]
    public void Initial_values_that_do_not_fit_name_the_variable_and_what_it_must_be(string text, params string[] words) =>
        Tool.Run("stan", Logistic, "--data", Data, "--init", _folder.File("bad.json", text)).Refuses(1, ["bad.json", .. words]);

    [Theory]
    [InlineData("laplace", "log_p__,log_q__,a")]
    [InlineData("pathfinder", "lp_approx__,lp__,a")]
    [InlineData("variational", "lp__,log_p__,log_g__,a")]
    public void Approximations_tell_how_far_to_trust_them_and_are_written_as_CmdStan_does(string method, string header)
    {
        string output = _folder.At(method);
        JsonElement approximation = Json("--method", method, "--output", output, "--draws", "200").GetProperty("approximation");
        Assert.Equal(method, approximation.GetProperty("method").GetString());
        Assert.True(approximation.GetProperty("kHat").ValueKind is JsonValueKind.Number or JsonValueKind.Null);
        Assert.InRange(approximation.GetProperty("ess").GetDouble(), 1, approximation.GetProperty("proposals").GetInt32() + 1e-6);
        Assert.Equal(method == "variational", approximation.TryGetProperty("elboTrace", out JsonElement trace));
        if (method == "variational") Assert.NotEqual(0, trace.GetArrayLength());
        string file = Path.Combine(output, "logistic-1.csv");
        Assert.StartsWith(header, File.ReadLines(file).First(line => !line.StartsWith('#')), StringComparison.Ordinal);
        Assert.Contains(Tool.Json("summarize", file).GetProperty("variables").EnumerateArray(), v => v.GetProperty("name").GetString() == "p[3]");
    }

    [Fact]
    public void The_mode_is_written_as_CmdStan_does()
    {
        string output = _folder.At("mode");
        JsonElement root = Json("--method", "optimize", "--output", output);
        string[] rows = [.. File.ReadLines(Path.Combine(output, "logistic-1.csv")).Where(line => !line.StartsWith('#'))];
        Assert.Equal("lp__,a,s,p.1,p.2,p.3", rows[0]);
        Assert.Equal(root.GetProperty("variables")[0].GetProperty("estimate").GetDouble().ToString("R", System.Globalization.CultureInfo.InvariantCulture), rows[1].Split(',')[1]);
        Assert.Equal(2, rows.Length);
    }

    [Theory]
    [InlineData("ast", "Tilde")]
    [InlineData("ir", "target += normal_lpdf<up to constants>(a | 0, s)")]
    [InlineData("csharp", "public static void LogDensity(Workspace w)")]
    public void Each_phase_of_the_compiler_is_printed(string phase, string words)
    {
        ToolRun run = Tool.Run("stan", Logistic, "--emit", phase);
        Assert.True(run.Status == 0, run.Error);
        Assert.Contains(words, run.Output, StringComparison.Ordinal);
        if (phase == "csharp") Assert.Equal(run.Output, Tool.Run("stan", Logistic, "--emit-csharp").Output);
    }

    [Fact]
    public void Group_effects_are_non_centred_where_it_helps_with_word_of_it_and_a_way_back()
    {
        string program = _folder.File("schools.stan", "data { int J; vector[J] y; vector[J] sigma; } parameters { real mu; real<lower=0> tau; vector[J] theta; } model { mu ~ normal(0, 5); tau ~ cauchy(0, 5);\n theta ~ normal(mu, tau); y ~ normal(theta, sigma); }");
        string data = _folder.File("schools.json", """{"J": 8, "y": [28, 8, -3, 7, -1, 1, 18, 12], "sigma": [15, 10, 16, 11, 9, 11, 10, 18]}""");
        string[] run = ["stan", program, "--data", data, "--chains", "1", "--warmup", "200", "--draws", "100", "--json"];
        ToolRun automatic = Tool.Run(run);
        Assert.True(automatic.Status == 0, automatic.Error);
        Assert.Contains("`theta` (line 2) is sampled as mu + tau * z", automatic.Error, StringComparison.Ordinal);
        JsonElement rewritten = JsonDocument.Parse(automatic.Output).RootElement.GetProperty("nonCentred")[0];
        Assert.Equal("tau", rewritten.GetProperty("scale").GetString());
        JsonElement plain = Tool.Json(["stan", program, "--data", data, "--chains", "1", "--warmup", "200", "--draws", "100", "--non-centre", "none"]);
        Assert.Equal(0, plain.GetProperty("nonCentred").GetArrayLength());
        Tool.Run([.. run, "--non-centre", "mu"]).Refuses(1, "`mu`", "theta");
    }
}
