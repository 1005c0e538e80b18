namespace Terrace.Data;

/// <summary>
/// A CSV file as rows. Commas, semicolons or tabs between fields; fields may be quoted, with line breaks and doubled quotation marks inside;
/// <c>.csv.gz</c> is
/// decompressed. A first pass finds types and levels over the whole file, further passes deliver blocks of typed columns, so that a file larger than
/// memory can be
/// streamed. Types are inferred for the columns that are not declared: integer, double, logical (<c>TRUE/FALSE/true/false/True/False</c>, and
/// <c>T/F</c> where both
/// occur), date (<c>yyyy-MM-dd</c>), else text; quoting does not matter, keys such as <c>01</c> are text, and a column without values is logical.
/// Blanks around fields, outside of quotes, and blank lines are skipped.
/// </summary>
public sealed class CsvFile : IRowBlocks
{
    private readonly string _path;
    private readonly CsvOptions _options;
    private readonly Lazy<CsvScan> _scan;

    /// <summary>Names the file; nothing is read before the rows or the header are asked for.</summary>
    public CsvFile(string path, CsvOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        _path = path;
        _options = options ?? new CsvOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.BlockRows, 1, nameof(options));
        if (_options is { DecimalComma: true, Delimiter: ',' })
            throw new DataException("A comma cannot be both the decimal mark and the delimiter; choose ';' or a tab as delimiter.");
        if (_options.Delimiter is '"' or '\n' or '\r' or '\0')
            throw new DataException("A quotation mark, a line break or a zero character cannot be the delimiter.");
        Source = DataFileText.NameOf(path);
        _scan = new Lazy<CsvScan>(() => CsvScan.Of(_path, _options));
    }

    /// <inheritdoc/>
    public string Source { get; }

    /// <summary>The number of rows.</summary>
    /// <exception cref="DataException">The file cannot be read or has a fault; the message names the file and, where known, line and
    /// column.</exception>
    public long RowCount => _scan.Value.RowCount;

    /// <inheritdoc/>
    /// <exception cref="DataException">The file cannot be read or has a fault; the message names the file and, where known, line and
    /// column.</exception>
    public Frame Header => new(Builders(0).Select(builder => builder.Build()), Source);

    /// <inheritdoc/>
    /// <exception cref="DataException">The file cannot be read or has a fault; the message names the file and, where known, line and
    /// column.</exception>
    public IEnumerable<Frame> Blocks() => Blocks(_options.BlockRows);

    /// <summary>Reads the whole file into memory.</summary>
    /// <exception cref="DataException">The file cannot be read, has a fault or more rows than an array can hold.</exception>
    public Frame ReadAll()
    {
        if (RowCount > Array.MaxLength) throw new DataException($"{Source}: {RowCount} rows are too many to hold in memory.");
        return Blocks((int)RowCount).First();
    }

    /// <summary>Reads the whole file at <paramref name="path"/> into memory.</summary>
    /// <exception cref="DataException">The file cannot be read, has a fault or more rows than an array can hold.</exception>
    public static Frame Read(string path, CsvOptions? options = null) => new CsvFile(path, options).ReadAll();

    private IEnumerable<Frame> Blocks(int blockRows)
    {
        ColumnPlan[] plans = _scan.Value.Plans;
        int capacity = (int)Math.Min(blockRows, RowCount);
        ColumnBuilder[] builders = Builders(capacity);
        var missing = new MissingTokens(_options.MissingTokens);
        using var records = new CsvRecords(_path, _options);
        if (!records.Header.SequenceEqual(plans.Select(plan => plan.Name))) throw Changed();
        long rows = 0;
        while (records.Next())
        {
            if (++rows > RowCount) throw Changed();
            Add(records, plans, builders, missing);
            if (rows % capacity == 0) yield return Build(builders);
        }
        if (rows != RowCount) throw Changed();
        if (rows % capacity != 0) yield return Build(builders);
    }

    private ColumnBuilder[] Builders(int capacity)
    {
        var values = new ValueText(_options.DecimalComma);
        return [.. _scan.Value.Plans.Select(plan => ColumnBuilder.For(plan, values, capacity))];
    }

    private Frame Build(ColumnBuilder[] builders) => new(builders.Select(builder => builder.Build()), Source);

    private void Add(CsvRecords records, ColumnPlan[] plans, ColumnBuilder[] builders, MissingTokens missing)
    {
        for (int j = 0; j < builders.Length; j++)
        {
            ReadOnlySpan<char> text = records[j];
            if (missing.Contains(text)) builders[j].AddMissing();
            else if (!builders[j].TryAddText(text))
                throw new DataException($"{records.Source}, line {records.Line}, column '{plans[j].Name}': {plans[j].Refusal(text.ToString(), new ValueText(_options.DecimalComma))}");
        }
    }

    private DataException Changed() => new($"{Source}: the file changed while it was being read; read it again.");
}
