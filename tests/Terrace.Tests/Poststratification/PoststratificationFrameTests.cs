using Terrace.Data;
using Terrace.Poststratification;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Poststratification;

public class PoststratificationFrameTests
{
    private static Frame Table(string[] state, long[] age, double[] count) =>
        new([new TextColumn("state", state), new IntegerColumn("age", age), new NumericColumn("N", count)], "population.csv");

    [Fact]
    public void Takes_keys_and_counts_from_a_table()
    {
        PoststratificationFrame frame = PoststratificationFrame.FromCounts(Table(["AL", "AL", "AK"], [1, 2, 1], [10, 20.5, 0]));
        Assert.Equal(["state", "age"], frame.Keys);
        Assert.Equal([10, 20.5, 0], frame.Counts.ToArray());
        Assert.Equal(30.5, frame.Population);
    }

    [Fact]
    public void Reads_the_census_of_1988()
    {
        PoststratificationFrame frame = PoststratificationFrame.FromCounts(Fixtures.Data("census88"));
        Assert.Equal(3264, frame.Counts.Length);
        Assert.Equal(["state", "female", "black", "age", "edu"], frame.Keys);
    }

    [Fact]
    public void A_column_of_fractions_describes_a_cell_and_is_no_key()
    {
        PoststratificationFrame frame = PoststratificationFrame.FromCounts(Fixtures.Data("students_population"));
        Assert.Equal(["class"], frame.Keys);
        Assert.NotNull(frame.Cells.Find("p_support"));
        Assert.Equal(23000, frame.Population);
    }

    [Fact]
    public void A_coding_in_fractions_that_alone_tells_cells_apart_is_a_key()
    {
        var table = new Frame(
            [new TextColumn("state", ["AL", "AL", "AK"]), new NumericColumn("male", [-0.5, 0.5, 0.5]), new NumericColumn("income", [1.5, 1.5, 2.5]), new NumericColumn("N", [1, 2, 3])], "population.csv");
        PoststratificationFrame frame = PoststratificationFrame.FromCounts(table);
        Assert.Equal(["state", "male"], frame.Keys);
        Assert.Equal(6, frame.Population);
    }

    [Fact]
    public void Names_the_rows_of_a_duplicate_cell()
    {
        var fault = Assert.Throws<DataException>(() => PoststratificationFrame.FromCounts(Table(["AL", "AK", "AL", "AL"], [1, 1, 2, 1], [1, 2, 3, 4])));
        Assert.Contains("population.csv", fault.Message, StringComparison.Ordinal);
        Assert.Contains("rows 1 and 4", fault.Message, StringComparison.Ordinal);
        Assert.Contains("state = AL, age = 1", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1.0, "negative")]
    [InlineData(double.NaN, "missing")]
    [InlineData(double.PositiveInfinity, "infinite")]
    public void Names_the_row_of_a_count_that_is_none(double count, string word)
    {
        var fault = Assert.Throws<DataException>(() => PoststratificationFrame.FromCounts(Table(["AL", "AK"], [1, 1], [3, count])));
        Assert.Contains("row 2", fault.Message, StringComparison.Ordinal);
        Assert.Contains(word, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_counts_that_are_all_zero() =>
        Assert.Contains("zero", Assert.Throws<DataException>(() => PoststratificationFrame.FromCounts(Table(["AL"], [1], [0]))).Message, StringComparison.Ordinal);

    [Fact]
    public void Refuses_a_count_column_of_text()
    {
        var frame = new Frame([new TextColumn("state", ["AL"]), new TextColumn("N", ["many"])]);
        Assert.Contains("many", Assert.Throws<DataException>(() => PoststratificationFrame.FromCounts(frame)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Suggests_the_name_of_a_mistyped_count_column()
    {
        var frame = new Frame([new TextColumn("state", ["AL"]), new NumericColumn("count", [1])]);
        Assert.Contains("'count'", Assert.Throws<DataException>(() => PoststratificationFrame.FromCounts(frame, "cuont")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_row_of_a_missing_key() =>
        Assert.Contains("row 2: 'state' is missing", Assert.Throws<DataException>(() => PoststratificationFrame.FromCounts(Table(["AL", null!], [1, 1], [1, 1]))).Message, StringComparison.Ordinal);

    [Fact]
    public void Adds_up_the_weights_of_microdata()
    {
        var people = new Frame([new TextColumn("state", ["AL", "AK", "AL"]), new TextColumn("sex", ["f", "m", "f"]), new NumericColumn("w", [1.5, 2, 3])]);
        PoststratificationFrame frame = PoststratificationFrame.FromMicrodata(people, ["state", "sex"], "w");
        Assert.Equal(2, frame.Cells.RowCount);
        int alabama = Enumerable.Range(0, 2).Single(row => frame.Cells.Find("state")!.TextAt(row) == "AL");
        Assert.Equal(4.5, frame.Counts[alabama]);
        Assert.Equal(6.5, frame.Population);
        Assert.Equal(3, PoststratificationFrame.FromMicrodata(people, ["state"]).Population);
    }
}
