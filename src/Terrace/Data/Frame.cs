namespace Terrace.Data;

/// <summary>An immutable table: named columns of equal length.</summary>
public sealed class Frame : IRowBlocks
{
    private readonly Column[] _columns;
    private readonly Dictionary<string, Column> _byName;

    /// <summary>Creates a frame.</summary>
    /// <exception cref="DataException">Two columns have one name, or their lengths differ.</exception>
    public Frame(IEnumerable<Column> columns, string source = "data")
    {
        _columns = [.. columns];
        Source = source;
        RowCount = _columns.Length == 0 ? 0 : _columns[0].Count;
        _byName = new Dictionary<string, Column>(_columns.Length, StringComparer.Ordinal);
        foreach (Column column in _columns)
        {
            if (!_byName.TryAdd(column.Name, column))
                throw new DataException($"{source}: two columns are named '{column.Name}'; rename one of them.");
            if (column.Count != RowCount)
                throw new DataException($"{source}: column '{column.Name}' has {column.Count} rows, the columns before it {RowCount}.");
        }
    }

    /// <inheritdoc/>
    public string Source { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount { get; }

    /// <summary>The columns in order.</summary>
    public IReadOnlyList<Column> Columns => _columns;

    /// <summary>The column called <paramref name="name"/>, or null.</summary>
    public Column? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The column called <paramref name="name"/>.</summary>
    /// <exception cref="DataException">There is none; the message suggests a near name.</exception>
    public Column Get(string name)
    {
        return Find(name) ?? throw new DataException($"{Source} has no column '{name}'.{NearestName.Hint(name, _byName.Keys)}");
    }

    /// <inheritdoc/>
    public Frame Header => Select([]);

    /// <inheritdoc/>
    public IEnumerable<Frame> Blocks() => [this];

    /// <summary>The rows given by <paramref name="rows"/>, in that order.</summary>
    public Frame Select(ReadOnlySpan<int> rows)
    {
        var selected = new Column[_columns.Length];
        for (int j = 0; j < selected.Length; j++) selected[j] = _columns[j].Select(rows);
        return new Frame(selected, Source);
    }

    /// <summary>The rows for which <paramref name="keep"/> is true, in order.</summary>
    /// <exception cref="ArgumentException"><paramref name="keep"/> does not have one element a row.</exception>
    public Frame Where(ReadOnlySpan<bool> keep)
    {
        if (keep.Length != RowCount) throw new ArgumentException($"{keep.Length} marks for {RowCount} rows.", nameof(keep));
        var rows = new int[keep.Count(true)];
        int next = 0;
        for (int i = 0; i < keep.Length; i++)
        {
            if (keep[i]) rows[next++] = i;
        }
        return rows.Length == RowCount ? this : Select(rows);
    }

    /// <summary>The frame with <paramref name="column"/> in the place of the column of that name, or as last column.</summary>
    /// <exception cref="DataException">The column has another number of rows.</exception>
    public Frame With(Column column)
    {
        ArgumentNullException.ThrowIfNull(column);
        Column? old = Find(column.Name);
        return new Frame(old is null ? [.. _columns, column] : _columns.Select(c => ReferenceEquals(c, old) ? column : c), Source);
    }

    /// <summary>
    /// A frame of the public properties of <paramref name="records"/>: numbers, truth values, text, dates (<see cref="DateOnly"/>, or
    /// <see cref="DateTime"/> without its
    /// time of day), each of them nullable, and enumerations, which become factors with the enumeration's order. The text of a
    /// <see cref="System.ComponentModel.DescriptionAttribute"/> is the label.
    /// </summary>
    /// <exception cref="DataException">A property has another type, or there is none.</exception>
    public static Frame FromRecords<T>(IEnumerable<T> records, string source = "records") => RecordReader<T>.Read(records, source);
}
