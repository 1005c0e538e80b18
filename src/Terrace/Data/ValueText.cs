using System.Globalization;

namespace Terrace.Data;

/// <summary>
/// Reads numbers, truth values and dates from text, the same way whatever the machine's language. Blanks around a value are ignored.
/// A value with a leading zero such as <c>01</c> is a key, not a number, when types are inferred.
/// </summary>
internal sealed class ValueText
{
    private const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private static readonly double[] PowersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    private readonly NumberFormatInfo _format;
    private readonly char _decimalMark;

    public ValueText(bool decimalComma)
    {
        _decimalMark = decimalComma ? ',' : '.';
        _format = new NumberFormatInfo { NumberDecimalSeparator = _decimalMark.ToString(), NumberGroupSeparator = "" };
    }

    /// <summary>Numbers with a decimal point.</summary>
    public static ValueText Invariant { get; } = new(decimalComma: false);

    /// <summary>
    /// Whether <paramref name="text"/> is a number written like a key: a zero before another digit (<c>01</c>, <c>-007</c>, <c>00.5</c>).
    /// </summary>
    public static bool HasLeadingZero(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.Length > 0 && text[0] is '-' or '+') text = text[1..];
        return text.Length > 1 && text[0] == '0' && char.IsAsciiDigit(text[1]);
    }

    /// <summary>Reads an integer of at most 64 bits: digits with an optional sign.</summary>
    public static bool TryInteger(ReadOnlySpan<char> text, out long value)
    {
        if (text.Length is > 0 and < 10 && TryShortInteger(text, out value)) return true;
        return long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value != IntegerColumn.Missing;
    }

    /// <summary>
    /// Reads an integer that may be written as a number without a fraction (<c>3.0</c>, <c>1e3</c>), for columns declared as integers.
    /// </summary>
    public bool TryWhole(ReadOnlySpan<char> text, out long value)
    {
        if (TryInteger(text, out value)) return true;
        const double exact = 9007199254740992;
        if (!TryNumber(text, out double number) || number != Math.Floor(number) || Math.Abs(number) > exact) return false;
        value = (long)number;
        return true;
    }

    /// <summary>Reads a number; <c>Inf</c>, <c>-Inf</c> and <c>NaN</c> (missing) as R writes them, and <c>Infinity</c> as .NET does.</summary>
    public bool TryNumber(ReadOnlySpan<char> text, out double value)
    {
        if (text.Length is > 0 and < 10 && TryShortInteger(text, out long integer))
        {
            value = integer == 0 && text[0] == '-' ? -0.0 : integer;
            return true;
        }
        if (TryShortDecimal(text, out value)) return true;
        text = text.Trim();
        if (text.Length > 0 && (char.IsAsciiDigit(text[^1]) || text[^1] == _decimalMark)) return double.TryParse(text, Number, _format, out value);
        return TryNamedNumber(text, out value);
    }

    /// <summary>Reads <c>TRUE FALSE true false True False T F</c>.</summary>
    public static bool TryLogical(ReadOnlySpan<char> text, out bool value)
    {
        text = text.Trim();
        value = text is "TRUE" or "true" or "True" or "T";
        return value || text is "FALSE" or "false" or "False" or "F";
    }

    /// <summary>Reads a date written <c>yyyy-MM-dd</c>.</summary>
    public static bool TryDate(ReadOnlySpan<char> text, out DateOnly value)
    {
        text = text.Trim();
        value = default;
        return text.Length == 10 && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out value);
    }

    /// <summary>Whether <paramref name="text"/> is a number in digits that is too large for double precision, such as <c>1e400</c>.</summary>
    public bool IsBeyondRange(ReadOnlySpan<char> text) =>
        TryNumber(text, out double value) && double.IsInfinity(value) && !char.IsAsciiLetter(text.Trim()[^1]);

    /// <summary>As <see cref="TryNumber"/>, but only numbers within the range of double precision, <c>Inf</c> and <c>-Inf</c>; a blank field is NaN.</summary>
    public bool TryNumberOrNaN(ReadOnlySpan<char> text, out double value)
    {
        if (TryNumber(text, out value)) return !double.IsInfinity(value) || !IsBeyondRange(text);
        value = double.NaN;
        return text.IsWhiteSpace();
    }

    /// <summary>As <see cref="TryWhole"/>; a blank field is missing.</summary>
    public bool TryWholeOrMissing(ReadOnlySpan<char> text, out long value)
    {
        if (TryWhole(text, out value)) return true;
        value = IntegerColumn.Missing;
        return text.IsWhiteSpace();
    }

    /// <summary>As <see cref="TryLogical"/>; a blank field is missing.</summary>
    public static bool TryLogicalOrNull(ReadOnlySpan<char> text, out bool? value)
    {
        value = TryLogical(text, out bool truth) ? truth : null;
        return value is not null || text.IsWhiteSpace();
    }

    /// <summary>As <see cref="TryDate"/>; a blank field is missing.</summary>
    public static bool TryDateOrNull(ReadOnlySpan<char> text, out DateOnly? value)
    {
        value = TryDate(text, out DateOnly date) ? date : null;
        return value is not null || text.IsWhiteSpace();
    }

    /// <summary>
    /// Reads an optional minus sign and at most 15 digits with at most one decimal mark among them. Digits and power of ten are then exact doubles, so their quotient is the nearest double
    /// (Clinger 1990, How to read floating point numbers accurately, section 3).
    /// </summary>
    private bool TryShortDecimal(ReadOnlySpan<char> text, out double value)
    {
        value = 0;
        if (text.Length is 0 or > 17) return false;
        bool negative = text[0] == '-';
        long digits = 0;
        int count = 0, fraction = -1;
        foreach (char c in text[(negative ? 1 : 0)..])
        {
            uint digit = (uint)(c - '0');
            if (digit <= 9)
            {
                digits = digits * 10 + digit;
                count++;
                if (fraction >= 0) fraction++;
            }
            else if (c == _decimalMark && fraction < 0) fraction = 0;
            else return false;
        }
        if (count is 0 or > 15) return false;
        value = digits / PowersOfTen[Math.Max(0, fraction)];
        if (negative) value = -value;
        return true;
    }

    private static bool TryNamedNumber(ReadOnlySpan<char> text, out double value)
    {
        value = text switch
        {
            "Inf" or "+Inf" or "Infinity" => double.PositiveInfinity,
            "-Inf" or "-Infinity" => double.NegativeInfinity,
            _ => double.NaN,
        };
        return double.IsInfinity(value) || text is "NaN";
    }

    private static bool TryShortInteger(ReadOnlySpan<char> text, out long value)
    {
        int i = text[0] == '-' ? 1 : 0;
        long sum = 0;
        value = 0;
        if (i == text.Length) return false;
        for (; i < text.Length; i++)
        {
            uint digit = (uint)(text[i] - '0');
            if (digit > 9) return false;
            sum = sum * 10 + digit;
        }
        value = text[0] == '-' ? -sum : sum;
        return true;
    }
}
