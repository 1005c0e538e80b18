using Terrace.Data;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Data;

public sealed class DataDescriptionTests
{
    [Fact]
    public void Describes_every_type_in_one_pass_over_the_blocks()
    {
        using var folder = new TemporaryFolder();
        string rows = string.Concat(Enumerable.Range(1, 1000).Select(i => $"{i},{(i % 4 == 0 ? "NA" : "0.5")},{(i % 2 == 0 ? "TRUE" : "FALSE")},g{i % 3},t{i},2020-01-{i % 28 + 1:00}\n"));
        string path = folder.Write("x.csv", "i,x,l,g,t,d\n" + rows);
        var options = new CsvOptions { BlockRows = 77, Columns = [ColumnDeclaration.Factor("g", ["g2", "g1", "g0", "g9"]) with { Label = "group" }] };
        DataDescription summary = DataDescription.Of(new CsvFile(path, options));
        Dictionary<string, VariableDescription> columns = summary.Variables.ToDictionary(column => column.Name);
        Assert.Equal(1000, summary.Rows);
        Assert.Equal((1.0, 1000.0, 500.5, 0), (columns["i"].Minimum, columns["i"].Maximum, columns["i"].Mean, columns["i"].Missing));
        Assert.Equal((0.5, 0.5, 0.5, 250), (columns["x"].Minimum, columns["x"].Maximum, columns["x"].Mean, columns["x"].Missing));
        Assert.Equal([new("FALSE", 500), new("TRUE", 500)], columns["l"].Levels!);
        Assert.Equal([new("g2", 333), new("g1", 334), new("g0", 333), new("g9", 0)], columns["g"].Levels!);
        Assert.Equal("group", columns["g"].Label);
        Assert.Equal(1000, columns["t"].Levels!.Count);
        Assert.Equal((new DateOnly(2020, 1, 1), new DateOnly(2020, 1, 28)), (columns["d"].Earliest!.Value, columns["d"].Latest!.Value));
    }

    [Fact]
    public void Text_of_few_values_is_counted_and_a_column_without_values_has_no_range()
    {
        Frame frame = new([new TextColumn("t", ["b", "a", null, "b"]), new NumericColumn("x", [double.NaN, double.NaN, double.NaN, double.NaN])]);
        DataDescription summary = DataDescription.Of(frame);
        Assert.Equal([new("a", 1), new("b", 2)], summary.Variables[0].Levels!);
        Assert.Equal((null, null, null, 4), (summary.Variables[1].Minimum, summary.Variables[1].Maximum, summary.Variables[1].Mean, summary.Variables[1].Missing));
        Frame many = new([new TextColumn("t", [.. Enumerable.Range(0, DataDescription.MaximumTexts + 1).Select(i => $"t{i}")])]);
        Assert.Null(DataDescription.Of(many).Variables[0].Levels);
    }

    [Fact]
    public void The_mean_loses_no_digits_to_cancellation()
    {
        Frame frame = new([new NumericColumn("x", [1e16, 1, 1, 1, 1, -1e16])]);
        Assert.Equal(4.0 / 6, DataDescription.Of(frame).Variables[0].Mean);
    }
}
