using System.Globalization;
using Terrace.Data;
using Terrace.Formulas;

namespace Terrace.Design;

/// <summary>
/// Codes the values of a categorical variable block by block: a known level gets its position, any other the next free number. With no level known it finds the
/// levels of the training data; afterwards it shows which values are new.
/// </summary>
internal sealed class LevelCoder
{
    private readonly List<string> _levels;
    private readonly Dictionary<string, int> _byText;
    private readonly Dictionary<double, int> _byNumber = [];
    private readonly Dictionary<long, int> _byInteger = [];

    /// <summary>Creates a coder for <paramref name="known"/> levels.</summary>
    public LevelCoder(IReadOnlyList<string> known)
    {
        _levels = [.. known];
        _byText = LevelOrder.Codes(known, "levels");
        KnownCount = known.Count;
    }

    /// <summary>How many levels were known from the start; codes from this number on are new.</summary>
    public int KnownCount { get; }

    /// <summary>The level of each code.</summary>
    public IReadOnlyList<string> Levels => _levels;

    /// <summary>The codes of a block, −1 where missing.</summary>
    public int[] Code(Column column)
    {
        var codes = new int[column.Count];
        switch (column)
        {
            case Factor factor: CodeFactor(factor, codes); break;
            case NumericColumn numeric: CodeNumbers(numeric, codes); break;
            case IntegerColumn integer: CodeIntegers(integer, codes); break;
            default:
                for (int row = 0; row < codes.Length; row++) codes[row] = column.TextAt(row) is { } text ? CodeOf(text) : -1;
                break;
        }
        return codes;
    }

    /// <summary>The levels in the order that a factor made from <paramref name="header"/> has: as declared, by value, or by text.</summary>
    public static IEnumerable<string> InOrder(Column header, IEnumerable<string> levels)
    {
        switch (header)
        {
            case Factor factor:
                Dictionary<string, int> position = LevelOrder.Codes(factor.Levels, factor.Name);
                return levels.OrderBy(level => position.GetValueOrDefault(level, int.MaxValue));
            case NumericColumn or IntegerColumn: return levels.OrderBy(level => double.Parse(level, CultureInfo.InvariantCulture));
            default: return levels.Order(StringComparer.Ordinal);
        }
    }

    private void CodeFactor(Factor factor, int[] codes)
    {
        var map = new int[factor.Levels.Count];
        Array.Fill(map, -1);
        ReadOnlySpan<int> own = factor.Codes;
        for (int row = 0; row < codes.Length; row++)
        {
            int code = own[row];
            codes[row] = code < 0 ? -1 : map[code] >= 0 ? map[code] : map[code] = CodeOf(factor.Levels[code]);
        }
    }

    private void CodeNumbers(NumericColumn column, int[] codes)
    {
        ReadOnlySpan<double> values = column.Values;
        for (int row = 0; row < codes.Length; row++)
        {
            double value = values[row];
            if (double.IsNaN(value)) codes[row] = -1;
            else if (!_byNumber.TryGetValue(value, out codes[row])) _byNumber[value] = codes[row] = CodeOf(ColumnConversion.LevelText(value));
        }
    }

    private void CodeIntegers(IntegerColumn column, int[] codes)
    {
        ReadOnlySpan<long> values = column.Values;
        for (int row = 0; row < codes.Length; row++)
        {
            long value = values[row];
            if (value == IntegerColumn.Missing) codes[row] = -1;
            else if (!_byInteger.TryGetValue(value, out codes[row])) _byInteger[value] = codes[row] = CodeOf(value.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The code of a level, known or new.</summary>
    public int CodeOf(string text)
    {
        if (_byText.TryGetValue(text, out int code)) return code;
        code = _levels.Count;
        _levels.Add(text);
        _byText.Add(text, code);
        return code;
    }
}
