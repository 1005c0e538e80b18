using System.IO.Compression;
using System.Text;
using Terrace.Data;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Data;

public sealed class CsvErrorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "survey.csv: the file is empty")]
    [InlineData("\n\n", "survey.csv: the file is empty")]
    [InlineData("a,b\n", "survey.csv: the file has a header but no rows.")]
    [InlineData("a,b\n1,2\n3\n", "survey.csv, line 3: 1 field, expected 2.")]
    [InlineData("a,b\n1,2\n\n3,4,5\n", "survey.csv, line 4: 3 fields, expected 2.")]
    [InlineData("a,b\n\"x\ny\",2\n3\n", "survey.csv, line 4: 1 field, expected 2.")]
    [InlineData("a,b\n1,2\n\"x,3\n4,5\n", "survey.csv, line 3: 1 field, expected 2.")]
    [InlineData("a,a\n1,2\n", "survey.csv, line 1: columns 1 and 2 are both named 'a'")]
    [InlineData("a,\n1,2\n", "survey.csv, line 1: column 2 has no name")]
    [InlineData("a\0,b\n1,2\n", "survey.csv, line 1: there is a zero byte in the header")]
    [InlineData("a,b\n1,2\n1,x\"y\n", "survey.csv, line 3: a quotation mark")]
    [InlineData("a,b\n1,2\n1,\"xy", "survey.csv, line 3: a quotation mark")]
    public void Names_the_line_and_the_fault(string text, string expected)
    {
        var error = Assert.Throws<DataException>(() => CsvFile.Read(_folder.Write("survey.csv", text)));
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_without_end_is_refused_with_its_line()
    {
        string path = _folder.Write("survey.csv", "a\n1\n" + new string('x', 10_000_001) + "\n");
        Assert.StartsWith("survey.csv, line 3: a field is longer than", Assert.Throws<DataException>(() => CsvFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_gzip_file_that_decompresses_to_no_text_is_refused()
    {
        string path = _folder.Write("fuzz.csv.gz", [0x1F, 0x8B, 8, 0, 135, 20, 46, 157, 155, 248, 234, 213, 92, 166]);
        Assert.Contains("fuzz.csv.gz", Assert.Throws<DataException>(() => CsvFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("double", "survey.csv, line 3, column 'a': 'many' is not a number.")]
    [InlineData("integer", "survey.csv, line 3, column 'a': 'many' is not an integer.")]
    [InlineData("logical", "survey.csv, line 2, column 'a': '1' is not TRUE or FALSE.")]
    [InlineData("date", "survey.csv, line 2, column 'a': '1' is not a date yyyy-MM-dd.")]
    public void Text_in_a_declared_column_is_named(string type, string expected)
    {
        DataDictionary schema = DataDictionary.Parse($$"""{"columns":[{"name":"a","type":"{{type}}"}]}""");
        string path = _folder.Write("survey.csv", "a,b\n1,2\nmany,3\n");
        Assert.Equal(expected, Assert.Throws<DataException>(() => CsvFile.Read(path, new CsvOptions { Schema = schema })).Message);
    }

    [Fact]
    public void A_value_that_is_no_declared_level_is_named_with_the_nearest_level()
    {
        string path = _folder.Write("survey.csv", "state\nAlabama\nAlabma\n");
        var options = new CsvOptions { Columns = [ColumnDeclaration.Factor("state", ["Alabama", "Alaska"])] };
        string message = Assert.Throws<DataException>(() => CsvFile.Read(path, options)).Message;
        Assert.Equal("survey.csv, line 3, column 'state': 'Alabma' is not among the declared levels. Did you mean 'Alabama'?", message);
    }

    [Fact]
    public void A_declared_column_must_be_there_unless_absence_is_allowed()
    {
        string path = _folder.Write("survey.csv", "state\nAL\n");
        var options = new CsvOptions { Columns = [ColumnDeclaration.Text("States")] };
        Assert.Equal("survey.csv has no column 'States', which is declared. Did you mean 'state'?", Assert.Throws<DataException>(() => CsvFile.Read(path, options)).Message);
        Assert.Equal(1, CsvFile.Read(path, options with { AllowAbsentColumns = true }).RowCount);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_named_with_their_line()
    {
        byte[] latin1 = Encoding.Latin1.GetBytes(string.Concat("a\n", string.Concat(Enumerable.Repeat("ok\n", 100_000)), "Zürich\n"));
        var error = Assert.Throws<DataException>(() => CsvFile.Read(_folder.Write("survey.csv", latin1)));
        Assert.StartsWith("survey.csv, line 100002: the byte 0xFC is not UTF-8 text; save the file in UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_cannot_be_read_are_named()
    {
        Assert.Equal($"There is no file '{_folder["no.csv"]}'.", Assert.Throws<DataException>(() => CsvFile.Read(_folder["no.csv"])).Message);
        Assert.Equal($"There is no file '{_folder["no/x.csv"]}'.", Assert.Throws<DataException>(() => CsvFile.Read(_folder["no/x.csv"])).Message);
        Assert.Equal($"'{_folder.Path}' is a folder; give the name of a file.", Assert.Throws<DataException>(() => CsvFile.Read(_folder.Path)).Message);
        Assert.Throws<DataException>(() => CsvFile.Read(""));
        Assert.Throws<DataException>(() => CsvFile.Read("a\0b"));
    }

    [Fact]
    public void A_compressed_file_that_is_not_one_or_is_cut_off_is_an_error()
    {
        var noise = Assert.Throws<DataException>(() => CsvFile.Read(_folder.Write("x.csv.gz", "a,b\n1,2\n")));
        Assert.StartsWith("x.csv.gz: the file is not a whole gzip file", noise.Message, StringComparison.Ordinal);
        using var whole = new MemoryStream();
        using (var gz = new GZipStream(whole, CompressionLevel.Fastest, leaveOpen: true)) gz.Write(Encoding.UTF8.GetBytes("a\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i * 7919 % 100_003}\n"))));
        byte[] half = whole.ToArray()[..(int)(whole.Length / 2)];
        Assert.Throws<DataException>(() => CsvFile.Read(_folder.Write("y.csv.gz", half)));
        Assert.Throws<DataException>(() => CsvFile.Read(_folder.Write("z.csv.gz", whole.ToArray()[..^6])));
    }

    [Fact]
    public void A_comma_cannot_be_decimal_mark_and_delimiter()
    {
        Assert.Throws<DataException>(() => new CsvFile("x.csv", new CsvOptions { DecimalComma = true, Delimiter = ',' }));
    }

    [Fact]
    public void A_pipe_and_a_file_without_permission_are_named()
    {
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.In);
        pipe.DisposeLocalCopyOfClientHandle();
        string read = $"/dev/fd/{pipe.SafePipeHandle.DangerousGetHandle()}";
        Assert.Equal($"'{read}' can be read only once, and the data are read more than once; save them to a file first.", Assert.Throws<DataException>(() => CsvFile.Read(read)).Message);
        Assert.Equal("'x.csv' may not be read: permission denied.", DataFileText.Explain("x.csv", new UnauthorizedAccessException()));
    }

    [Fact]
    public void Compressed_files_put_one_after_the_other_are_whole()
    {
        byte[] Member(string text)
        {
            using var bytes = new MemoryStream();
            using (var gz = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true)) gz.Write(Encoding.UTF8.GetBytes(text));
            return bytes.ToArray();
        }

        string path = _folder.Write("x.csv.gz", [.. Member("a\n1\n2\n"), .. Member("3\n")]);
        Assert.Equal(3, CsvFile.Read(path).RowCount);
    }
}
