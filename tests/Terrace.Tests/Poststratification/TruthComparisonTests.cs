using Terrace.Data;
using Terrace.Poststratification;

namespace Terrace.Tests.Poststratification;

public class TruthComparisonTests
{
    private static readonly MeanRange Proportion = new(0, 1);

    private static readonly AreaEstimates Estimates = new(new Grouping("state"),
    [
        new AreaEstimate(["1"], 10, 5, new IntervalEstimate(0.5, 0.05, 0.4, 0.6)),
        new AreaEstimate(["2"], 10, 5, new IntervalEstimate(0.6, 0.05, 0.5, 0.7)),
        new AreaEstimate(["3"], 10, 0, IntervalEstimate.None),
    ]);

    private static Frame Truth(string column, params double[] values) =>
        new([new IntegerColumn("state", [.. Enumerable.Range(1, values.Length).Select(i => (long)i)]), new NumericColumn("other", new double[values.Length]), new NumericColumn(column, values)], "truth.csv");

    [Theory]
    [InlineData("truth")]
    [InlineData("actual_bush_1988")]
    public void Averages_absolute_errors_and_counts_intervals_that_hold_the_truth(string column)
    {
        TruthComparison comparison = TruthComparison.Of(Truth(column, 0.45, 0.8, 0.1), [Estimates], null, Proportion);
        Assert.Equal(2, comparison.Areas);
        Assert.Equal(0.125, comparison.MeanAbsoluteError, 1e-15);
        Assert.Equal(0.5, comparison.Coverage);
        Assert.Equal(column, comparison.Column);
    }

    [Fact]
    public void Takes_the_first_grouping_that_the_table_can_tell_apart()
    {
        AreaEstimates finer = new(new Grouping("state", "edu"), [new AreaEstimate(["1", "1"], 1, 1, new IntervalEstimate(0.1, 0.1, 0, 1))]);
        Assert.Equal(new Grouping("state"), TruthComparison.Of(Truth("truth", 0.5), [finer, Estimates], null, Proportion).Grouping);
    }

    [Fact]
    public void Refuses_what_it_cannot_compare()
    {
        Assert.Contains("percentages", Message(Truth("truth", 54.3)), StringComparison.Ordinal);
        Assert.Contains("Which column", Message(Truth("votes", 0.5)), StringComparison.Ordinal);
        Assert.Contains("nothing to compare", Message(new Frame([new IntegerColumn("county", [1])])), StringComparison.Ordinal);
        Assert.Contains("twice", Message(new Frame([new IntegerColumn("state", [1, 1]), new NumericColumn("truth", [0.1, 0.2])])), StringComparison.Ordinal);
        Assert.Contains("No area", Message(new Frame([new IntegerColumn("state", [7]), new NumericColumn("truth", [0.1])])), StringComparison.Ordinal);
    }

    private static string Message(Frame truth) => Assert.Throws<DataException>(() => TruthComparison.Of(truth, [Estimates], null, Proportion)).Message;
}
