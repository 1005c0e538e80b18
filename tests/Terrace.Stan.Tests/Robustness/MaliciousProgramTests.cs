using Terrace.Inference.LogDensities;
using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Data;
using Terrace.Stan.Diagnostics;

namespace Terrace.Stan.Tests.Robustness;

/// <summary>Programs of a stranger who means harm, or is careless: each is refused or stopped with a message that names the limit.</summary>
public sealed class MaliciousProgramTests
{
    private static readonly StanRunOptions Strict = new() { EvaluationLimit = TimeSpan.FromSeconds(0.3), MaximumElements = 1 << 22 };

    private static string Repeated(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Refusal(string program) => Assert.Throws<StanProgramException>(() => StanModel.Compile(program, "m")).Message;

    private static string Stop(string program) => Assert.Throws<StanRunException>(() =>
    {
        BoundStanModel bound = StanModel.Compile(program, "m").Bind(StanData.ParseJson("{}", "d"), Strict);
        ILogDensity density = bound.CreateEvaluator();
        density.Evaluate(new double[bound.Dimension], new double[bound.Dimension]);
        density.WriteDraw(new double[bound.Dimension], new Rng(1, 1), new double[bound.Layout.Count]);
    }).Message;

    [Theory]
    [InlineData("(", "1", ")")]
    [InlineData("-", "1", "")]
    [InlineData("!", "1", "")]
    [InlineData("exp(", "1", ")")]
    [InlineData("{", "1", "}")]
    [InlineData("1 ? 1 : ", "1", "")]
    [InlineData("1 ^ ", "1", "")]
    public void Expressions_that_are_nested_too_deep_are_refused(string open, string inside, string close) =>
        Assert.Contains("nested more than 200 deep", Refusal($"model {{ target += {Repeated(open, 50_000)}{inside}{Repeated(close, 50_000)}; }}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("{", "}")]
    [InlineData("for (i in 1:2) ", ";")]
    [InlineData("if (1) ; else ", ";")]
    public void Statements_that_are_nested_too_deep_are_refused(string open, string close) =>
        Assert.Contains("nested more than 200 deep", Refusal($"model {{ {Repeated(open, 20_000)}{Repeated(close, close == "}" ? 20_000 : 1)} }}"), StringComparison.Ordinal);

    [Fact]
    public void Long_chains_are_refused_and_shorter_ones_run()
    {
        Assert.Contains("5,000 operators", Refusal($"parameters {{ real a; }} model {{ target += a{Repeated(" * a", 20_000)}; }}"), StringComparison.Ordinal);
        Assert.Contains("follow one another", Refusal($"data {{ int x; }} model {{ target += x{Repeated("[1]", 20_000)}; }}"), StringComparison.Ordinal);
        Assert.Contains("20 deep", Refusal($"model {{ {Repeated("tuple(real, ", 500)}real{Repeated(")", 500)} x; }}"), StringComparison.Ordinal);
        var program = new Language.Program($"parameters {{ real a; }} model {{ target += a{Repeated(" * a", 2_999)}; }}");
        var gradient = new double[1];
        Assert.Equal(1, program.Evaluate([1.0], gradient).Value);
        Assert.Equal(3_000, gradient[0]);
    }

    [Fact]
    public void Programs_that_are_too_long_are_refused()
    {
        Assert.Contains("more than 10,000 statements", Refusal($"parameters {{ real a; }} model {{ {Repeated("a ~ normal(0, 1);\n", 10_001)} }}"), StringComparison.Ordinal);
        Assert.Contains("10,001 variables", Refusal($"parameters {{ {string.Concat(Enumerable.Range(0, 10_001).Select(k => $"real x{k};\n"))} }}"), StringComparison.Ordinal);
        Assert.Contains("4,000,000", Refusal("model { print(\"" + new string('x', 4_000_000) + "\"); }"), StringComparison.Ordinal);
        string arguments = string.Join(", ", Enumerable.Range(0, 12).Select(k => $"real x{k}"));
        string calls = string.Concat(Enumerable.Range(0, 1_100).Select(k => $"target += f({string.Join(", ", Enumerable.Range(0, 12).Select(b => (k >> b & 1) == 1 ? "a" : "1.0"))});\n"));
        StanModel model = StanModel.Compile($"functions {{ real f({arguments}) {{ return x0; }} }} parameters {{ real a; }} model {{ {calls} }}", "m");
        Assert.Contains("combinations", Assert.Throws<StanProgramException>(() => model.Bind(StanData.ParseJson("{}", "d")).CreateEvaluator().Evaluate(new double[1], new double[1])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("transformed data { while (1) { } }")]
    [InlineData("model { while (1) { } }")]
    [InlineData("model { while (1) print(1); }")]
    [InlineData("generated quantities { while (1) { } }")]
    [InlineData("parameters { real a; } model { for (i in 1:2147483647) for (j in 1:2147483647) target += a; }")]
    [InlineData("parameters { real a; } model { for (i in -2147483647:2147483647) target += a; }")]
    [InlineData("functions { real f(real x, int n) { return n == 0 ? x : f(x, n - 1) + f(x, n - 1); } } transformed data { real x = f(1, 200); }")]
    public void Endless_work_is_stopped_at_the_time_limit(string program) => Assert.Contains("takes longer than 0.3 s", Stop(program), StringComparison.Ordinal);

    [Theory]
    [InlineData("transformed data { array[2147483647] real x; }")]
    [InlineData("transformed data { array[65536, 65536, 2] int x; }")]
    [InlineData("parameters { real a; } model { matrix[100000, 100000] m; target += m[1, 1]; }")]
    [InlineData("parameters { matrix[100000, 100000] m; }")]
    [InlineData("parameters { array[100000] cov_matrix[100000] m; }")]
    [InlineData("generated quantities { matrix[100000, 100000] m; }")]
    [InlineData("transformed data { matrix[60000, 60000] m = rep_matrix(1, 60000, 60000); }")]
    [InlineData("transformed data { int n = 1; while (1) { vector[n] x = rep_vector(1, n); n = 2 * n; } }")]
    [InlineData("functions { vector f(vector x) { return f(append_row(x, x)); } } transformed data { vector[1] x = f([1]'); }")]
    public void Huge_containers_are_refused_at_the_memory_limit(string program) => Assert.Contains("which is the limit", Stop(program), StringComparison.Ordinal);

    [Theory]
    [InlineData("functions { real f(real x) { return f(x) + 1; } } parameters { real a; } model { target += f(a); }")]
    [InlineData("functions { real f(real x); real g(real x) { return f(x); } real f(real x) { return g(x) + 1; } } transformed data { real x = f(1); }")]
    public void Recursion_without_end_is_stopped_at_the_depth_limit(string program) => Assert.Contains("more than 2000 deep", Stop(program), StringComparison.Ordinal);
}
