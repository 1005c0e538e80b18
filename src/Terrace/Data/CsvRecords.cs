using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Terrace.Data;

/// <summary>
/// Goes through a CSV file record by record and checks that every record has as many fields as the header. Records are split by <see cref="PlainRecords"/> up to the first quotation mark below the header,
/// and by CsvHelper from there on.
/// </summary>
internal sealed class CsvRecords : IDisposable
{
    private const int LongestField = 10_000_000;

    private readonly string _path;
    private readonly StreamReader _text;
    private readonly PlainRecords _plain;
    private CsvParser? _parser;
    private long _linesBefore;
    private long _linesBeforeParser;

    /// <summary>Opens the file and reads its header.</summary>
    /// <exception cref="DataException">The file cannot be read, is empty, or names columns twice or not at all.</exception>
    public CsvRecords(string path, CsvOptions options)
    {
        _path = path;
        Source = DataFileText.NameOf(path);
        Delimiter = options.Delimiter ?? DelimiterSniffer.Sniff(path, options.DecimalComma);
        _text = DataFileText.Open(path);
        _plain = new PlainRecords(_text, Delimiter, LongestField);
        try
        {
            Header = ReadHeader();
        }
        catch (DataException)
        {
            Dispose();
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
    public string Raw => _parser?.RawRecord ?? _plain.Record.ToString();

    /// <summary>The line of the file on which the current record begins, from 1.</summary>
    public long Line => _parser is null ? _plain.Line
        : _linesBeforeParser + (IsOpen(_parser.RawRecord) ? _linesBefore + 1 : _parser.RawRow - LineBreaksWithin(_parser.RawRecord));

    private int Count => _parser?.Count ?? _plain.Count;

    /// <summary>Field <paramref name="column"/> of the current record; valid until the next one.</summary>
    public ReadOnlySpan<char> this[int column] => _parser is null ? _plain[column] : _parser[column];

    /// <summary>Goes to the next record; false at the end of the file.</summary>
    /// <exception cref="DataException">The record has too many or too few fields, or the file cannot be read on.</exception>
    public bool Next()
    {
        if (!ReadRecord()) return false;
        if (Count == Header.Length) return true;
        throw new DataException($"{Source}, line {Line}: {Fields(Count)}, expected {Header.Length}." + Advice());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _parser?.Dispose();
        _text.Dispose();
    }

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
        if (_parser is not null) return ReadParsed(_parser);
        switch (Guarded(_plain.Next))
        {
            case PlainRecords.Found.Record: return true;
            case PlainRecords.Found.End: return false;
            case PlainRecords.Found.TooLong: throw TooLong(_plain.Line, null);
            default: return ReadParsed(Parse(_plain.Rest()));
        }
    }

    /// <summary>Leaves the text from the current record on to CsvHelper.</summary>
    private CsvParser Parse(TextReader text)
    {
        _linesBeforeParser = _plain.Line - 1;
        return _parser = new CsvParser(text, Configuration(Delimiter));
    }

    private bool ReadParsed(CsvParser parser)
    {
        _linesBefore = parser.RawRow;
        try
        {
            return parser.Read();
        }
        catch (MaxFieldSizeException fault)
        {
            throw TooLong(_linesBeforeParser + _linesBefore + 1, fault);
        }
        catch (CsvHelperException fault)
        {
            throw new DataException(DataFileText.Explain(_path, fault.InnerException ?? fault) ?? $"{Source}, line {_linesBeforeParser + parser.RawRow + 1}: {fault.Message}", fault);
        }
        catch (Exception fault) when (DataFileText.Explain(_path, fault) is { } message)
        {
            throw new DataException(message, fault);
        }
    }

    private PlainRecords.Found Guarded(Func<PlainRecords.Found> step)
    {
        try
        {
            return step();
        }
        catch (Exception fault) when (DataFileText.Explain(_path, fault) is { } message)
        {
            throw new DataException(message, fault);
        }
    }

    private DataException TooLong(long line, Exception? fault)
    {
        string message = $"{Source}, line {line}: a field is longer than {LongestField} characters; is a quotation mark never closed, or is this no text file?";
        return fault is null ? new DataException(message) : new DataException(message, fault);
    }

    /// <summary>Reads the first record; where it alone has quotation marks, as R writes files, the records after it are plain again.</summary>
    private string[] ReadHeader()
    {
        PlainRecords.Found found = Guarded(_plain.Next);
        string? quoted = found == PlainRecords.Found.Quote ? _plain.TakeQuoted() : null;
        bool any = found switch
        {
            PlainRecords.Found.TooLong => throw TooLong(_plain.Line, null),
            PlainRecords.Found.Quote => ReadParsed(Parse(quoted is null ? _plain.Rest() : new StringReader(quoted))),
            _ => found == PlainRecords.Found.Record,
        };
        if (!any) throw new DataException($"{Source}: the file is empty; expected a header line with the names of the columns.");
        string[] header = CheckHeader();
        if (quoted is not null) _parser = null;
        return header;
    }

    private string[] CheckHeader()
    {
        var header = new string[Count];
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int j = 0; j < header.Length; j++)
        {
            header[j] = this[j].Trim().ToString();
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
        if (_parser is not null && IsOpen(_parser.RawRecord)) return " A quotation mark opened there is never closed.";
        return Count > Header.Length ? " A field with the delimiter in it must be quoted." : "";
    }

    private static bool IsOpen(string record) => record.AsSpan().Count('"') % 2 == 1;

    private static int LineBreaksWithin(string record)
    {
        ReadOnlySpan<char> text = record.AsSpan().TrimEnd("\r\n");
        return text.Count('\n') + text.Count('\r') - text.Count("\r\n");
    }
}
