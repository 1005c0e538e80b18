namespace Terrace.Data;

/// <summary>
/// Finds the narrowest type that every value of a column has, of integer, double, logical, date and text, as R's <c>read.csv</c> does, with three
/// differences
/// that protect keys: a column with a value such as <c>01</c> is text; so is one with an integer of more than 64 bits; and <c>T</c> and <c>F</c> are
/// truth values
/// only where both occur (a column of nothing but <c>F</c> is a column of women). What quotes say about numbers is found by <see cref="QuotedColumns"/>.
/// A column without any value is logical, as in R.
/// </summary>
internal sealed class TypeInference(ValueText values)
{
    private bool _integer = true;
    private bool _number = true;
    private bool _logical = true;
    private bool _date = true;
    private bool _any;
    private bool _sawT;
    private bool _sawF;

    /// <summary>Whether no value was observed.</summary>
    public bool IsEmpty => !_any;

    /// <summary>Takes one value, not missing, into account.</summary>
    public void Observe(ReadOnlySpan<char> text)
    {
        _any = true;
        if (_number) ObserveNumber(text);
        if (_logical) ObserveLogical(text);
        if (_date) _date = ValueText.TryDate(text, out _);
    }

    /// <summary>The type of the values observed so far.</summary>
    public ColumnType Type()
    {
        if (_logical && _sawT == _sawF) return ColumnType.Logical;
        if (_integer) return ColumnType.Integer;
        if (_number) return ColumnType.Double;
        return _date ? ColumnType.Date : ColumnType.Text;
    }

    private void ObserveNumber(ReadOnlySpan<char> text)
    {
        if (ValueText.HasLeadingZero(text) || IsTooLong(text))
        {
            _integer = _number = false;
        }
        else if (!_integer || !ValueText.TryInteger(text, out _))
        {
            _integer = false;
            _number = values.TryNumber(text, out _);
        }
    }

    private void ObserveLogical(ReadOnlySpan<char> text)
    {
        _logical = ValueText.TryLogical(text, out _);
        _sawT |= text.Trim() is "T";
        _sawF |= text.Trim() is "F";
    }

    private static bool IsTooLong(ReadOnlySpan<char> text)
    {
        return text.Length > 18 && !text.Trim().TrimStart("+-").ContainsAnyExceptInRange('0', '9') && !ValueText.TryInteger(text, out _);
    }
}
