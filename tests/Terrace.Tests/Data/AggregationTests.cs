using Terrace.Data;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Data;

public sealed class AggregationTests
{
    [Fact]
    public void Weighted_microdata_become_cells_block_by_block()
    {
        Frame polls = Fixtures.Data("election88_polls_all");
        using var folder = new TemporaryFolder();
        CsvWriter.Write(polls, folder["polls.csv"]);
        var blocks = new CsvFile(folder["polls.csv"], new CsvOptions { Schema = DataDictionary.Of(polls), BlockRows = 500 });
        Aggregation cells = Aggregation.Sum(blocks, ["state", "edu", "female"], "weight");
        var expected = Enumerable.Range(0, polls.RowCount)
            .GroupBy(i => (polls.Get("state").TextAt(i), polls.Get("edu").TextAt(i), polls.Get("female").TextAt(i)))
            .Where(g => g.Key is (not null, not null, not null))
            .Select(g => (g.Key, g.Sum(i => double.Parse(polls.Get("weight").TextAt(i)!, System.Globalization.CultureInfo.InvariantCulture)))).ToList();
        Frame frame = cells.Cells;
        var found = Enumerable.Range(0, frame.RowCount)
            .Select(i => ((frame.Get("state").TextAt(i), frame.Get("edu").TextAt(i), frame.Get("female").TextAt(i)), ((NumericColumn)frame.Get("N")).Values[i])).ToList();
        Assert.Equal(expected, found);
        Assert.Equal(0, cells.OmittedRows);
    }

    [Fact]
    public void Counts_rows_and_reports_those_without_a_key()
    {
        Frame rows = new([new TextColumn("a", ["x", null, "x", "y"]), new IntegerColumn("w", [1, 2, 3, 4])]);
        Aggregation counts = Aggregation.Count(rows, ["a"], "n");
        Assert.Equal([2.0, 1], ((NumericColumn)counts.Cells.Get("n")).Values.ToArray());
        Assert.Equal(1, counts.OmittedRows);
        Assert.Equal(2.0, Aggregation.Sum(rows, ["a"], "w").OmittedWeight);
        Assert.Equal([10.0], ((NumericColumn)Aggregation.Sum(rows, [], "w").Cells.Get("N")).Values.ToArray());
    }

    [Fact]
    public void Weights_that_are_none_are_named()
    {
        Frame rows = new([new TextColumn("a", ["x", "y"]), new NumericColumn("w", [1, -2]), new NumericColumn("m", [1, double.NaN])], "pums.csv");
        Assert.Equal("pums.csv, row 2, column 'w': the weight is -2; weights must be 0 or more.", Assert.Throws<DataException>(() => Aggregation.Sum(rows, ["a"], "w")).Message);
        Assert.Contains("the weight is missing", Assert.Throws<DataException>(() => Aggregation.Sum(rows, ["a"], "m")).Message, StringComparison.Ordinal);
        Assert.Contains("are text", Assert.Throws<DataException>(() => Aggregation.Sum(rows, ["w"], "a")).Message, StringComparison.Ordinal);
        Assert.Contains("no column 'b'", Assert.Throws<DataException>(() => Aggregation.Count(rows, ["b"])).Message, StringComparison.Ordinal);
        Assert.Throws<DataException>(() => Aggregation.Count(rows, ["a"], "a"));
    }
}
