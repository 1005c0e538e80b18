namespace Terrace.Data;

/// <summary>
/// The first pass over a CSV file: counts the rows, finds the types of the columns that are not declared and the levels of factors without declared
/// ones.
/// </summary>
internal sealed class CsvScan
{
    private readonly ColumnDeclaration?[] _declared;
    private readonly TypeInference?[] _types;
    private readonly HashSet<string>?[] _texts;
    private readonly ValueText _values;
    private readonly string _source;

    private CsvScan(CsvRecords records, CsvOptions options)
    {
        _source = records.Source;
        _values = new ValueText(options.DecimalComma);
        _declared = Declarations(records, options);
        _types = [.. _declared.Select(d => NeedsType(d) ? new TypeInference(_values) : null)];
        _texts = [.. _declared.Select(d => d is { IsFactor: true, Levels: null } ? new HashSet<string>(StringComparer.Ordinal) : null)];
        var missing = new MissingTokens(options.MissingTokens);
        var quotes = new QuotedColumns(_types.Length, records.Delimiter);
        while (records.Next())
        {
            RowCount++;
            Observe(records, missing);
            quotes.Observe(records, missing);
        }
        if (RowCount == 0) throw new DataException($"{_source}: the file has a header but no rows.");
        ColumnType?[] inferred = quotes.Apply([.. _types.Select(type => type?.Type())]);
        Plans = [.. records.Header.Select((name, j) => Plan(name, j, inferred[j]))];
    }

    /// <summary>The number of rows.</summary>
    public long RowCount { get; }

    /// <summary>What each column becomes.</summary>
    public ColumnPlan[] Plans { get; }

    /// <summary>Reads the file through once.</summary>
    public static CsvScan Of(string path, CsvOptions options)
    {
        using var records = new CsvRecords(path, options);
        return new CsvScan(records, options);
    }

    private static bool NeedsType(ColumnDeclaration? declared) => declared is null or { IsFactor: true, Levels: null };

    private static ColumnDeclaration?[] Declarations(CsvRecords records, CsvOptions options)
    {
        var declared = new Dictionary<string, ColumnDeclaration>(StringComparer.Ordinal);
        foreach (ColumnDeclaration column in options.Schema?.ColumnsFor(records.Source) ?? []) declared[column.Name] = column;
        foreach (ColumnDeclaration column in options.Columns)
            declared[column.Name] = column with { Label = column.Label ?? declared.GetValueOrDefault(column.Name)?.Label };
        string? absent = options.AllowAbsentColumns ? null : declared.Keys.FirstOrDefault(name => !records.Header.Contains(name));
        if (absent is not null)
            throw new DataException($"{records.Source} has no column '{absent}', which is declared.{NearestName.Hint(absent, records.Header)}");
        return [.. records.Header.Select(name => declared.GetValueOrDefault(name))];
    }

    private void Observe(CsvRecords records, MissingTokens missing)
    {
        for (int j = 0; j < _types.Length; j++)
        {
            if (_types[j] is not { } type) continue;
            ReadOnlySpan<char> text = records[j];
            if (missing.Contains(text)) continue;
            if (_texts[j] is { } texts && !texts.GetAlternateLookup<ReadOnlySpan<char>>().Add(text)) continue;
            if (!text.IsWhiteSpace()) type.Observe(text);
        }
    }

    private ColumnPlan Plan(string name, int j, ColumnType? inferred)
    {
        ColumnDeclaration? declared = _declared[j];
        if (declared is null) return new ColumnPlan(name, inferred!.Value);
        return ColumnPlan.Of(declared, _texts[j], _types[j], _values, _source);
    }
}
