namespace Terrace.Data;

/// <summary>Collects the fields of one column and makes typed columns of them, block after block.</summary>
internal abstract class ColumnBuilder
{
    // Texts that repeat are stored once; a column with more distinct texts than this is hardly a variable of few values.
    private const int MaxPooledTexts = 4096;

    private delegate bool Parser<T>(ReadOnlySpan<char> text, out T value);

    /// <summary>Adds a field; false if it is not a value of the column's type.</summary>
    public abstract bool TryAddText(ReadOnlySpan<char> text);

    /// <summary>
    /// Adds a value as a database gives it (double, long, bool, DateOnly or text); false if it is not a value of the column's type.
    /// </summary>
    public abstract bool TryAdd(object value);

    /// <summary>Adds a missing value.</summary>
    public abstract void AddMissing();

    /// <summary>The column of everything added since the last call.</summary>
    public abstract Column Build();

    /// <summary>A builder of the column that <paramref name="plan"/> describes, in blocks of at most <paramref name="capacity"/> rows.</summary>
    public static ColumnBuilder For(ColumnPlan plan, ValueText values, int capacity)
    {
        (string name, string? label) = (plan.Name, plan.Label);
        return plan.Type switch
        {
            ColumnType.Double => new Of<double>(capacity, values.TryNumberOrNaN, double.NaN, v => new NumericColumn(name, v, label)),
            ColumnType.Integer => new Of<long>(capacity, values.TryWholeOrMissing, IntegerColumn.Missing, v => new IntegerColumn(name, v, label)),
            ColumnType.Logical => new Of<bool?>(capacity, ValueText.TryLogicalOrNull, null, v => new LogicalColumn(name, v, label)),
            ColumnType.Date => new Of<DateOnly?>(capacity, ValueText.TryDateOrNull, null, v => new DateColumn(name, v, label)),
            ColumnType.Text => new Of<string?>(capacity, Pooled(), null, v => new TextColumn(name, v, label)),
            _ => new Of<int>(capacity, plan.TryCode, -1, v => new Factor(name, v, plan.Levels, plan.Type == ColumnType.Ordered, label)),
        };
    }

    private static Parser<string?> Pooled()
    {
        var pool = new Dictionary<string, string>(StringComparer.Ordinal);
        var lookup = pool.GetAlternateLookup<ReadOnlySpan<char>>();
        return (ReadOnlySpan<char> text, out string? value) =>
        {
            if (!lookup.TryGetValue(text, out value))
            {
                value = text.ToString();
                if (pool.Count < MaxPooledTexts) pool.Add(value, value);
            }
            return true;
        };
    }

    private sealed class Of<T>(int capacity, Parser<T> parse, T missing, Func<T[], Column> build) : ColumnBuilder
    {
        private T[] _values = new T[capacity];
        private int _count;

        public override bool TryAddText(ReadOnlySpan<char> text) => parse(text, out _values[_count]) && ++_count > 0;

        public override bool TryAdd(object value)
        {
            if (value is string || value is not T typed) return TryAddText(DatabaseValue.Text(value));
            _values[_count++] = typed;
            return true;
        }

        public override void AddMissing() => _values[_count++] = missing;

        public override Column Build()
        {
            T[] values = _count == _values.Length ? _values : _values[.._count];
            if (_count == _values.Length) _values = new T[capacity];
            _count = 0;
            return build(values);
        }
    }
}
