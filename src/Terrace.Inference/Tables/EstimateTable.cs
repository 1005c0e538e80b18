namespace Terrace.Inference.Tables;

/// <summary>A column that says what a row is about: a term, a group, a level, an area. Null stands for a missing value.</summary>
public sealed record KeyColumn(string Name, IReadOnlyList<string?> Values);

/// <summary>A column of numbers; NaN stands for one that is not defined.</summary>
public sealed record MeasureColumn(string Name, IReadOnlyList<double> Values);

/// <summary>
/// A table of results, immutable: key columns, then measure columns. Coefficients, variance components, posterior summaries and area estimates all leave
/// as one of these, through one set of writers.
/// </summary>
public sealed class EstimateTable
{
    /// <summary>Creates a table.</summary>
    /// <exception cref="ArgumentException">Two columns have one name, or their lengths differ.</exception>
    public EstimateTable(IEnumerable<KeyColumn> keys, IEnumerable<MeasureColumn> measures)
    {
        Keys = [.. keys];
        Measures = [.. measures];
        int[] lengths = [.. Keys.Select(k => k.Values.Count), .. Measures.Select(m => m.Values.Count)];
        RowCount = lengths.Length == 0 ? 0 : lengths[0];
        if (lengths.Any(length => length != RowCount)) throw new ArgumentException("The columns of a table have one length.");
        string? repeated = ColumnNames.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(names => names.Count() > 1)?.Key;
        if (repeated is not null) throw new ArgumentException($"Two columns of a table are named '{repeated}'.");
    }

    /// <summary>The columns that identify a row.</summary>
    public IReadOnlyList<KeyColumn> Keys { get; }

    /// <summary>The numbers of a row.</summary>
    public IReadOnlyList<MeasureColumn> Measures { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount { get; }

    /// <summary>All column names, keys first.</summary>
    public IEnumerable<string> ColumnNames => Keys.Select(k => k.Name).Concat(Measures.Select(m => m.Name));
}
