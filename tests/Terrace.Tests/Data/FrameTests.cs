using Terrace.Data;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Data;

public sealed class FrameTests
{
    private static readonly Frame Table = new([new IntegerColumn("i", [1, 2, 3]), new TextColumn("t", ["a", null, "c"])], "polls.csv");

    [Fact]
    public void Columns_of_one_name_or_of_different_lengths_are_refused()
    {
        Assert.Contains("two columns are named 'i'", Assert.Throws<DataException>(() => new Frame([.. Table.Columns, Table.Columns[0]])).Message, StringComparison.Ordinal);
        Assert.Contains("column 'x' has 1 rows", Assert.Throws<DataException>(() => Table.With(new NumericColumn("x", [1]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_is_not_there_is_named_with_a_near_one()
    {
        Frame frame = Table.With(new NumericColumn("income", [1, 2, 3]));
        Assert.Equal("polls.csv has no column 'incme'. Did you mean 'income'?", Assert.Throws<DataException>(() => frame.Get("incme")).Message);
        Assert.Null(frame.Find("incme"));
    }

    [Fact]
    public void A_column_is_replaced_in_its_place()
    {
        Frame frame = Table.With(new NumericColumn("i", [0.5, 1.5, 2.5]));
        Assert.Equal(["i", "t"], frame.Columns.Select(column => column.Name));
        Assert.Equal("0.5", frame.Get("i").TextAt(0));
        Assert.Equal("1", Table.Get("i").TextAt(0));
    }

    [Fact]
    public void Rows_are_kept_by_a_condition()
    {
        Frame kept = Table.Where([true, false, true]);
        Assert.Equal(["1", "3"], FrameAssert.Texts(kept.Get("i")));
        Assert.Equal(["a", "c"], FrameAssert.Texts(kept.Get("t")));
        Assert.Same(Table, Table.Where([true, true, true]));
        Assert.Throws<ArgumentException>(() => Table.Where([true]));
    }

    [Fact]
    public void Blocks_without_a_row_that_is_kept_are_left_out()
    {
        Frame[] none = [.. new BlockFilter(Table, block => new bool[block.RowCount]).Blocks()];
        Assert.Empty(none);
        Frame some = new BlockFilter(Table, block => [.. Enumerable.Range(0, block.RowCount).Select(row => !block.Get("t").IsMissing(row))]).ReadAll();
        Assert.Equal(["1", "3"], FrameAssert.Texts(some.Get("i")));
        Assert.Equal(0, new BlockFilter(Table, block => new bool[block.RowCount]).ReadAll().RowCount);
    }
}
