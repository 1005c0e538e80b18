using System.IO.Compression;
using System.Text;
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
    [InlineData("\"1\"\n\"2\"\n", ColumnType.Integer)]
    [InlineData("1\n2.5\n\"3\"\n", ColumnType.Double)]
    [InlineData("1e3\n-Inf\n", ColumnType.Double)]
    [InlineData("1\n1e\n", ColumnType.Text)]
    [InlineData("01\n12\n", ColumnType.Text)]
    [InlineData("12\n007\n", ColumnType.Text)]
    [InlineData("-01\n", ColumnType.Text)]
    [InlineData("0.5\n0\n", ColumnType.Double)]
    [InlineData("9223372036854775807\n", ColumnType.Integer)]
    [InlineData("9223372036854775808\n", ColumnType.Text)]
    [InlineData("-9223372036854775808\n", ColumnType.Text)]
    [InlineData("TRUE\nfalse\n", ColumnType.Logical)]
    [InlineData("T\nF\n", ColumnType.Logical)]
    [InlineData("F\nF\n", ColumnType.Text)]
    [InlineData("F\nM\n", ColumnType.Text)]
    [InlineData("NA\nNA\n", ColumnType.Logical)]
    [InlineData("2020-02-29\nNA\n", ColumnType.Date)]
    [InlineData("2021-02-29\n", ColumnType.Text)]
    [InlineData("2021-2-9\n", ColumnType.Text)]
    [InlineData("1\nTRUE\n", ColumnType.Text)]
    [InlineData("1\n2020-01-01\n", ColumnType.Text)]
    [InlineData("1,5\n", ColumnType.Text)]
    [InlineData("0x1F\n", ColumnType.Text)]
    public void Infers_the_type_of_the_whole_column(string rows, ColumnType expected)
    {
        Frame frame = CsvFile.Read(_folder.Write("x.csv", "x\n" + rows), new CsvOptions { Delimiter = ';' });
        Assert.Equal(expected, ColumnTypes.Of(frame.Columns[0]));
    }

    [Fact]
    public void A_value_of_another_type_in_the_last_row_makes_the_whole_column_text()
    {
        string rows = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i}\n"));
        Frame frame = CsvFile.Read(_folder.Write("x.csv", "x\n" + rows + "late\n"));
        Assert.Equal("0", frame.Columns[0].TextAt(0));
        Assert.Equal("late", frame.Columns[0].TextAt(100_000));
    }

    [Theory]
    [InlineData("a,b\n1,x\n")]
    [InlineData("a;b\n1;x\n")]
    [InlineData("a\tb\r\n1\tx\r\n")]
    [InlineData("a,b\r1,x")]
    [InlineData("\uFEFFa,b\n\n1,x\n\n")]
    [InlineData("\n\"a\" , b \n 1 ,\"x\"\n")]
    [InlineData("\"a;b;c\",b\n1,x\n")]
    public void Reads_the_usual_dialects(string text)
    {
        Frame frame = CsvFile.Read(_folder.Write("x.csv", text));
        Assert.Equal(2, frame.Columns.Count);
        Assert.StartsWith("a", frame.Columns[0].Name, StringComparison.Ordinal);
        Assert.Equal("b", frame.Columns[1].Name);
        Assert.Equal([1], ((IntegerColumn)frame.Columns[0]).Values.ToArray());
        Assert.Equal("x", frame.Columns[1].TextAt(0));
    }

    [Theory]
    [InlineData("y,g\n0,\"5\"\n1,\"3\"\n", ColumnType.Text)] // numbers bare, g quoted: the writer means names
    [InlineData("y,g\n0,\"5\"\n1,3\n", ColumnType.Integer)] // quoted now and then
    [InlineData("y,g\n\"0\",\"5\"\n\"1\",\"3\"\n", ColumnType.Integer)] // everything quoted says nothing
    [InlineData("y,g\na,\"5\"\nb,\"3\"\n", ColumnType.Integer)] // no number is bare
    [InlineData("y,g\n0,\"5\"\n1,NA\n", ColumnType.Text)] // a missing value says nothing
    public void Digits_quoted_in_a_file_with_bare_numbers_are_text(string content, ColumnType expected)
    {
        using var folder = new TemporaryFolder();
        Frame frame = CsvFile.Read(folder.Write("x.csv", content));
        Assert.Equal(expected, ColumnTypes.Of(frame.Get("g")));
    }

    [Fact]
    public void Quoted_fields_hold_delimiters_line_breaks_and_doubled_quotes()
    {
        Frame frame = CsvFile.Read(_folder.Write("x.csv", "a,b\n\"x,\ny\r\nz\",\"say \"\"hi\"\"\"\n"));
        Assert.Equal("x,\ny\r\nz", frame.Columns[0].TextAt(0));
        Assert.Equal("say \"hi\"", frame.Columns[1].TextAt(0));
    }

    [Fact]
    public void Decimal_commas_are_read_on_request()
    {
        Frame frame = CsvFile.Read(_folder.Write("x.csv", "a;b\n1,5;-2\n,25;1e-3\n"), new CsvOptions { DecimalComma = true });
        Assert.Equal([1.5, 0.25], ((NumericColumn)frame.Columns[0]).Values.ToArray());
        Assert.Equal([-2.0, 0.001], ((NumericColumn)frame.Columns[1]).Values.ToArray());
    }

    [Fact]
    public void Missing_tokens_are_those_of_the_user()
    {
        var options = new CsvOptions { MissingTokens = [".", "-99"] };
        Frame frame = CsvFile.Read(_folder.Write("x.csv", "a,b,c\n1,NA,\n -99 ,.,3\n"), options);
        Assert.True(frame.Get("a").IsMissing(1));
        Assert.Equal("NA", frame.Get("b").TextAt(0));
        Assert.True(frame.Get("b").IsMissing(1));
        Assert.Equal(ColumnType.Integer, ColumnTypes.Of(frame.Get("c")));
        Assert.True(frame.Get("c").IsMissing(0));
    }

    [Fact]
    public void Reads_compressed_files_and_utf16_with_a_mark()
    {
        using (var gz = new GZipStream(File.Create(_folder["x.csv.gz"]), CompressionLevel.Fastest)) gz.Write("a,b\n1,é\n"u8);
        Assert.Equal("é", CsvFile.Read(_folder["x.csv.gz"]).Get("b").TextAt(0));
        _folder.Write("y.csv", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("a\tb\n1\té\n")]);
        Assert.Equal("é", CsvFile.Read(_folder["y.csv"]).Get("b").TextAt(0));
    }

    [Fact]
    public void Blocks_together_are_the_whole_file_with_the_same_types_and_levels()
    {
        string rows = string.Concat(Enumerable.Range(0, 1000).Select(i => $"{i},{i / 7.0:R},k{i % 13},{(i % 3 == 0 ? "NA" : "t" + i)}\n"));
        string path = _folder.Write("x.csv", "i,x,g,t\n" + rows);
        CsvOptions options = new() { Columns = [ColumnDeclaration.Factor("g")], BlockRows = 64 };
        var file = new CsvFile(path, options);
        Frame[] blocks = [.. file.Blocks()];
        Assert.Equal(1000 / 64 + 1, blocks.Length);
        Assert.All(blocks, block => Assert.Equal(((Factor)file.Header.Get("g")).Levels, ((Factor)block.Get("g")).Levels));
        FrameAssert.Equal(file.ReadAll(), new BlockFilter(file, block => [.. Enumerable.Repeat(true, block.RowCount)]).ReadAll());
        Assert.Equal(0, file.Header.RowCount);
    }

    [Fact]
    public void Levels_are_sorted_as_text_or_by_value_unless_declared()
    {
        string path = _folder.Write("x.csv", "n,t,k,d,o\n10,b,010,1.0,lo\n9,B,9,1,hi\n-1,a,1,0.5,hi\n");
        CsvOptions options = new()
        {
            Columns = [.. "ntkd".Select(c => ColumnDeclaration.Factor(c.ToString())), ColumnDeclaration.Ordered("o", ["lo", "hi"])],
        };
        Frame frame = CsvFile.Read(path, options);
        Assert.Equal(["-1", "9", "10"], ((Factor)frame.Get("n")).Levels);
        Assert.Equal(["B", "a", "b"], ((Factor)frame.Get("t")).Levels);
        Assert.Equal(["010", "1", "9"], ((Factor)frame.Get("k")).Levels);
        Assert.Equal(["0.5", "1"], ((Factor)frame.Get("d")).Levels);
        Assert.Equal([1, 1, 0], ((Factor)frame.Get("d")).Codes.ToArray());
        Assert.True(((Factor)frame.Get("o")).IsOrdered);
        Assert.Equal([0, 1, 1], ((Factor)frame.Get("o")).Codes.ToArray());
    }

    [Fact]
    public void A_line_of_a_million_characters_and_a_thousand_columns_is_read()
    {
        string names = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"c{i}"));
        string row = string.Join(',', Enumerable.Range(0, 1000).Select(i => new string('x', 1000)));
        Frame frame = CsvFile.Read(_folder.Write("x.csv", $"{names}\n{row}\n"));
        Assert.Equal(1000, frame.Columns.Count);
        Assert.Equal(1000, frame.Columns[999].TextAt(0)!.Length);
    }
}
