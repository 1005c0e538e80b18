using Terrace.Data;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Data;

public sealed class KeyTypingTests
{
    [Fact]
    public void Keys_of_different_types_are_compared_in_one()
    {
        Same(new IntegerColumn("k", [1, 2]), new TextColumn("k", ["1", "01"]), ColumnType.Text);
        Same(new IntegerColumn("k", [1, 2]), new NumericColumn("k", [1, 2.5]), ColumnType.Double);
        Same(new LogicalColumn("k", [true, false]), new IntegerColumn("k", [1, 0]), ColumnType.Integer);
        Same(new LogicalColumn("k", [true, null]), new NumericColumn("k", [1, double.NaN]), ColumnType.Double);
        Same(new DateColumn("k", [new(2020, 1, 1)]), new TextColumn("k", ["2020-01-01"]), ColumnType.Text);
        Same(new Factor("k", [0], ["1"]), new IntegerColumn("k", [1]), ColumnType.Factor);
        Same(new LogicalColumn("k", [null]), new TextColumn("k", [null, "a"]), ColumnType.Text);
        Same(new Factor("k", [0, 1], ["lo", "hi"], isOrdered: true), new TextColumn("k", ["lo", "hi"]), ColumnType.Ordered);
    }

    [Theory]
    [InlineData("a b c", "a b c", "a b c")]
    [InlineData("a c", "a b c", "a b c")]
    [InlineData("b c", "a b", "a b c")]
    [InlineData("lo mid", "mid hi", "lo mid hi")]
    [InlineData("z a", "a z", "z a")]
    [InlineData("", "b a", "b a")]
    public void Levels_are_united_in_order(string first, string second, string expected)
    {
        Factor Of(string levels) => new("k", [], levels.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        (Column a, Column b) = KeyTyping.Harmonise(Of(first), Of(second));
        Assert.Equal(expected.Split(' '), ((Factor)a).Levels);
        Assert.Equal(expected.Split(' '), ((Factor)b).Levels);
    }

    [Fact]
    public void Only_the_columns_in_common_change()
    {
        Frame survey = new([new IntegerColumn("state", [1]), new IntegerColumn("y", [1])]);
        Frame census = new([new TextColumn("state", ["AK"]), new TextColumn("N", ["?"])]);
        (Frame first, Frame second) = KeyTyping.Harmonise(survey, census);
        Assert.Equal([ColumnType.Text, ColumnType.Integer], first.Columns.Select(ColumnTypes.Of));
        Assert.Same(census.Get("N"), second.Get("N"));
    }

    // The first values are equal, and both columns keep all their values.
    private static void Same(Column first, Column second, ColumnType expected)
    {
        (Column a, Column b) = KeyTyping.Harmonise(first, second);
        Assert.Equal((expected, expected), (ColumnTypes.Of(a), ColumnTypes.Of(b)));
        Assert.Equal(a.TextAt(0), b.TextAt(0));
        Assert.Equal(Enumerable.Range(0, first.Count).Select(first.IsMissing), Enumerable.Range(0, a.Count).Select(a.IsMissing));
        (Column c, Column d) = KeyTyping.Harmonise(second, first);
        Assert.Equal(FrameAssert.Texts(b), FrameAssert.Texts(c));
        Assert.Equal(FrameAssert.Texts(a), FrameAssert.Texts(d));
    }
}
