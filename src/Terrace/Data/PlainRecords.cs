using System.Buffers;
using System.Runtime.CompilerServices;

namespace Terrace.Data;

/// <summary>
/// Splits text without quotation marks into records and fields in one buffer, so that fields are parsed where they stand. At the first record with a quotation mark it stops; <see cref="Rest"/> is then the
/// text from the beginning of that record on.
/// </summary>
/// <remarks>The rules are those of CsvHelper as <see cref="CsvRecords"/> configures it: line feed, carriage return or both end a record, empty lines are passed over, blanks around fields are cut.</remarks>
internal sealed class PlainRecords(TextReader text, char delimiter, int longestField)
{
    private readonly SearchValues<char> _ends = SearchValues.Create([delimiter, '\n', '\r', '"']);
    private char[] _buffer = new char[1 << 16];
    private int _start;
    private int _next;
    private int _end;
    private bool _isAtEnd;
    private int[] _fields = new int[16];

    /// <summary>What a try to go on found.</summary>
    public enum Found
    {
        /// <summary>A record.</summary>
        Record,

        /// <summary>A record with a quotation mark.</summary>
        Quote,

        /// <summary>Nothing more.</summary>
        End,

        /// <summary>A field that is too long.</summary>
        TooLong,
    }

    /// <summary>The line of the current record, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The number of fields of the current record.</summary>
    public int Count { get; private set; }

    /// <summary>The current record without its line break.</summary>
    public ReadOnlySpan<char> Record => _buffer.AsSpan(_start, _fields[Count] - 1 - _start);

    /// <summary>A field of the current record, blanks around it cut.</summary>
    public ReadOnlySpan<char> this[int column] => _buffer.AsSpan(_fields[column], _fields[column + 1] - 1 - _fields[column]).Trim(' ');

    /// <summary>The text from the current record on, to be read by something else.</summary>
    public TextReader Rest() => new ConcatenatedText(new string(_buffer, _start, _end - _start), text);

    /// <summary>The current record, one with quotation marks, up to the line break outside of them, and steps behind it; null if it does not end within the buffer.</summary>
    public string? TakeQuoted()
    {
        bool inside = false;
        for (int i = _start; i < _end; i++)
        {
            if (_buffer[i] == '"') inside = !inside;
            if (inside || _buffer[i] is not ('\n' or '\r')) continue;
            string record = new(_buffer, _start, i - _start);
            if (record.AsSpan().ContainsAny('\n', '\r') || (i + 1 == _end && !_isAtEnd)) return null;
            _next = i + (i + 1 < _end && _buffer[i] == '\r' && _buffer[i + 1] == '\n' ? 2 : 1);
            return record;
        }
        return null;
    }

    /// <summary>Goes to the next record that is not empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Found Next()
    {
        _start = _next;
        Line++;
        Count = 0;
        _fields[0] = _start;
        int from = _start;
        while (true)
        {
            int offset = _buffer.AsSpan(from, _end - from).IndexOfAny(_ends);
            if (offset < 0)
            {
                if (_fields[Count] + longestField < _end) return Found.TooLong;
                int moved = _start;
                from = _end;
                if (Fill())
                {
                    from -= moved;
                    continue;
                }
                from = _end;
                if (_start == _end) return Found.End;
                EndField(from + 1);
                _next = _end;
                return Checked();
            }
            from += offset;
            char c = _buffer[from];
            if (c == '"') return Found.Quote;
            if (c == delimiter)
            {
                EndField(++from);
                continue;
            }
            if (c == '\r' && from + 1 == _end && !_isAtEnd)
            {
                int moved = _start;
                Fill();
                from -= moved;
            }
            bool both = c == '\r' && from + 1 < _end && _buffer[from + 1] == '\n';
            if (from == _start)
            {
                _start = _fields[0] = from += both ? 2 : 1;
                Line++;
                continue;
            }
            EndField(from + 1);
            _next = from + (both ? 2 : 1);
            return Checked();
        }
    }

    private Found Checked()
    {
        if (_next - _start <= longestField) return Found.Record;
        for (int j = 0; j < Count; j++)
        {
            if (_fields[j + 1] - 1 - _fields[j] > longestField) return Found.TooLong;
        }
        return Found.Record;
    }

    private void EndField(int next)
    {
        if (++Count == _fields.Length) Array.Resize(ref _fields, 2 * _fields.Length);
        _fields[Count] = next;
    }

    /// <summary>Moves the current record to the beginning of the buffer and reads on behind it; false at the end of the text.</summary>
    private bool Fill()
    {
        int kept = _end - _start;
        for (int j = 0; j <= Count; j++) _fields[j] -= _start;
        if (kept > _buffer.Length / 2) Array.Resize(ref _buffer, 2 * _buffer.Length);
        Array.Copy(_buffer, _start, _buffer, 0, kept);
        (_start, _end) = (0, kept);
        if (_isAtEnd) return false;
        int read = text.Read(_buffer, _end, _buffer.Length - _end);
        _isAtEnd = read == 0;
        _end += read;
        return read > 0;
    }
}
