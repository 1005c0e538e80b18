using Terrace.Design;
using Terrace.Families;
using static Terrace.Tests.Families.RowsByHand;

namespace Terrace.Tests.Families;

/// <summary>What the other families refuse, and what is wrong with weights.</summary>
public class ResponseRulesTests
{
    [Theory]
    [InlineData("poisson", -1, "never negative")]
    [InlineData("poisson", 1.5, "quasipoisson")]
    [InlineData("quasipoisson", -1, "never negative")]
    [InlineData("gamma", 0, "positive")]
    [InlineData("inverse-gaussian", -2, "positive")]
    [InlineData("gaussian", double.PositiveInfinity, "finite")]
    public void Values_that_a_family_cannot_have_are_refused(string family, double value, string part)
    {
        var error = Assert.Throws<ModelException>(() => Observations.Resolve(Intercept(Numbers(1, value)), Family.Parse(family)));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Contains("'y'", error.Message, StringComparison.Ordinal);
        Assert.Contains("row 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quasipoisson_takes_fractions() => Assert.Equal([0.5, 2], Observations.Resolve(Intercept(Numbers(0.5, 2)), Family.Quasipoisson()).RowY);

    [Fact]
    public void A_value_of_weight_zero_may_be_outside_the_range() =>
        Assert.Equal(1, Observations.Resolve(Intercept(Numbers(-1, 2), [0, 1]), Family.Gamma()).WeightedRows);

    [Fact]
    public void Categories_and_two_columns_need_the_binomial_family()
    {
        Refused("binomial", Levels(["a", "b"], 0, 1));
        Refused("binomial", Cbind([1], [2]));
        Refused("Trials", Numbers(1, 2), trials: [3, 4]);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_refused()
    {
        Refused("2 weights for 3 rows", Numbers(1, 2, 3), [1, 1]);
        Refused("row 2 is -1", Numbers(1, 2, 3), [1, -1, 1]);
        Refused("row 3 is NaN", Numbers(1, 2, 3), [1, 1, double.NaN]);
        Refused("All weights are 0", Numbers(1, 2), [0, 0]);
    }

    [Fact]
    public void Rows_without_a_response_cannot_be_fitted() => Refused("no response", null);

    [Fact]
    public void No_rows_at_all_is_an_error() => Refused("No row is left", Numbers());

    private static void Refused(string part, ResponseValues? response, double[]? weights = null, double[]? trials = null)
    {
        var error = Assert.Throws<ModelException>(() => Observations.Resolve(Intercept(response, weights, trials), Family.Gaussian()));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }
}
