using Terrace.SavedFits;

namespace Terrace.Tests.SavedFits;

public class EngineComparisonTests
{
    private static readonly EngineResult Nuts = new("nuts", [new("b[x]", 1.0, 0.2, 0.004), new("sd[g,(Intercept)]", 0.5, 0.1, 0.003)], true, []);

    [Fact]
    public void Posterior_means_within_four_Monte_Carlo_errors_agree()
    {
        var gibbs = new EngineResult("gibbs", [new("b[x]", 1.02, 0.2, 0.004), new("sd[g,(Intercept)]", 0.505, 0.1, 0.003)], true, []);
        EngineComparison comparison = EngineComparison.Of([Nuts, gibbs]);
        Assert.Equal(["b[x]", "sd[g,(Intercept)]"], comparison.Agreement.Select(difference => difference.Quantity));
        Assert.Equal(0.1, comparison.Agreement[0].DifferenceInSd, 1e-12);
        Assert.Equal("nuts and gibbs agree on all 2 means within 4 Monte Carlo errors.", comparison.Verdict);
    }

    [Fact]
    public void Means_further_apart_are_named_with_their_distance()
    {
        var gibbs = new EngineResult("gibbs", [new("b[x]", 1.03, 0.2, 0.004), new("sd[g,(Intercept)]", 0.505, 0.1, 0.003)], true, []);
        Assert.StartsWith("1 of 2 means differ by more than 4 Monte Carlo errors: b[x] (nuts and gibbs: 0.15 sd).", EngineComparison.Of([Nuts, gibbs]).Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Maximum_likelihood_is_no_party_to_the_verdict_and_names_its_boundary()
    {
        var ml = new EngineResult("ml", [new("b[x]", 3.0, 0.2, 0), new("sd[g,(Intercept)]", 0, double.NaN, 0)], false, ["sd[g,(Intercept)] = 0"]);
        EngineComparison comparison = EngineComparison.Of([ml, Nuts]);
        Assert.Equal(-10, comparison.Agreement[0].DifferenceInSd, 1e-12);
        Assert.All(comparison.Agreement, difference => Assert.Null(difference.Agrees));
        Assert.Contains("nothing to judge", comparison.Verdict, StringComparison.Ordinal);
        Assert.Contains("boundary: sd[g,(Intercept)] = 0", comparison.Verdict, StringComparison.Ordinal);
    }
}
