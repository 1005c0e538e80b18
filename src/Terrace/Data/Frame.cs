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
            if (!_byName.TryAdd(column.Name, column)) throw new DataException($"{source}: two columns are named '{column.Name}'; rename one of them.");
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
}
