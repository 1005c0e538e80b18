using System.Text.Json;
using Terrace.Data;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Data;

public sealed class CsvFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_every_fixture_with_the_rows_types_levels_and_missing_values_of_its_dictionary()
    {
        int seen = 0;
        foreach (JsonProperty entry in Fixtures.SchemaJson().EnumerateObject().Where(entry => Fixtures.Has(entry.Name)))
        {
            Frame frame = Fixtures.Data(entry.Name);
            Assert.Equal(entry.Value.GetProperty("rows").GetInt32(), frame.RowCount);
            foreach (JsonElement declared in entry.Value.GetProperty("columns").EnumerateArray())
            {
                Column column = frame.Find(declared.GetProperty("name").GetString()!)!;
                Assert.Equal(ColumnTypes.Parse(declared.GetProperty("type").GetString()!), ColumnTypes.Of(column));
                Assert.Equal(declared.GetProperty("missing").GetInt32(), Enumerable.Range(0, frame.RowCount).Count(column.IsMissing));
                if (column is Factor factor) Assert.Equal(declared.GetProperty("levels").EnumerateArray().Select(level => level.GetString()), factor.Levels);
                seen++;
            }
        }
        Assert.True(seen > 100, $"only {seen} columns were compared");
        Assert.Equal(249.56, Assert.IsType<NumericColumn>(Fixtures.Data("sleepstudy").Find("Reaction")).Values[0]);
    }

    [Theory]
    [InlineData("1\n2\nNA\n", ColumnType.Integer)]
    [InlineData("1\n2.5\n\"3\"\n", ColumnType.Double)]
    [InlineData("1e3\n-Inf\n", ColumnType.Double)]
    [InlineData("01\n12\n", ColumnType.Text)]
    [InlineData("12\n007\n", ColumnType.Text)]
    [InlineData("12345678901234567890\n", ColumnType.Text)]
    [InlineData("TRUE\nfalse\n", ColumnType.Logical)]
    [InlineData("T\nF\n", ColumnType.Logical)]
    [InlineData("F\nF\n", ColumnType.Text)]
    [InlineData("F\nM\n", ColumnType.Text)]
    [InlineData("NA\nNA\n", ColumnType.Logical)]
    [InlineData("2020-02-29\nNA\n", ColumnType.Date)]
    [InlineData("2021-02-29\n", ColumnType.Text)]
    [InlineData("1\nTRUE\n", ColumnType.Text)]
    [InlineData("0.5\n0\n", ColumnType.Double)]
    public void Infers_the_type_of_the_whole_column(string rows, ColumnType expected)
    {
        Frame frame = CsvFile.Read(_folder.Write("x.csv", "x\n" + rows));
        Assert.Equal(expected, ColumnTypes.Of(frame.Columns[0]));
    }
}
