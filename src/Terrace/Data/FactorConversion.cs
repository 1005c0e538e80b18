namespace Terrace.Data;

/// <summary>
/// Turns a column into a factor. Without declared levels they are the distinct values: numbers and dates sorted by value, truth values FALSE before
/// TRUE, text by
/// ordinal comparison; a column that is a factor already keeps its levels, those that do not occur too.
/// </summary>
public static class FactorConversion
{
    /// <summary>
    /// The factor with the values of <paramref name="column"/> and their sorted levels, or <paramref name="levels"/> in the given order.
    /// </summary>
    /// <param name="column">The column.</param>
    /// <param name="levels">The declared levels, or null.</param>
    /// <param name="isOrdered">Whether the levels rise; null keeps what the column says.</param>
    /// <param name="source">Where the column comes from, for messages.</param>
    /// <exception cref="DataException">A value is not among <paramref name="levels"/>, or a level is given twice.</exception>
    public static Factor From(Column column, IReadOnlyList<string>? levels = null, bool? isOrdered = null, string source = "data")
    {
        ArgumentNullException.ThrowIfNull(column);
        bool ordered = isOrdered ?? column is Factor { IsOrdered: true };
        if (levels is not null) return Declared(column, levels, ordered, source);
        return column switch
        {
            Factor factor => factor.IsOrdered == ordered
                ? factor : new Factor(factor.Name, factor.Codes.ToArray(), [.. factor.Levels], ordered, factor.Label),
            NumericColumn numbers => Sorted(numbers, numbers.Values, ordered),
            IntegerColumn integers => Sorted(integers, integers.Values, ordered),
            DateColumn dates => Sorted(dates, dates.Values, ordered),
            LogicalColumn truths => Sorted(truths, truths.Values, ordered),
            _ => SortedText((TextColumn)column, ordered),
        };
    }

    private static Factor Sorted<T>(Column column, ReadOnlySpan<T> values, bool ordered)
    {
        var rows = new Dictionary<Present<T>, int>();
        for (int row = 0; row < values.Length; row++)
        {
            if (!column.IsMissing(row)) rows.TryAdd(new Present<T>(values[row]), row);
        }
        Present<T>[] distinct = [.. rows.Keys];
        Array.Sort(distinct, static (a, b) => Comparer<T>.Default.Compare(a.Value, b.Value));
        string[] levels = Array.ConvertAll(distinct, value => column.TextAt(rows[value])!);
        for (int i = 0; i < distinct.Length; i++) rows[distinct[i]] = i;
        var codes = new int[values.Length];
        for (int row = 0; row < codes.Length; row++) codes[row] = column.IsMissing(row) ? -1 : rows[new Present<T>(values[row])];
        return new Factor(column.Name, codes, levels, ordered, column.Label);
    }

    private static Factor SortedText(TextColumn column, bool ordered)
    {
        string[] levels = LevelOrder.Text(column.Values.ToArray().OfType<string>());
        return Declared(column, levels, ordered, "data");
    }

    private static Factor Declared(Column column, IReadOnlyList<string> levels, bool ordered, string source)
    {
        Dictionary<string, int> codeOf = LevelOrder.Codes(levels, $"{source}, column '{column.Name}'");
        var codes = new int[column.Count];
        for (int row = 0; row < codes.Length; row++)
        {
            string? text = column.TextAt(row);
            if (text is null) codes[row] = -1;
            else if (!codeOf.TryGetValue(text, out codes[row])) throw NotALevel(column.Name, row, text, levels, source);
        }
        return new Factor(column.Name, codes, [.. levels], ordered, column.Label);
    }

    private static DataException NotALevel(string name, int row, string text, IReadOnlyList<string> levels, string source)
    {
        return new DataException($"{source}, row {row + 1}, column '{name}': '{text}' is not among the declared levels.{NearestName.Hint(text, levels)}");
    }

    // A dictionary key that may hold a nullable value; missing ones never become keys.
    private readonly record struct Present<T>(T Value);
}
