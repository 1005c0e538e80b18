using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Terrace.Data;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Data;

/// <summary>
/// Properties over generated tables and bytes, from a fixed seed. TERRACE_FUZZ_CASES sets the number of cases; the default keeps the suite fast.
/// </summary>
public sealed class CsvProperties : IDisposable
{
    private static readonly int Cases = int.TryParse(Environment.GetEnvironmentVariable("TERRACE_FUZZ_CASES"), out int cases) ? cases : 3000;

    private static readonly Gen<string> AnyText =
        Gen.OneOf(
            Gen.Elements("", "NA", " ", "a", "007", "1", "TRUE", "2020-01-01", "a,b", "say \"x\"", "\"", "\r\n", "\n\r", " pad ", "ü", "日本", "𝒳", "'", ";", "\t", "#"),
            Gen.Choose(32, 0x2FF).Select(c => ((char)c).ToString()).ListOf(6).Select(cs => string.Concat(cs)));

    private static readonly Gen<double> AnyNumber =
        Gen.OneOf(
            Gen.Elements(0.0, -0.0, 1, -1, 0.1, double.MaxValue, double.Epsilon, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 1e22, 123456789.123),
            Gen.Choose(int.MinValue, int.MaxValue).Two().Select(p => BitConverter.Int64BitsToDouble(((long)p.Item1 << 32) | (uint)p.Item2)));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_table_written_is_the_same_when_read_back()
    {
        Prop.ForAll(Tables().ToArbitrary(), table =>
        {
            const string missing = "<missing>";
            CsvWriter.Write(table, _folder["t.csv"], missing);
            var options = new CsvOptions { Schema = DataDictionary.Of(table), MissingTokens = [missing], Delimiter = ',' };
            FrameAssert.Equal(table, CsvFile.Read(_folder["t.csv"], options));
        }).Check(Configuration(Cases / 3));
    }

    [Fact]
    public void Types_inferred_without_a_dictionary_keep_every_number()
    {
        Gen<Frame> tables = AnyNumber.NonEmptyListOf().Select(values => new Frame([new NumericColumn("x", [.. values])]));
        Prop.ForAll(tables.ToArbitrary(), table =>
        {
            CsvWriter.Write(table, _folder["t.csv"]);
            Column read = CsvFile.Read(_folder["t.csv"]).Get("x");
            double[] expected = ((NumericColumn)table.Get("x")).Values.ToArray();
            double[] found = read is LogicalColumn ? [.. expected.Select(_ => double.NaN)] : ColumnCast.ToNumeric(read).Values.ToArray();
            Assert.Equal(expected, found);
        }).Check(Configuration(Cases / 3));
    }

    [Fact]
    public void No_bytes_crash_the_reader()
    {
        byte[] alphabet = [.. Encoding.UTF8.GetBytes(",,,;\t\"\"\n\n\r019.-+eENATRUEFx \uFEFFé日"), 0, 0xFF, 0xFE, 0xC3, 0x80, 0x1F];
        Gen<byte[]> bytes = Gen.OneOf(
            Gen.Elements(alphabet).ArrayOf(), Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(), NearlyTables(), NearlyTables());
        int read = 0;
        Prop.ForAll(bytes.ToArbitrary(), content =>
        {
            string path = _folder.Write("fuzz.csv", content);
            try
            {
                Frame frame = CsvFile.Read(path);
                Assert.True(frame.RowCount > 0);
                DataDescription.Of(frame);
                read++;
            }
            catch (DataException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }).Check(Configuration(Cases));
        Assert.True(read > Cases / 20, $"only {read} of {Cases} inputs were tables");
    }

    [Fact]
    public void No_bytes_crash_the_reader_of_compressed_files_and_dictionaries()
    {
        Prop.ForAll(Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf().ToArbitrary(), content =>
        {
            Assert.Throws<DataException>(() => CsvFile.Read(_folder.Write("fuzz.csv.gz", [0x1F, 0x8B, 8, .. content])));
            Assert.Throws<DataException>(() => DataDictionary.Read(_folder.Write("fuzz.json", content)));
        }).Check(Configuration(Cases / 10));
    }

    [Fact]
    public void The_edit_distance_is_a_distance_to_itself_zero_and_symmetric()
    {
        Prop.ForAll(AnyText.Two().ToArbitrary(), pair =>
        {
            int distance = NearestName.Distance(pair.Item1, pair.Item2);
            return distance == NearestName.Distance(pair.Item2, pair.Item1) && (distance == 0) == (pair.Item1 == pair.Item2)
                && distance >= Math.Abs(pair.Item1.Length - pair.Item2.Length) && distance <= Math.Max(pair.Item1.Length, pair.Item2.Length);
        }).Check(Configuration(Cases));
    }

    private static Config Configuration(int cases) => Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(20_260_101UL, 77UL).WithQuietOnSuccess(true);

    // Three columns of short fields, with one byte of the whole replaced by any other.
    private static Gen<byte[]> NearlyTables() =>
        from fields in Gen.Elements("", "1", "2.5", "NA", "x", "\"q\"", "\"a,b\"", "TRUE", "T", "01", "é").ListOf(12)
        from place in Gen.Choose(0, 1000)
        from value in Gen.Choose(0, 255)
        select Replaced(Encoding.UTF8.GetBytes("a,b,c\n" + string.Join('\n', fields.Chunk(3).Select(row => string.Join(',', row)))), place, (byte)value);

    private static byte[] Replaced(byte[] bytes, int place, byte value)
    {
        bytes[place % bytes.Length] = value;
        return bytes;
    }

    private static Gen<Frame> Tables() =>
        from rows in Gen.Choose(1, 12)
        from count in Gen.Choose(1, 5)
        from columns in Gen.CollectToArray(Enumerable.Range(0, count), j => AnyColumn($"c{j}", rows))
        select new Frame(columns, "t.csv");

    private static Gen<Column> AnyColumn(string name, int rows)
    {
        Gen<T[]> Of<T>(Gen<T> values) => values.ArrayOf(rows);
        Gen<T?> OrNull<T>(Gen<T> values) where T : struct => Gen.OneOf(values.Select(v => (T?)v), Gen.Constant((T?)null));
        Gen<long> integers = Gen.OneOf(Gen.Choose(-5, 5).Select(i => (long)i), Gen.Elements(long.MaxValue, long.MinValue + 1, IntegerColumn.Missing, 1L << 53));
        return Gen.OneOf(
            Of(AnyNumber).Select(v => (Column)new NumericColumn(name, v)),
            Of(integers).Select(v => (Column)new IntegerColumn(name, v)),
            Of(OrNull(Gen.Elements(true, false))).Select(v => (Column)new LogicalColumn(name, v)),
            Of(OrNull(Gen.Choose(0, 3_652_058).Select(DateOnly.FromDayNumber))).Select(v => (Column)new DateColumn(name, v)),
            Of(Gen.OneOf<string?>(AnyText!, Gen.Constant<string?>(null))).Select(v => (Column)new TextColumn(name, v)),
            from levels in AnyText.NonEmptyListOf().Select(l => l.Distinct().ToArray())
            from ordered in Gen.Elements(true, false)
            from codes in Of(Gen.Choose(-1, levels.Length - 1))
            select (Column)new Factor(name, codes, levels, ordered));
    }
}
