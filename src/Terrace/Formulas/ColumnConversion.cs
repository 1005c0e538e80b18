using System.Globalization;
using Terrace.Data;

namespace Terrace.Formulas;

/// <summary>Views columns as numbers, truth values or texts, with R's rules of conversion.</summary>
internal static class ColumnConversion
{
    /// <summary>The values as numbers: logical as 0 and 1, dates as days since 1970-01-01, NaN where missing.</summary>
    /// <exception cref="FormulaException">The column holds text or categories.</exception>
    public static ReadOnlySpan<double> Doubles(Column column, Expression source)
    {
        switch (column)
        {
            case NumericColumn numeric: return numeric.Values;
            case IntegerColumn integer: return Converted(column.Count, i => integer.IsMissing(i) ? double.NaN : integer.Values[i]);
            case LogicalColumn logical: return Converted(column.Count, i => logical.Values[i] switch { null => double.NaN, true => 1, false => 0 });
            case DateColumn date: return Converted(column.Count, i => date.Values[i] is { } day ? day.DayNumber - UnixEpoch : double.NaN);
            default: throw source.Place.Fault($"'{source}' is {Kind(column)}; a number is needed here.");
        }
    }

    /// <summary>The values as truth values: 1, 0, and -1 where missing; numbers are true unless 0.</summary>
    public static sbyte[] Truths(Column column, Expression source)
    {
        var truths = new sbyte[column.Count];
        if (column is LogicalColumn logical)
        {
            for (int i = 0; i < truths.Length; i++) truths[i] = logical.Values[i] switch { null => -1, true => 1, false => 0 };
            return truths;
        }
        if (column is TextColumn or Factor) throw source.Place.Fault($"'{source}' is {Kind(column)}; TRUE or FALSE is needed here.");
        ReadOnlySpan<double> numbers = Doubles(column, source);
        for (int i = 0; i < truths.Length; i++) truths[i] = double.IsNaN(numbers[i]) ? (sbyte)-1 : numbers[i] != 0 ? (sbyte)1 : (sbyte)0;
        return truths;
    }

    /// <summary><c>as.numeric</c>: as <see cref="Doubles"/>, and a factor as the number of its level (from 1), a text as the number that it says.</summary>
    public static double[] AsNumeric(Column column, Expression source) => column switch
    {
        Factor factor => Converted(column.Count, i => factor.Codes[i] < 0 ? double.NaN : factor.Codes[i] + 1),
        TextColumn text => Converted(column.Count, i => double.TryParse(text.Values[i], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN),
        _ => Doubles(column, source).ToArray(),
    };

    /// <summary>The values as text, null where missing.</summary>
    public static string?[] Texts(Column column)
    {
        var texts = new string?[column.Count];
        for (int i = 0; i < texts.Length; i++) texts[i] = column is NumericColumn numeric && !column.IsMissing(i) ? LevelText(numeric.Values[i]) : column.TextAt(i);
        return texts;
    }

    /// <summary>
    /// A number as the name of a level. Whole numbers are written out (R would write 1e+05 for 100000), so that a column of doubles and one of integers have the same levels.
    /// </summary>
    public static string LevelText(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e15
        ? ((long)value).ToString(CultureInfo.InvariantCulture) : Deparser.Number(value);

    /// <summary>What a column holds, in words.</summary>
    public static string Kind(Column column) => column switch
    {
        Factor { IsOrdered: true } => "an ordered factor",
        Factor => "a factor",
        TextColumn => "text",
        LogicalColumn => "logical",
        DateColumn => "a date",
        MatrixColumn => "a set of several columns",
        _ => "numeric",
    };

    private static int UnixEpoch => new DateOnly(1970, 1, 1).DayNumber;

    private static double[] Converted(int count, Func<int, double> value)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++) values[i] = value(i);
        return values;
    }
}
