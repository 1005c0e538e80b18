using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Terrace.Data;

/// <summary>Goes through a CSV file record by record and checks that every record has as many fields as the header.</summary>
internal sealed class CsvRecords : IDisposable
{
    private const int LongestField = 10_000_000;

    private readonly string _path;
    private readonly CsvParser _parser;
    private long _linesBefore;

    /// <summary>Opens the file and reads its header.</summary>
    /// <exception cref="DataException">The file cannot be read, is empty, or names columns twice or not at all.</exception>
    public CsvRecords(string path, CsvOptions options)
    {
        _path = path;
        Source = DataFileText.NameOf(path);
        Delimiter = options.Delimiter ?? DelimiterSniffer.Sniff(path, options.DecimalComma);
        _parser = new CsvParser(DataFileText.Open(path), Configuration(Delimiter));
        try
        {
            Header = ReadHeader();
        }
        catch (DataException)
        {
            _parser.Dispose();
            throw;
        }
    }

    /// <summary>The file's name, for messages.</summary>
    public string Source { get; }

    /// <summary>What separates the fields.</summary>
    public char Delimiter { get; }

    /// <summary>The names of the columns, blanks around them removed.</summary>
    public string[] Header { get; }

    /// <summary>The current record as it stands in the file, quotes and all.</summary>
    public string Raw => _parser.RawRecord;

    /// <summary>The line of the file on which the current record begins, from 1.</summary>
    public long Line => IsOpen(_parser.RawRecord) ? _linesBefore + 1 : _parser.RawRow - LineBreaksWithin(_parser.RawRecord);

    /// <summary>Field <paramref name="column"/> of the current record.</summary>
    public string this[int column] => _parser[column];

    /// <summary>Goes to the next record; false at the end of the file.</summary>
    /// <exception cref="DataException">The record has too many or too few fields, or the file cannot be read on.</exception>
    public bool Next()
    {
        if (!ReadRecord()) return false;
        if (_parser.Count == Header.Length) return true;
        throw new DataException($"{Source}, line {Line}: {Fields(_parser.Count)}, expected {Header.Length}." + Advice());
    }

    /// <inheritdoc/>
    public void Dispose() => _parser.Dispose();

    private CsvConfiguration Configuration(char delimiter) => new(CultureInfo.InvariantCulture)
    {
        Delimiter = delimiter.ToString(),
        BufferSize = 1 << 14,
        TrimOptions = TrimOptions.Trim,
        MaxFieldSize = LongestField,
        BadDataFound = bad => throw new DataException(
            $"{Source}, line {Line}: a quotation mark stands inside a field or is never closed; quote the whole field and double the marks inside it."),
    };

    private bool ReadRecord()
    {
        _linesBefore = _parser.RawRow;
        try
        {
            return _parser.Read();
        }
        catch (MaxFieldSizeException fault)
        {
            throw new DataException($"{Source}, line {_linesBefore + 1}: a field is longer than {LongestField} characters; is a quotation mark never closed, or is this no text file?", fault);
        }
        catch (CsvHelperException fault)
        {
            throw new DataException(DataFileText.Explain(_path, fault.InnerException ?? fault) ?? $"{Source}, line {_parser.RawRow + 1}: {fault.Message}", fault);
        }
        catch (Exception fault) when (DataFileText.Explain(_path, fault) is { } message)
        {
            throw new DataException(message, fault);
        }
    }

    private string[] ReadHeader()
    {
        if (!ReadRecord()) throw new DataException($"{Source}: the file is empty; expected a header line with the names of the columns.");
        var header = new string[_parser.Count];
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int j = 0; j < header.Length; j++)
        {
            header[j] = _parser[j].Trim();
            if (header[j].Length == 0)
                throw new DataException($"{Source}, line {Line}: column {j + 1} has no name (R's row names? write them with row.names = FALSE).");
            if (header[j].Contains('\0', StringComparison.Ordinal))
                throw new DataException($"{Source}, line {Line}: there is a zero byte in the header; the file is no UTF-8 text (it may be UTF-16 without its mark).");
            if (!places.TryAdd(header[j], j))
                throw new DataException($"{Source}, line {Line}: columns {places[header[j]] + 1} and {j + 1} are both named '{header[j]}'; rename one of them.");
        }
        return header;
    }

    private static string Fields(int count) => count == 1 ? "1 field" : $"{count} fields";

    private string Advice()
    {
        if (IsOpen(_parser.RawRecord)) return " A quotation mark opened there is never closed.";
        return _parser.Count > Header.Length ? " A field with the delimiter in it must be quoted." : "";
    }

    private static bool IsOpen(string record) => record.AsSpan().Count('"') % 2 == 1;

    private static int LineBreaksWithin(string record)
    {
        ReadOnlySpan<char> text = record.AsSpan().TrimEnd("\r\n");
        return text.Count('\n') + text.Count('\r') - text.Count("\r\n");
    }
}
