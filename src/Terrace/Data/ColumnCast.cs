namespace Terrace.Data;

/// <summary>Columns with the same values in another type.</summary>
internal static class ColumnCast
{
    /// <summary>The values as text, as <see cref="Column.TextAt"/> gives it.</summary>
    public static TextColumn ToText(Column column)
    {
        var texts = new string?[column.Count];
        for (int row = 0; row < texts.Length; row++) texts[row] = column.TextAt(row);
        return new TextColumn(column.Name, texts, column.Label);
    }

    /// <summary>Numbers and truth values (TRUE = 1) as double.</summary>
    public static NumericColumn ToNumeric(Column column)
    {
        if (column is NumericColumn already) return already;
        ReadOnlySpan<long> integers = ToInteger(column).Values;
        var values = new double[integers.Length];
        for (int row = 0; row < values.Length; row++) values[row] = integers[row] == IntegerColumn.Missing ? double.NaN : integers[row];
        return new NumericColumn(column.Name, values, column.Label);
    }

    /// <summary>Integers and truth values (TRUE = 1) as integers.</summary>
    public static IntegerColumn ToInteger(Column column)
    {
        if (column is IntegerColumn already) return already;
        ReadOnlySpan<bool?> truths = ((LogicalColumn)column).Values;
        var values = new long[truths.Length];
        for (int row = 0; row < values.Length; row++) values[row] = truths[row] switch { null => IntegerColumn.Missing, true => 1, false => 0 };
        return new IntegerColumn(column.Name, values, column.Label);
    }

    /// <summary>A column of <paramref name="count"/> missing values with the type, and the levels, of <paramref name="model"/>.</summary>
    public static Column Missing(Column model, string name, int count, string? label) => model switch
    {
        NumericColumn => new NumericColumn(name, Filled(count, double.NaN), label),
        IntegerColumn => new IntegerColumn(name, Filled(count, IntegerColumn.Missing), label),
        LogicalColumn => new LogicalColumn(name, new bool?[count], label),
        DateColumn => new DateColumn(name, new DateOnly?[count], label),
        Factor factor => new Factor(name, Filled(count, -1), [.. factor.Levels], factor.IsOrdered, label),
        _ => new TextColumn(name, new string?[count], label),
    };

    /// <summary>The factor with the same values coded by <paramref name="levels"/>, which contain its own.</summary>
    public static Factor WithLevels(Factor factor, IReadOnlyList<string> levels, bool isOrdered)
    {
        if (isOrdered == factor.IsOrdered && levels.SequenceEqual(factor.Levels)) return factor;
        Dictionary<string, int> codeOf = LevelOrder.Codes(levels, factor.Name);
        int[] recoded = [.. factor.Levels.Select(level => codeOf[level])];
        var codes = new int[factor.Count];
        for (int row = 0; row < codes.Length; row++) codes[row] = factor.IsMissing(row) ? -1 : recoded[factor.Codes[row]];
        return new Factor(factor.Name, codes, [.. levels], isOrdered, factor.Label);
    }

    private static T[] Filled<T>(int count, T value)
    {
        var values = new T[count];
        Array.Fill(values, value);
        return values;
    }
}
