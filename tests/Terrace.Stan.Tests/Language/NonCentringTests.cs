using Terrace.Inference.LogDensities;
using Terrace.Inference.Sampling;
using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Data;

namespace Terrace.Stan.Tests.Language;

/// <summary>Group effects sampled as location + scale × z: the same density in other coordinates.</summary>
public class NonCentringTests
{
    private const string Centred = "data { int J; vector[J] y; vector[J] sigma; } parameters { vector[J] theta; real mu; real<lower=0> tau; } model { mu ~ normal(0, 5); tau ~ cauchy(0, 5); theta ~ normal(mu, tau); y ~ normal(theta, sigma); }";
    private static readonly StanData Schools = StanData.ParseJson("""{"J": 8, "y": [28, 8, -3, 7, -1, 1, 18, 12], "sigma": [15, 10, 16, 11, 9, 11, 10, 18]}""", "schools");

    private static string Names(string program) => string.Join(",", StanModel.Compile(program).Centred.Select(rewrite => rewrite.Parameter));

    /// <summary>At one draw the densities differ by log |dθ/dz| = J log τ, and both ways to a draw and back agree.</summary>
    [Fact]
    public void The_density_is_the_same_up_to_the_Jacobian_of_the_map()
    {
        BoundStanModel plain = StanModel.Compile(Centred).Bind(Schools), rewritten = StanModel.Compile(Centred).NonCentred().Bind(Schools);
        Assert.Equal(plain.Layout.Columns, rewritten.Layout.Columns);
        Assert.Equal("mu", rewritten.CoordinateNames[0]);
        ILogDensity one = plain.CreateEvaluator(), other = rewritten.CreateEvaluator();
        var rng = new Rng(4, 4);
        double[] position = [.. Enumerable.Range(0, plain.Dimension).Select(_ => rng.NextDouble() * 2 - 1)], draw = new double[10], moved = new double[10], back = new double[10], gradient = new double[10], unused = new double[10];
        one.WriteDraw(position, rng, draw);
        other.Unconstrain(draw, moved);
        other.WriteDraw(moved, rng, back);
        for (int k = 0; k < 10; k++) Assert.Equal(draw[k], back[k], 10);
        double tau = draw[plain.Layout.IndexOf("tau")];
        DensityValue value = other.Evaluate(moved, gradient);
        Assert.Equal(one.Evaluate(position, unused).Value + (8 * Math.Log(tau)), value.Value, 10);
        for (int k = 0; k < 10; k++)
        {
            double origin = moved[k];
            moved[k] = origin + 1e-5;
            double up = other.Evaluate(moved, unused).Value;
            moved[k] = origin - 1e-5;
            double down = other.Evaluate(moved, unused).Value;
            moved[k] = origin;
            Assert.Equal((up - down) / 2e-5, gradient[k], 1e-5 * Math.Max(1, Math.Abs(gradient[k])));
        }
    }

    [Theory]
    [InlineData("theta", "for (j in 1:J) theta[j] ~ normal(mu, tau);")]
    [InlineData("theta", "for (j in 1:J) { target += normal_lpdf(theta[j] | mu, 2 * tau); }")]
    [InlineData("theta", "theta ~ normal(mu * x, tau);")]
    [InlineData("", "theta ~ normal(mu, 3);")]
    [InlineData("", "theta ~ student_t(4, mu, tau);")]
    [InlineData("", "for (j in 1:J) theta[j] ~ normal(mu * x[j], tau);")]
    [InlineData("", "for (j in 2:J) theta[j] ~ normal(mu, tau);")]
    [InlineData("", "theta[1:2] ~ normal(mu, tau);")]
    [InlineData("", "theta ~ normal(mu, tau); theta ~ normal(0, tau);")]
    [InlineData("", "real half = tau / 2; theta ~ normal(mu, half);")]
    [InlineData("", "theta ~ normal(sum(theta), tau);")]
    [InlineData("", "if (J > 2) theta ~ normal(mu, tau);")]
    public void Only_statements_that_say_it_plainly_are_read_as_group_effects(string expected, string statement) =>
        Assert.Equal(expected, Names($"data {{ int J; vector[J] x; }} parameters {{ real mu; real<lower=0> tau; vector[J] theta; }} model {{ {statement} }}"));

    [Fact]
    public void Declared_constraints_stay_as_they_are() =>
        Assert.Equal("", Names("data { int J; } parameters { real mu; real<lower=0> tau; vector<lower=0>[J] a; vector<offset=mu, multiplier=tau>[J] b; } model { a ~ normal(mu, tau); b ~ normal(mu, tau); }"));

    [Fact]
    public void Effects_of_effects_follow_each_other_and_circles_are_left()
    {
        StanModel nested = StanModel.Compile("data { int J; } parameters { vector[J] a; vector[J] b; real<lower=0> s; } model { a ~ normal(b, s); b ~ normal(0, s); s ~ exponential(1); }").NonCentred();
        Assert.Equal(["a", "b"], nested.Rewrites.Select(rewrite => rewrite.Parameter));
        StanModel circle = StanModel.Compile("data { int J; } parameters { vector[J] a; vector[J] b; real<lower=0> s; } model { a ~ normal(b, s); b ~ normal(a, s); b ~ normal(0, 1); s ~ exponential(1); }").NonCentred();
        Assert.Equal(["a"], circle.Rewrites.Select(rewrite => rewrite.Parameter));
        StanModel both = StanModel.Compile("data { int J; } parameters { vector[J] a; vector[J] b; real<lower=0> s; } model { a ~ normal(b, s); b ~ normal(a, s); s ~ exponential(1); }").NonCentred();
        Assert.Single(both.Rewrites);
        Assert.Contains("`zeta`", Assert.Throws<ArgumentException>(() => nested.NonCentred(["zeta"])).Message, StringComparison.Ordinal);
    }

    /// <summary>Rubin's schools tell little of each school; 20 groups of 100 with a small residual tell all.</summary>
    [Fact]
    public void Effects_of_which_the_data_say_little_are_rewritten_and_others_are_not()
    {
        Assert.Single(StanModel.Compile(Centred).NonCentredFor(Schools).Rewrites);
        var rng = new Rng(8, 8);
        double[] means = [.. Enumerable.Range(0, 20).Select(_ => 1 + (1.5 * rng.NextNormal()))];
        StanData many = StanData.FromDictionary(new Dictionary<string, object> { ["J"] = 20, ["y"] = means, ["sigma"] = Enumerable.Repeat(0.1, 20).ToArray() });
        Assert.Empty(StanModel.Compile(Centred).NonCentredFor(many).Rewrites);
    }

    [Fact]
    public void Draws_of_the_rewritten_program_have_the_same_posterior_and_fewer_divergences()
    {
        var options = new NutsOptions { Seed = 6, Chains = 2, Threads = 1, Warmup = 500, Iterations = 1000 };
        SamplingResult plain = StanModel.Compile(Centred).Sample(Schools, options), rewritten = StanModel.Compile(Centred).NonCentred().Sample(Schools, options);
        int Divergent(SamplingResult result) => result.Statistics.Divergent.Count(divergent => divergent);
        Assert.True(Divergent(rewritten) < Divergent(plain), $"{Divergent(rewritten)} and {Divergent(plain)}");
        // posteriordb's reference: mean of mu 4.41 with sd 3.33; 4 standard errors at 500 independent draws are 0.6.
        Assert.Equal(4.41, rewritten.Draws.Column("mu").ToArray().Average(), 0.6);
    }
}
