using System.Text.Json;

namespace Terrace.Cli.Tests;

/// <summary><c>terrace stan</c> end to end, on programs whose answers are known.</summary>
public sealed class StanCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("terrace-stan-").FullName;

    private string File(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    private static (int Status, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new(), error = new();
        int status = CommandLine.Run(["stan", .. args], output, error);
        return (status, output.ToString(), error.ToString());
    }

    private string Normal => File("normal.stan", "data {\n  int N;\n  vector[N] y;\n}\nparameters {\n  real mu;\n}\nmodel {\n  y ~ normal(mu, 1);\n}\ngenerated quantities {\n  real twice = 2 * mu;\n}\n");

    private string Data => File("data.json", """{"N": 4, "y": [1, 2, 3, 4]}""");

    [Fact]
    public void Sampling_finds_the_conjugate_posterior_and_writes_files_that_summarize_reads()
    {
        string directory = Path.Combine(_folder, "draws");
        (int status, string output, _) = Run(Normal, "--data", Data, "--json", "--output", directory, "--seed", "3");
        Assert.Equal(0, status);
        JsonElement root = JsonDocument.Parse(output).RootElement;
        JsonElement mu = root.GetProperty("variables")[0];
        // The posterior is normal(2.5, 1/2); 6 Monte Carlo errors: false alarm about 2 in 10⁹.
        Assert.Equal("mu", mu.GetProperty("name").GetString());
        Assert.InRange(mu.GetProperty("mean").GetDouble(), 2.5 - (6 * mu.GetProperty("mcse").GetDouble()), 2.5 + (6 * mu.GetProperty("mcse").GetDouble()));
        Assert.InRange(mu.GetProperty("sd").GetDouble(), 0.46, 0.54);
        Assert.Equal(0, root.GetProperty("sampler").GetProperty("divergent").GetInt32());
        string[] files = [.. Directory.GetFiles(directory).Order()];
        Assert.Equal(["normal-1.csv", "normal-2.csv", "normal-3.csv", "normal-4.csv"], files.Select(Path.GetFileName));
        using StringWriter summary = new(), error = new();
        Assert.Equal(0, CommandLine.Run(["summarize", .. files, "--json"], summary, error));
        Assert.Contains(JsonDocument.Parse(summary.ToString()).RootElement.GetProperty("variables").EnumerateArray(), v => v.GetProperty("name").GetString() == "twice");
    }

    [Fact]
    public void The_log_density_at_given_points_is_exact_with_and_without_constants()
    {
        string points = File("points.json", "[[0], [2.5]]");
        (int status, string output, _) = Run(Normal, "--data", Data, "--method", "log-prob", "--unconstrained", points);
        Assert.Equal(0, status);
        JsonElement all = JsonDocument.Parse(output).RootElement;
        Assert.Equal(-15 - (2 * Math.Log(2 * Math.PI)), all[0].GetProperty("logProb").GetDouble(), 12);
        Assert.Equal(10, all[0].GetProperty("gradient")[0].GetDouble(), 12);
        Assert.Equal(0, all[1].GetProperty("gradient")[0].GetDouble(), 12);
        (_, output, _) = Run(Normal, "--data", Data, "--method", "log-prob", "--unconstrained", points, "--propto");
        Assert.Equal(-15, JsonDocument.Parse(output).RootElement[0].GetProperty("logProb").GetDouble(), 12);
    }

    [Fact]
    public void The_mode_of_a_constrained_parameter_leaves_the_Jacobian_out_unless_asked()
    {
        string program = File("gamma.stan", "parameters { real<lower=0> x; } model { x ~ gamma(3, 2); }");
        double Mode(params string[] more) => JsonDocument.Parse(Run([program, "--method", "optimize", "--json", .. more]).Output).RootElement.GetProperty("variables")[0].GetProperty("estimate").GetDouble();
        Assert.Equal(1, Mode(), 4);
        Assert.Equal(1.5, Mode("--jacobian", "true"), 4);
    }

    [Theory]
    [InlineData("laplace")]
    [InlineData("pathfinder")]
    [InlineData("variational")]
    public void Approximations_find_a_normal_posterior(string method)
    {
        (int status, string output, _) = Run(Normal, "--data", Data, "--method", method, "--json", "--quiet");
        Assert.Equal(0, status);
        Assert.InRange(JsonDocument.Parse(output).RootElement.GetProperty("variables")[0].GetProperty("mean").GetDouble(), 2.2, 2.8);
    }

    [Fact]
    public void Generated_quantities_follow_saved_parameters()
    {
        string directory = Path.Combine(_folder, "fitted");
        Assert.Equal(0, Run(Normal, "--data", Data, "--chains", "1", "--draws", "50", "--warmup", "200", "--output", directory, "--quiet").Status);
        string program = File("more.stan", "parameters { real mu; } model { mu ~ normal(0, 1); } generated quantities { real shifted = mu + 10; }");
        (int status, string output, _) = Run(program, "--method", "generate-quantities", "--fitted", Path.Combine(directory, "normal-1.csv"), "--json");
        Assert.Equal(0, status);
        JsonElement[] variables = [.. JsonDocument.Parse(output).RootElement.GetProperty("variables").EnumerateArray()];
        Assert.Equal(variables[0].GetProperty("mean").GetDouble() + 10, variables[1].GetProperty("mean").GetDouble(), 9);
    }

    [Fact]
    public void A_program_without_parameters_is_run_as_it_is()
    {
        string program = File("fixed.stan", "generated quantities { real x = normal_rng(3, 0.5); int k = poisson_rng(4); }");
        (int status, string output, _) = Run(program, "--json");
        Assert.Equal(0, status);
        JsonElement root = JsonDocument.Parse(output).RootElement;
        Assert.InRange(root.GetProperty("variables")[0].GetProperty("mean").GetDouble(), 2.95, 3.05);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("sampler").ValueKind);
    }

    [Fact]
    public void The_gradient_is_diagnosed_against_differences()
    {
        (int status, string output, _) = Run(Normal, "--data", Data, "--method", "diagnose");
        Assert.Equal(0, status);
        Assert.Contains("agrees with differences", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_program_is_explained_with_line_and_caret_and_nothing_is_written()
    {
        string program = File("wrong.stan", "parameters {\n  real mu;\n}\nmodel {\n  mu ~ nromal(0, 1);\n}\n"), directory = Path.Combine(_folder, "none");
        (int status, string output, string error) = Run(program, "--output", directory);
        Assert.Equal(1, status);
        Assert.Empty(output);
        Assert.Contains("wrong.stan:5:8: error: there is no distribution `nromal`\n    5 |   mu ~ nromal(0, 1);\n      |        ^^^^^^\n      = did you mean `normal`?", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(directory));
    }

    [Theory]
    [InlineData(2, "--method", "guess")]
    [InlineData(2, "--adapt-delta", "2")]
    [InlineData(2, "--init", "-3")]
    [InlineData(2, "--method", "log-prob")]
    [InlineData(2, "--method", "log-prob", "--output", "somewhere")]
    [InlineData(2, "--method", "optimize", "--chains", "2")]
    [InlineData(2, "--method", "pathfinder", "--adapt-delta", "0.9")]
    [InlineData(2, "--method", "optimize", "--algorithm", "meanfield")]
    [InlineData(2, "--method", "optimize", "--algorithm", "newton", "--history-size", "3")]
    [InlineData(2, "--tol-obj", "1e-3")]
    [InlineData(2, "--propto")]
    [InlineData(2, "--format", "--syntax", "2.20")]
    [InlineData(1, "--data", "no-such-file.json")]
    [InlineData(1, "--init", "no-such-file.json")]
    public void What_cannot_be_done_is_refused_without_a_stack_trace(int expected, params string[] more)
    {
        (int status, _, string error) = Run([Normal, .. more.Contains("--data") ? [] : (string[])["--data", Data], .. more]);
        Assert.Equal(expected, status);
        Assert.StartsWith("terrace: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_do_not_fit_name_the_variable_and_its_line()
    {
        (int status, _, string error) = Run(Normal, "--data", File("short.json", """{"N": 4, "y": [1, 2]}"""));
        Assert.Equal(1, status);
        Assert.Contains("normal.stan:3:13: `y` is declared with the size 4, but the data give 2", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_program_is_printed_in_todays_syntax()
    {
        string old = File("old.stan", "data { int N; real y[N]; } # numbers\nparameters { real m; }\nmodel { increment_log_prob(normal_log(y, m, 1)); }\n");
        (int status, string output, _) = Run(old, "--format");
        Assert.Equal(0, status);
        Assert.Equal("data {\n  int N;\n  array[N] real y;\n} // numbers\nparameters {\n  real m;\n}\nmodel {\n  target += normal_lpdf(y | m, 1);\n}\n", output);
    }

    [Fact]
    public void A_program_is_printed_in_the_syntax_of_2_21_or_the_place_told_that_it_has_no_form_for()
    {
        (int status, string output, _) = Run(File("new.stan", "data { int N; array[N, 2] real y; }\nparameters { real m; }\nmodel { m ~ normal(0, 1); real s = abs(m); }\n"), "--format", "--syntax", "2.21");
        Assert.Equal(0, status);
        Assert.Equal("data {\n  int N;\n  real y[N, 2];\n}\nparameters {\n  real m;\n}\nmodel {\n  real s;\n  m ~ normal(0, 1);\n  s = fabs(m);\n}\n", output);
        (status, output, string error) = Run(File("newer.stan", "transformed data {\n  tuple(int, int) t = (1, 2);\n}\n"), "--format", "--syntax", "2.21");
        Assert.Equal(1, status);
        Assert.Empty(output);
        Assert.Contains("newer.stan:2:3: error: Stan 2.21 has no type `tuple`", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_seed_gives_the_same_draws_on_any_number_of_threads()
    {
        string Once(string threads) => Run(Normal, "--data", Data, "--json", "--threads", threads, "--draws", "100").Output.Split("\"sampler\"")[0];
        Assert.Equal(Once("1"), Once("4"));
    }

    public void Dispose() => Directory.Delete(_folder, true);
}
