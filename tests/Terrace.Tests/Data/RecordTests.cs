using System.ComponentModel;
using Terrace.Data;

namespace Terrace.Tests.Data;

public sealed class RecordTests
{
    private enum Party { Whig, Tory = 7, Independent = 3 }

    private sealed record Answer(
        [property: Description("Age in years")] int Age, double? Income, string? Name, bool? Voted, DateOnly Day, DateTime? Time, Party? Party, decimal Share, byte Small);

    [Fact]
    public void Every_property_becomes_a_column_of_its_type()
    {
        Frame frame = Frame.FromRecords<Answer>(
        [
            new(41, 1.5, "Ann", true, new(2020, 1, 2), new(2021, 3, 4), Party.Tory, 0.25m, 9),
            new(28, null, null, null, new(2020, 1, 3), null, null, 1m, 0),
        ]);
        Assert.Equal(["Age", "Income", "Name", "Voted", "Day", "Time", "Party", "Share", "Small"], frame.Columns.Select(column => column.Name));
        Assert.Equal(["41", "1.5", "Ann", "TRUE", "2020-01-02", "2021-03-04", "Tory", "0.25", "9"], frame.Columns.Select(column => column.TextAt(0)));
        Assert.Equal(["28", null, null, null, "2020-01-03", null, null, "1", "0"], frame.Columns.Select(column => column.TextAt(1)));
        Assert.Equal("Age in years", frame.Get("Age").Label);
        Assert.Equal(["Whig", "Independent", "Tory"], ((Factor)frame.Get("Party")).Levels);
        Assert.Equal(
            [ColumnType.Integer, ColumnType.Double, ColumnType.Text, ColumnType.Logical, ColumnType.Date, ColumnType.Date, ColumnType.Factor, ColumnType.Double, ColumnType.Integer],
            frame.Columns.Select(ColumnTypes.Of));
    }

    [Fact]
    public void Anonymous_records_and_structs_are_read_too()
    {
        Frame frame = Frame.FromRecords(Enumerable.Range(0, 3).Select(i => new { I = i, X = (i * 0.5f) }));
        Assert.Equal([0.0, 0.5, 1.0], ((NumericColumn)frame.Get("X")).Values.ToArray());
        Assert.Equal(2, Frame.FromRecords(new[] { new KeyValuePair<int, string>(1, "a") }).Columns.Count);
    }

    [Fact]
    public void What_no_column_can_hold_is_named()
    {
        Assert.Contains("'List'", Assert.Throws<DataException>(() => Frame.FromRecords([new { List = new List<int>() }])).Message, StringComparison.Ordinal);
        Assert.Contains("'U'", Assert.Throws<DataException>(() => Frame.FromRecords([new { U = ulong.MaxValue }])).Message, StringComparison.Ordinal);
        Assert.Contains("record 2 is null", Assert.Throws<DataException>(() => Frame.FromRecords([new { A = 1 }, null])).Message, StringComparison.Ordinal);
    }
}
