using Terrace.Data;

namespace Terrace.Tests.Data;

public sealed class FactorConversionTests
{
    [Fact]
    public void Levels_are_sorted_text_by_ordinal_comparison_numbers_by_value()
    {
        Factor text = FactorConversion.From(new TextColumn("t", ["b", null, "a", "B", "10", "9"]));
        Assert.Equal(["10", "9", "B", "a", "b"], text.Levels);
        Assert.Equal([4, -1, 3, 2, 0, 1], text.Codes.ToArray());
        Assert.Equal(["-2", "9", "10"], FactorConversion.From(new IntegerColumn("i", [10, 9, -2, IntegerColumn.Missing])).Levels);
        Assert.Equal(["-0.5", "2", "10"], FactorConversion.From(new NumericColumn("x", [10, double.NaN, 2, -0.5])).Levels);
        Assert.Equal(["FALSE", "TRUE"], FactorConversion.From(new LogicalColumn("l", [true, null, false])).Levels);
        Assert.Equal(["1999-12-31", "2000-01-01"], FactorConversion.From(new DateColumn("d", [new(2000, 1, 1), new(1999, 12, 31)])).Levels);
    }

    [Fact]
    public void Declared_levels_keep_their_order_and_name_a_value_that_is_not_among_them()
    {
        var column = new IntegerColumn("class", [2, 1, 2]);
        Factor factor = FactorConversion.From(column, ["2", "1", "3"], isOrdered: true);
        Assert.Equal([0, 1, 0], factor.Codes.ToArray());
        Assert.True(factor.IsOrdered);
        var error = Assert.Throws<DataException>(() => FactorConversion.From(column, ["01", "2"], source: "polls.csv"));
        Assert.Equal("polls.csv, row 2, column 'class': '1' is not among the declared levels. Did you mean '01'?", error.Message);
        Assert.Throws<DataException>(() => FactorConversion.From(column, ["1", "2", "1"]));
    }

    [Fact]
    public void A_factor_stays_as_it_is()
    {
        var factor = new Factor("f", [0, -1], ["z", "a"], isOrdered: true);
        Assert.Same(factor, FactorConversion.From(factor));
        Assert.Equal(["a", "z"], FactorConversion.From(factor, ["a", "z"]).Levels);
    }
}
