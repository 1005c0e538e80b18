using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Terrace.Stan.Data;

/// <summary>
/// Reads data in JSON as CmdStan's guide describes it (appendix "JSON format for CmdStan"): one object of names and values; arrays of arrays, rectangular; <c>"NaN"</c>, <c>"Inf"</c> and <c>"-Inf"</c> as strings;
/// tuples as objects with the names "1", "2", …
/// </summary>
internal ref struct JsonDataReader
{
    private readonly byte[] _json;
    private readonly string _source;
    private Utf8JsonReader _reader;
    private readonly Dictionary<string, (StanValue Value, long Place)> _variables = [];

    private JsonDataReader(byte[] json, string source)
    {
        (_json, _source) = (json, source);
        ReadOnlySpan<byte> text = json;
        _reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = DataLimits.Depth + 1 });
    }

    /// <summary>Reads a whole text, whose bytes are changed.</summary>
    public static StanData Read(byte[] json, string source)
    {
        if (json.AsSpan().StartsWith("\uFEFF"u8)) "   "u8.CopyTo(json);
        BareJsonNumbers.Quote(json);
        var reader = new JsonDataReader(json, source);
        try
        {
            return reader.ReadAll();
        }
        catch (JsonException e)
        {
            // A reader that fails leaves the place in the exception: line and byte from 0.
            string what = e.Message;
            int cut = what.IndexOf(" LineNumber:", StringComparison.Ordinal);
            if (cut > 0) what = what[..cut];
            long place = PlaceOf(json, e.LineNumber ?? 0, e.BytePositionInLine ?? 0);
            throw Fault(json, source, place, $"this is not JSON: {what.TrimEnd('.')}", "Check the commas, quotes and brackets before this place");
        }
        catch (InvalidOperationException)
        {
            throw Fault(json, source, 0, "a string in the file is not valid Unicode", "Save the file as UTF-8");
        }
    }

    private StanData ReadAll()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject) throw Fault(_reader.TokenStartIndex, "data begin with an object", """Write { "name": value, ... }""");
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = _reader.GetString()!;
            long place = _reader.TokenStartIndex;
            if (_variables.TryGetValue(name, out var earlier)) throw Fault(place, $"`{name}` is given twice, first on line {LineOf(earlier.Place)}", "Keep one of them");
            var builder = new ValueBuilder();
            _reader.Read();
            ReadValue(builder, 0, 0, name);
            _variables[name] = (builder.Build([]), place);
        }
        _reader.Read();
        return new StanData(_variables.ToDictionary(pair => pair.Key, pair => pair.Value.Value));
    }

    private void ReadValue(ValueBuilder builder, int depth, int brackets, string name)
    {
        if (brackets >= DataLimits.Depth) throw Fault(_reader.TokenStartIndex, $"brackets in `{name}` are nested more than {DataLimits.Depth} deep", "Stan knows no such type");
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartArray: ReadArray(builder, depth, brackets, name); break;
            case JsonTokenType.StartObject: ReadTuple(builder, depth, brackets, name); break;
            case JsonTokenType.Number: ReadNumber(builder, depth, name); break;
            case JsonTokenType.String: Expect(builder.Number(depth, Special(name), false), name); break;
            case JsonTokenType.Null: throw Fault(_reader.TokenStartIndex, $"`{name}` has a null, but Stan has no missing values", "Leave such elements out, or make them parameters");
            default: throw Fault(_reader.TokenStartIndex, $"`{name}` has a truth value, but Stan has numbers only", "Write 1 for true and 0 for false");
        }
    }

    private void ReadArray(ValueBuilder builder, int depth, int brackets, string name)
    {
        Expect(builder.Open(depth), name);
        int count = 0;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            ReadValue(builder, depth + 1, brackets + 1, name);
            count++;
        }
        Expect(builder.Close(depth, count), name);
    }

    private void ReadTuple(ValueBuilder builder, int depth, int brackets, string name)
    {
        long start = _reader.TokenStartIndex;
        Expect(builder.Tuple(depth), name);
        int earlier = builder.SlotCount, largest = 0;
        HashSet<int> seen = [];
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = _reader.GetString()!;
            long place = _reader.TokenStartIndex;
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int slot) || slot < 1 || slot > DataLimits.TupleElements || key[0] == '0')
                throw Fault(place, $"`{name}` is an object, which stands for a tuple, but has the name \"{key}\"", "Name the parts of a tuple \"1\", \"2\", and so on");
            if (!seen.Add(slot)) throw Fault(place, $"the tuple `{name}` has part {slot} twice", "Keep one of them");
            largest = Math.Max(largest, slot);
            _reader.Read();
            ReadValue(builder.Slot(slot - 1), 0, brackets + 1, name);
        }
        if (largest != seen.Count || largest == 0) throw Fault(start, $"the tuple `{name}` has {seen.Count} parts, but the last one is number {largest}", "Number the parts from 1 without gaps");
        if (earlier > 0 && earlier != largest) throw Fault(start, $"a tuple of `{name}` has {largest} parts, where those before it have {earlier}", "All tuples of an array have the same parts");
    }

    private readonly void ReadNumber(ValueBuilder builder, int depth, string name)
    {
        ReadOnlySpan<byte> text = _reader.ValueSpan;
        if (text.IndexOfAny(".eE"u8) < 0 && _reader.TryGetInt32(out int whole))
        {
            Expect(builder.Number(depth, whole, true), name);
            return;
        }
        if (!_reader.TryGetDouble(out double value) || !double.IsFinite(value)) throw Fault(_reader.TokenStartIndex, $"a number of `{name}` is too large for double precision", "Write \"Inf\" if infinity is meant");
        Expect(builder.Number(depth, value, false), name);
    }

    private readonly double Special(string name)
    {
        string text = _reader.GetString()!;
        switch (text.TrimStart('+', '-').ToUpperInvariant())
        {
            case "NAN" or "N": return double.NaN;
            case "INF" or "INFINITY" or "I": return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        }
        string shown = text.Length > 20 ? text[..20] + "…" : text;
        throw Fault(_reader.TokenStartIndex, $"`{name}` has the text \"{shown}\" where a number is expected", "Only \"NaN\", \"Inf\" and \"-Inf\" may stand for numbers; code categories as integers");
    }

    private readonly void Expect(string? problem, string name)
    {
        if (problem is not null) throw Fault(_reader.TokenStartIndex, $"`{name}` has {problem}", "Arrays must be rectangular; pad ragged ones, or store them end to end with their sizes");
    }

    private readonly StanDataException Fault(long place, string problem, string remedy) => Fault(_json, _source, place, problem, remedy);

    private readonly int LineOf(long place) => 1 + _json.AsSpan(0, (int)place).Count((byte)'\n');

    private static long PlaceOf(byte[] json, long line, long column)
    {
        int start = 0;
        for (; line > 0; line--)
        {
            int end = json.AsSpan(start).IndexOf((byte)'\n');
            if (end < 0) break;
            start += end + 1;
        }
        return Math.Min(start + column, json.Length);
    }

    private static StanDataException Fault(byte[] json, string source, long place, string problem, string remedy)
    {
        ReadOnlySpan<byte> before = json.AsSpan(0, (int)Math.Min(place, json.Length));
        int line = 1 + before.Count((byte)'\n'), start = before.LastIndexOf((byte)'\n') + 1;
        return new StanDataException(source, line, 1 + Encoding.UTF8.GetCharCount(before[start..]), problem, remedy);
    }
}
