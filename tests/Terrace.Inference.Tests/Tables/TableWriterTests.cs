using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Terrace.Inference.Tables;

namespace Terrace.Inference.Tests.Tables;

public class TableWriterTests
{
    private static readonly EstimateTable Table = new(
        [new KeyColumn("state", ["AL", "A|K, \"x\"", null])],
        [new MeasureColumn("estimate", [0.1, 2.0 / 3, double.NaN]), new MeasureColumn("n", [10, 0, 3])]);

    [Fact]
    public void Text_aligns_keys_left_and_numbers_right()
    {
        var output = new StringWriter();
        TextTable.Write(Table, output);
        Assert.Equal("state     estimate   n\nAL          0.1000  10\nA|K, \"x\"    0.6667   0\nNA              NA   3\n", output.ToString());
    }

    [Fact]
    public void Markdown_escapes_the_bar()
    {
        var output = new StringWriter();
        MarkdownTable.Write(Table, output);
        Assert.Equal("| state | estimate | n |\n| :--- | ---: | ---: |\n| AL | 0.1000 | 10 |\n| A\\|K, \"x\" | 0.6667 | 0 |\n| NA | NA | 3 |\n", output.ToString());
    }

    [Fact]
    public void Csv_has_full_precision_and_quotes_what_needs_it()
    {
        var output = new StringWriter();
        CsvTable.Write(Table, output);
        Assert.Equal("state,estimate,n\nAL,0.1,10\n\"A|K, \"\"x\"\"\",0.6666666666666666,0\n,,3\n", output.ToString());
    }

    [Fact]
    public void Json_rows_have_full_precision_and_null_for_what_is_no_number()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) JsonTable.WriteRows(Table, json);
        JsonElement rows = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray())).RootElement;
        Assert.Equal("A|K, \"x\"", rows[1].GetProperty("state").GetString());
        Assert.Equal(2.0 / 3, rows[1].GetProperty("estimate").GetDouble());
        Assert.Equal(JsonValueKind.Null, rows[2].GetProperty("estimate").ValueKind);
        Assert.Equal(JsonValueKind.Null, rows[2].GetProperty("state").ValueKind);
    }

    [Fact]
    public void A_number_in_csv_reads_back_to_the_same_bits()
    {
        Prop.ForAll((double x) => double.IsNaN(x) ? CsvField.Of(x).Length == 0 : double.IsInfinity(x) || BitConverter.DoubleToInt64Bits(double.Parse(CsvField.Of(x), System.Globalization.CultureInfo.InvariantCulture)) == BitConverter.DoubleToInt64Bits(x))
            .Check(Config.QuickThrowOnFailure.WithReplay(20260102, 1).WithMaxTest(500));
    }

    [Fact]
    public void Csv_tells_missing_empty_and_NA_apart()
    {
        Assert.Equal("", CsvField.Of((string?)null));
        Assert.Equal("\"\"", CsvField.Of(""));
        Assert.Equal("\"NA\"", CsvField.Of("NA"));
        Assert.Equal("\" x\"", CsvField.Of(" x"));
        Assert.Equal("a,b", CsvField.Of("a,b", ';'));
    }

    [Fact]
    public void Refuses_columns_of_unequal_length_or_equal_name()
    {
        Assert.Throws<ArgumentException>(() => new EstimateTable([new KeyColumn("a", ["x"])], [new MeasureColumn("b", [])]));
        Assert.Throws<ArgumentException>(() => new EstimateTable([new KeyColumn("a", ["x"])], [new MeasureColumn("a", [1])]));
    }
}
