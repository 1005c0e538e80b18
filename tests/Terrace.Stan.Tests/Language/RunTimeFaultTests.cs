using Terrace.Inference.LogDensities;

namespace Terrace.Stan.Tests.Language;

/// <summary>What goes wrong while a program runs: the message names the line, and a stranger's program is stopped at its limits.</summary>
public sealed class RunTimeFaultTests
{
    [Theory]
    [InlineData("data {\n  int N;\n  vector[N] y;\n}", """{"N": 2, "y": [1, 2, 3]}""", "test.stan:3:13: `y` is declared with the size 2, but the data give 3")]
    [InlineData("data {\n  int N;\n  vector[N] y;\n}", """{"N": 2, "Y": [1, 2]}""", "test.stan:3:13: the data have no variable `y`; did you mean `Y`?")]
    [InlineData("data {\n  int<lower=1> N;\n}", """{"N": 0}""", "N")]
    [InlineData("data {\n  int N;\n}", """{"N": 1.5}""", "test.stan:2:7: `N` is declared as integer, but the data give reals")]
    [InlineData("data {\n  int N;\n  vector[N] y;\n}", """{"N": -1, "y": []}""", "test.stan:3:13: `y` is declared with the size -1, which is negative")]
    [InlineData("transformed data {\n  vector[2] x = [1, 2]';\n  real y = x[3];\n}", "{}", "test.stan:3:3: index 3 out of range: the size is 2, indexes start at 1")]
    [InlineData("transformed data {\n  int k = 0;\n  int j = 4 %/% k;\n}", "{}", "test.stan:3:3: division of an integer by 0")]
    [InlineData("data { int N; }\ntransformed data {\n  vector[N] x = [1, 2, 3]';\n}", """{"N": 2}""", "test.stan:3:3: `x` has the size 2, but the value assigned to it has 3")]
    [InlineData("data { int N; int J; }\ntransformed data {\n  vector[N] x = rep_vector(1, N);\n  vector[J] y = rep_vector(2, J);\n  vector[N] z = x + y;\n}", """{"N": 2, "J": 3}""", "test.stan:5:3: `+` of containers of different sizes: 2 on the left, 3 on the right")]
    [InlineData("transformed data {\n  fatal_error(\"no \", 1.5, \" \", {1, 2});\n}", "{}", "test.stan:2:3: no 1.5 [1,2]")]
    [InlineData("transformed data {\n  vector[2000000000] x;\n}", "{}", "the program needs more than")]
    [InlineData("functions {\n  real f(real x) {\n    return f(x + 1);\n  }\n}\ntransformed data {\n  real x = f(1);\n}", "{}", "functions call one another more than 2000 deep")]
    public void A_fault_names_the_line(string program, string data, string expected)
    {
        StanRunException fault = Assert.Throws<StanRunException>(() => new Program(program, data, new StanRunOptions { MaximumElements = 1 << 24 }));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rejection_gives_the_position_density_0_and_says_why()
    {
        var program = new Program("parameters {\n  real a;\n}\nmodel {\n  if (a > 0) reject(\"a is \", a);\n  a ~ normal(0, 1);\n}");
        DensityValue value = program.Evaluate([0.5]);
        Assert.False(value.IsAccepted);
        Assert.Equal(new Rejection("a is 0.5", "test.stan:5"), value.Rejection);
        Assert.True(program.Evaluate([-0.5]).IsAccepted);
    }

    [Fact]
    public void A_scale_outside_its_domain_rejects_with_the_line()
    {
        var program = new Program("parameters {\n  real a;\n}\nmodel {\n  a ~ normal(0, a);\n}");
        DensityValue value = program.Evaluate([-1]);
        Assert.Equal("test.stan:5", value.Rejection?.Place);
        Assert.Contains("must be positive", value.Rejection?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endless_loop_is_stopped_at_its_limit()
    {
        StanRunException fault = Assert.Throws<StanRunException>(() => new Program("transformed data {\n  int i = 0;\n  while (1) i += 1;\n}", "{}", new StanRunOptions { EvaluationLimit = TimeSpan.FromMilliseconds(200) }));
        Assert.Contains("takes longer than 0.2 s", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_ends_when_the_run_is_cancelled()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        Assert.Throws<OperationCanceledException>(() => new Program("transformed data { while (1) { } }", "{}", new StanRunOptions { Cancellation = source.Token }));
    }

    [Fact]
    public void Memory_of_a_growing_tape_is_limited()
    {
        var program = new Program("parameters { real a; } model { real x = a; while (1) x = x * a + 1; target += x; }", "{}", new StanRunOptions { MaximumElements = 1 << 20 });
        StanRunException fault = Assert.Throws<StanRunException>(() => program.Evaluate([0.5]));
        Assert.Contains("which is the limit", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Printing_goes_to_the_caller()
    {
        List<string> lines = [];
        _ = new Program("transformed data { print(\"x = \", [1.5, 2], \" \", {1, 2}, \" \", [[1, 2], [3, 4]]); }", "{}", new StanRunOptions { Printed = lines.Add });
        Assert.Equal(["x = [1.5,2] [1,2] [[1,2],[3,4]]"], lines);
    }
}
