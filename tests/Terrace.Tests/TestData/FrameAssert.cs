using Terrace.Data;

namespace Terrace.Tests.TestData;

/// <summary>Compares frames value by value, bit by bit.</summary>
internal static class FrameAssert
{
    /// <summary>Fails unless both frames have the same columns, types, labels, levels and values.</summary>
    public static void Equal(Frame expected, Frame actual)
    {
        Assert.Equal(expected.Columns.Select(c => (c.Name, c.Label, ColumnTypes.Of(c))), actual.Columns.Select(c => (c.Name, c.Label, ColumnTypes.Of(c))));
        Assert.Equal(expected.RowCount, actual.RowCount);
        foreach ((Column e, Column a) in expected.Columns.Zip(actual.Columns))
        {
            if (e is Factor factor) Assert.Equal(factor.Levels, ((Factor)a).Levels);
            Assert.Equal(Texts(e), Texts(a));
        }
    }

    /// <summary>The values of a column as text.</summary>
    public static IReadOnlyList<string?> Texts(Column column) => [.. Enumerable.Range(0, column.Count).Select(column.TextAt)];
}
