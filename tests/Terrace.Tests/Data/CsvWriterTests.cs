using Terrace.Data;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Data;

public sealed class CsvWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Writes_numbers_plain_text_quoted_and_missing_values_as_a_token()
    {
        var frame = new Frame([
            new NumericColumn("x", [0.1, double.NaN, double.NegativeInfinity]), new TextColumn("say \"t\"", ["a,\"b\"", null, ""]),
            new Factor("f", [1, 0, -1], ["lo", "hi"]), new LogicalColumn("l", [true, null, false]), new DateColumn("d", [new(2020, 2, 29), null, null])]);
        CsvWriter.Write(frame, _folder["x.csv"]);
        string[] expected = ["\"x\",\"say \"\"t\"\"\",\"f\",\"l\",\"d\"", "0.1,\"a,\"\"b\"\"\",\"hi\",TRUE,2020-02-29", "NA,NA,\"lo\",NA,NA", "-Infinity,\"\",NA,FALSE,NA"];
        Assert.Equal(expected, File.ReadAllLines(_folder["x.csv"]));
    }

    [Fact]
    public void Every_fixture_is_the_same_after_writing_and_reading()
    {
        string[] names = ["sleepstudy", "cbpp", "radon", "election88_polls", "InstEval", "students"];
        foreach (string name in names)
        {
            Frame frame = Fixtures.Data(name);
            CsvWriter.Write(frame, _folder["x.csv.gz"]);
            FrameAssert.Equal(frame, CsvFile.Read(_folder["x.csv.gz"], new CsvOptions { Schema = DataDictionary.Of(frame) }));
        }
    }

    [Fact]
    public void A_text_that_would_be_read_as_missing_is_refused_and_the_old_file_stays()
    {
        var frame = new Frame([new TextColumn("country", ["DE", "NA"])]);
        File.WriteAllText(_folder["x.csv"], "old");
        Assert.Contains("'country' holds the text 'NA'", Assert.Throws<DataException>(() => CsvWriter.Write(frame, _folder["x.csv"])).Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(_folder["x.csv"]));
        Assert.Single(Directory.GetFiles(_folder.Path));
        CsvWriter.Write(frame, _folder["x.csv"], missing: "");
        FrameAssert.Equal(frame, CsvFile.Read(_folder["x.csv"], new CsvOptions { MissingTokens = [""] }));
    }

    [Fact]
    public void Places_that_cannot_be_written_are_named()
    {
        var frame = new Frame([new IntegerColumn("i", [1])]);
        Assert.Contains("no such folder", Assert.Throws<DataException>(() => CsvWriter.Write(frame, _folder["no/x.csv"])).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["folder.csv"]);
        Assert.Contains("is a folder", Assert.Throws<DataException>(() => CsvWriter.Write(frame, _folder["folder.csv"])).Message, StringComparison.Ordinal);
        Assert.Throws<DataException>(() => CsvWriter.Write(new Frame([new TextColumn("t", ["\ud800"])]), _folder["x.csv"]));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }
}
