using System.Globalization;

namespace Terrace.Stan.Data;

/// <summary>Words, numbers and signs of R's dump format, with comments and white space skipped.</summary>
internal sealed class RDumpScanner(string text, string source)
{
    private int _at;

    /// <summary>Whether nothing follows.</summary>
    public bool AtEnd => Place >= text.Length;

    /// <summary>The place of what follows.</summary>
    public int Place
    {
        get
        {
            while (_at < text.Length && (char.IsWhiteSpace(text[_at]) || text[_at] is '#' or '\uFEFF'))
            {
                if (text[_at] == '#') _at = text.IndexOf('\n', _at) is >= 0 and int end ? end : text.Length;
                else _at++;
            }
            return _at;
        }
    }

    /// <summary>Takes a sign if it follows.</summary>
    public bool TryTake(string sign)
    {
        if (!text.AsSpan(Place).StartsWith(sign, StringComparison.Ordinal)) return false;
        _at += sign.Length;
        return true;
    }

    /// <summary>Takes a sign that must follow.</summary>
    public void Take(string sign, string variable)
    {
        if (!TryTake(sign)) throw Fault(Place, $"`{sign}` is expected in the value of `{variable}`, but {Following()} follows", "Check the brackets and commas");
    }

    /// <summary>Takes a word if it follows with an opening bracket.</summary>
    public bool TryWord(string word)
    {
        int start = Place;
        if (!text.AsSpan(start).StartsWith(word, StringComparison.Ordinal)) return false;
        _at += word.Length;
        if (Place < text.Length && text[_at] == '(') return true;
        _at = start;
        return false;
    }

    /// <summary>A name, in quotes or without.</summary>
    public string Name(string expected)
    {
        int start = Place;
        if (start < text.Length && text[start] is '"' or '\'' or '`')
        {
            int end = text.IndexOf(text[start], start + 1);
            int line = text.IndexOf('\n', start);
            if (end < 0 || (line >= 0 && line < end)) throw Fault(start, "a quoted name does not end", "Close the quotes on the same line");
            _at = end + 1;
            return text[(start + 1)..end];
        }
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '.' or '_')) _at++;
        if (_at == start || char.IsDigit(text[start])) throw Fault(start, $"{expected} is expected, but {Following(start)} follows", "Write name <- value");
        return text[start.._at];
    }

    /// <summary>A number; an integer has no point, no exponent and fits 32 bits.</summary>
    public double Number(string variable, string remedy, out bool integer)
    {
        int start = Place;
        if (_at < text.Length && text[_at] is '-' or '+') _at++;
        _ = Place;
        int digits = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '.' || (text[_at] is '-' or '+' && _at > digits && text[_at - 1] is 'e' or 'E' && char.IsAsciiDigit(text[digits])))) _at++;
        ReadOnlySpan<char> word = text.AsSpan(digits, _at - digits);
        double sign = text.Length > start && text[start] == '-' ? -1 : 1;
        integer = false;
        if (word.Equals("Inf", StringComparison.OrdinalIgnoreCase) || word.Equals("Infinity", StringComparison.OrdinalIgnoreCase)) return sign * double.PositiveInfinity;
        if (word.Equals("NaN", StringComparison.OrdinalIgnoreCase)) return double.NaN;
        if (word is "NA" or "NA_integer_" or "NA_real_") throw Fault(start, $"`{variable}` has an NA, but Stan has no missing values", "Leave such elements out, or make them parameters");
        bool marked = word is [_, .., 'L' or 'l'];
        if (marked) word = word[..^1];
        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (word.Length == 0 || !(char.IsAsciiDigit(word[0]) || word[0] == '.') || !double.TryParse(word, style, CultureInfo.InvariantCulture, out double value))
            throw Fault(start, $"a number is expected in the value of `{variable}`, but {Following(start)} follows", remedy);
        bool plain = word.IndexOfAnyExceptInRange('0', '9') < 0;
        if (marked && !plain) throw Fault(start, $"`{variable}` has a number with a point or exponent that is marked as an integer by L", "Remove the L or the point");
        if (!double.IsFinite(value)) throw Fault(start, $"a number of `{variable}` is too large for double precision", "Write Inf if infinity is meant");
        integer = plain && sign * value is >= int.MinValue and <= int.MaxValue;
        return integer && value == 0 ? 0 : sign * value;
    }

    /// <summary>A fault at a place.</summary>
    public StanDataException Fault(int place, string problem, string remedy)
    {
        ReadOnlySpan<char> before = text.AsSpan(0, Math.Min(place, text.Length));
        return new StanDataException(source, 1 + before.Count('\n'), before.Length - before.LastIndexOf('\n'), problem, remedy);
    }

    private string Following() => Following(Place);

    private string Following(int start)
    {
        if (start >= text.Length) return "the end";
        int end = start + 1;
        while (end < text.Length && end - start < 20 && char.IsLetterOrDigit(text[start]) && char.IsLetterOrDigit(text[end])) end++;
        return $"`{text[start..end]}`";
    }
}
