using Terrace.Design;
using Terrace.Families;
using static Terrace.Tests.Families.RowsByHand;

namespace Terrace.Tests.Families;

/// <summary>What makes a response binomial, and what is refused with a reason.</summary>
public class BinomialResponseTests
{
    [Fact]
    public void Counts_with_failures_become_proportions_with_their_trials()
    {
        Observations observations = Resolve(Cbind([1, 0, 3], [3, 0, 1]));
        Assert.Equal([0.25, 0, 0.75], observations.RowY);
        Assert.Equal([4, 0, 4], observations.RowWeight);
        Assert.Equal(2, observations.WeightedRows);
    }

    [Fact]
    public void The_second_level_is_success() => Assert.Equal([0, 1, 1], Resolve(Levels(["Gore", "Bush"], 0, 1, 1)).RowY);

    [Fact]
    public void Logical_values_are_zero_and_one() =>
        Assert.Equal([0, 1], Resolve(new ResponseValues { Name = "b", Kind = ResponseKind.Logical, Values = [0, 1] }).RowY);

    [Fact]
    public void Whole_numbers_with_trials_are_counts_and_fractions_are_proportions()
    {
        Assert.Equal([0.5, 0.25], Resolve(Numbers(1, 1), trials: [2, 4]).RowY);
        Assert.Equal([0.5, 0.25], Resolve(Numbers(0.5, 0.25), trials: [2, 4]).RowY);
        Assert.Equal([2, 4], Resolve(Numbers(0.5, 0.25), trials: [2, 4]).RowWeight);
    }

    [Fact]
    public void Proportions_take_their_trials_from_the_weights() =>
        Assert.Equal([2, 4], Resolve(Numbers(0.5, 0.25), weights: [2, 4]).RowTrials);

    [Fact]
    public void A_quasibinomial_takes_fractions_and_any_weights()
    {
        Observations observations = Observations.Resolve(Intercept(Numbers(0.3, 1), [1.5, 0.7]), Family.Quasibinomial());
        Assert.Equal([0.3, 1], observations.RowY);
    }

    [Fact]
    public void Ambiguous_or_impossible_responses_are_refused_with_a_reason()
    {
        Refused("--trials", Numbers(0.5, 0.25));
        Refused("--trials", Numbers(0, 3, 1));
        Refused("-1", Numbers(0, -1));
        Refused("'Nader'", Levels(["Bush", "Gore", "Nader"], 0, 1, 2));
        Refused("1 level ", Levels(["Bush"], 0, 0));
        Refused("not whole numbers", Numbers(0.5, 3), trials: [4, 4]);
        Refused("3 of 2 trials", Numbers(1, 3), trials: [4, 2]);
        Refused("whole number", Numbers(0.3, 0.5), trials: [4, 2], expected: "whole ones");
        Refused("2.5", Numbers(1, 1), trials: [4, 2.5]);
        Refused("leave the trials out", Cbind([1], [2]), trials: [3]);
        Refused("leave the trials out", Levels(["a", "b"], 0, 1), trials: [3, 1]);
        Refused("2.5", Cbind([2.5], [1]));
        Refused("never negative", Cbind([-1], [1]));
        Refused("quasibinomial", Numbers(0, 1), weights: [1, 1.5]);
        Refused("2 trials for 3 rows", Numbers(0, 1, 1), trials: [1, 1]);
    }

    private static void Refused(string part, ResponseValues response, double[]? weights = null, double[]? trials = null, string? expected = null)
    {
        var error = Assert.Throws<ModelException>(() => Resolve(response, weights, trials));
        Assert.Contains(expected ?? part, error.Message, StringComparison.Ordinal);
        Assert.Contains(part == "2 trials for 3 rows" || part == "2.5" ? "row" : $"'{response.Name}'", error.Message, StringComparison.Ordinal);
    }

    private static Observations Resolve(ResponseValues response, double[]? weights = null, double[]? trials = null) =>
        Observations.Resolve(Intercept(response, weights, trials), Family.Binomial());
}
