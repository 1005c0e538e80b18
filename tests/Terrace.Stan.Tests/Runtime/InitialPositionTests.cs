using Terrace.Inference.Sampling;
using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Data;

namespace Terrace.Stan.Tests.Runtime;

/// <summary>Positions to start from, out of given values.</summary>
public class InitialPositionTests
{
    private const string Program = "data { int J; } parameters { real<lower=0> low; real<lower=low> high; array[2] matrix<lower=0>[2, 3] M; vector[J] z; simplex[3] p; } model { high ~ normal(0, 9); z ~ std_normal(); to_vector(M[1]) ~ exponential(1); to_vector(M[2]) ~ exponential(1); }";

    private static BoundStanModel Bound(int j = 2) => StanModel.Compile(Program).Bind(StanData.FromDictionary(new Dictionary<string, object> { ["J"] = j }));

    private static double[] Draw(BoundStanModel bound, double[] position)
    {
        var draw = new double[bound.Layout.Count];
        bound.CreateEvaluator().WriteDraw(position, new Rng(1, 1), draw);
        return draw;
    }

    [Fact]
    public void Given_values_come_back_as_a_draw_and_the_rest_is_drawn_within_its_constraints()
    {
        BoundStanModel bound = Bound();
        StanData given = StanData.ParseJson("""{"high": 0.5, "M": [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]]}""", "text");
        double[] draw = Draw(bound, bound.InitialPosition(given, seed: 4)), other = Draw(bound, bound.InitialPosition(given, seed: 4, chain: 1));
        double At(double[] values, string name) => values[bound.Layout.IndexOf(name)];
        Assert.Equal(0.5, At(draw, "high"), 12);
        // `low` is drawn below `high`, whose bound it is: draws above are thrown away.
        Assert.InRange(At(draw, "low"), 0, 0.5);
        Assert.InRange(At(other, "low"), 0, 0.5);
        Assert.NotEqual(At(draw, "low"), At(other, "low"));
        Assert.Equal(6, At(draw, "M[1,2,3]"), 12);
        Assert.Equal(8, At(draw, "M[2,1,2]"), 12);
        Assert.Equal(1, At(draw, "p[1]") + At(draw, "p[2]") + At(draw, "p[3]"), 12);
        Assert.Equal(draw, Draw(bound, bound.InitialPosition(given, seed: 4)));
    }

    [Fact]
    public void Without_a_range_what_is_not_given_is_zero_on_the_unconstrained_scale()
    {
        BoundStanModel bound = Bound();
        double[] position = bound.InitialPosition(StanData.ParseJson("""{"z": [3, -1]}""", "text"), range: 0);
        double[] expected = new double[bound.Dimension];
        for (int k = 0; k < expected.Length; k++) expected[k] = bound.CoordinateNames[k] switch { "z[1]" => 3, "z[2]" => -1, _ => 0 };
        Assert.Equal(expected, position);
    }

    [Fact]
    public void A_variable_without_elements_may_be_left_out() => Assert.Equal(14 + 0 + 2, Bound(0).InitialPosition(StanData.Empty).Length);

    [Theory]
    [InlineData("""{"low": -1}""", "`low`: the value is -1, but must be at least 0")]
    [InlineData("""{"z": [1]}""", "`z` is of size 2, but the initial value is of size 1")]
    [InlineData("""{"z": ["NaN", 1]}""", "`z` is not finite")]
    [InlineData("""{"low": 5, "high": 2}""", "`high`: the value is 2, but must be at least 5")]
    public void Values_that_do_not_fit_are_refused(string text, string message) =>
        Assert.Contains(message, Assert.Throws<StanDataException>(() => Bound().InitialPosition(StanData.ParseJson(text, "text"), "start")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_place_without_density_is_refused_with_the_reason()
    {
        BoundStanModel bound = StanModel.Compile("parameters { real x; } model { if (x > 3) reject(\"too far\"); x ~ std_normal(); }").Bind(StanData.Empty);
        Assert.Contains("too far", Assert.Throws<StanDataException>(() => bound.InitialPosition(StanData.ParseJson("""{"x": 4}""", "text"))).Message, StringComparison.Ordinal);
        Assert.Equal([2.0], bound.InitialPosition(StanData.ParseJson("""{"x": 2}""", "text")));
    }

    [Fact]
    public void A_program_and_data_are_sampled_in_one_call()
    {
        StanModel model = StanModel.Compile("data { int N; vector[N] y; } parameters { real mu; } model { y ~ normal(mu, 1); }");
        SamplingResult result = model.Sample(StanData.ParseJson("""{"N": 4, "y": [1, 2, 3, 4]}""", "text"), new NutsOptions { Seed = 2, Chains = 2, Iterations = 500, Warmup = 300 });
        Assert.Equal(2.5, result.Draws.Column("mu").ToArray().Average(), 0.15);
        SamplingResult none = StanModel.Compile("generated quantities { real x = normal_rng(3, 1); }").Sample(StanData.Empty, new NutsOptions { Chains = 1, Iterations = 400 });
        Assert.Equal(3, none.Draws.Column("x").ToArray().Average(), 0.4);
    }
}
