using Terrace.Data;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Poststratification;

namespace Terrace.Tests.Poststratification;

public class PlainPoststratificationTests
{
    private static readonly Frame Survey = new(
    [
        new TextColumn("g", ["a", "a", "a", "a", "b", "b", "c"]),
        new NumericColumn("y", [1, 2, 3, 4, 10, 14, 5]),
    ]);

    private static MrpResult Run(string[] groups, double[] counts, Family family, Frame survey, string formula = "y ~ 1 + g") => Mrp.Run(new MrpOptions
    {
        Formula = Formula.Parse(formula),
        Survey = survey,
        Population = PoststratificationFrame.FromCounts(new Frame([new TextColumn("g", groups), new NumericColumn("N", counts)])),
        Family = family,
    });

    [Fact]
    public void Weights_the_means_of_cells_and_pools_the_variance_where_a_cell_has_one_respondent()
    {
        IntervalEstimate plain = Run(["a", "b", "c"], [50, 30, 20], Family.Gaussian(), Survey).Comparison[0].Poststratified[0];
        double pooled = (5.0 + 8) / (3 + 1);
        double variance = 0.25 * (5.0 / 3) / 4 + 0.09 * 8 / 2 + 0.04 * pooled;
        Assert.Equal(0.5 * 2.5 + 0.3 * 12 + 0.2 * 5, plain.Estimate, 1e-14);
        Assert.Equal(Math.Sqrt(variance), plain.Sd, 1e-14);
    }

    [Fact]
    public void The_raw_mean_has_the_standard_error_of_a_simple_random_sample()
    {
        IntervalEstimate raw = Run(["a", "b", "c"], [50, 30, 20], Family.Gaussian(), Survey).Comparison[0].Raw[0];
        double[] y = [1, 2, 3, 4, 10, 14, 5];
        Assert.Equal(y.Average(), raw.Estimate, 1e-14);
        Assert.Equal(Math.Sqrt(y.Sum(v => (v - y.Average()) * (v - y.Average())) / 6 / 7), raw.Sd, 1e-14);
    }

    [Fact]
    public void Cells_without_respondents_are_left_out_and_named()
    {
        MrpResult result = Run(["a", "b", "c", "d"], [50, 30, 20, 100], Family.Gaussian(), Survey, "y ~ 1 + (1|g)");
        Assert.Equal(0.5 * 2.5 + 0.3 * 12 + 0.2 * 5, result.Comparison[0].Poststratified[0].Estimate, 1e-14);
        Assert.Contains(result.Warnings, w => w.Code == "group-not-estimable" && w.Message.Contains("50 % of the population", StringComparison.Ordinal));
    }

    [Fact]
    public void Counts_of_successes_weigh_as_their_trials()
    {
        var survey = new Frame([new TextColumn("g", ["a", "a", "b"]), new IntegerColumn("s", [1, 5, 3]), new IntegerColumn("f", [3, 1, 7])]);
        PoolingComparison comparison = Run(["a", "b"], [1, 3], Family.Binomial(), survey, "cbind(s, f) ~ g").Comparison[0];
        Assert.Equal(9 / 20.0, comparison.Raw[0].Estimate, 1e-14);
        Assert.Equal(0.25 * 0.6 + 0.75 * 0.3, comparison.Poststratified[0].Estimate, 1e-14);
        Assert.Equal(Math.Sqrt(0.0625 * 0.24 / 9 + 0.5625 * 0.21 / 9), comparison.Poststratified[0].Sd, 1e-14);
    }
}
