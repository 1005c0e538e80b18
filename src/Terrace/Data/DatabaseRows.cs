using System.Data.Common;

namespace Terrace.Data;

/// <summary>
/// The result of a database query as rows. A first pass finds the types over all values (databases such as SQLite type values, not columns):
/// integers and reals
/// together are double, anything else mixed is text; times of day are dropped from dates. Further passes run the query again and deliver blocks of
/// typed columns,
/// so that a result larger than memory can be streamed. An SQL NULL is missing.
/// </summary>
public sealed class DatabaseRows : IRowBlocks
{
    private readonly Func<DbDataReader> _query;
    private readonly IReadOnlyList<ColumnDeclaration> _declared;
    private readonly int _blockRows;
    private readonly Lazy<ColumnPlan[]> _plans;

    /// <summary>Names the query; it is not run before the rows or the header are asked for.</summary>
    /// <param name="query">Runs the query; called once for every pass. The reader is disposed of after the pass.</param>
    /// <param name="source">Where the rows come from, for messages.</param>
    /// <param name="columns">Declarations of types and levels; columns they do not name are inferred.</param>
    /// <param name="blockRows">The number of rows in a block.</param>
    public DatabaseRows(Func<DbDataReader> query, string source = "query", IReadOnlyList<ColumnDeclaration>? columns = null, int blockRows = 65_536)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockRows, 1);
        _query = query;
        _declared = columns ?? [];
        _blockRows = blockRows;
        Source = source;
        _plans = new Lazy<ColumnPlan[]>(Scan);
    }

    /// <inheritdoc/>
    public string Source { get; }

    /// <inheritdoc/>
    /// <exception cref="DataException">The query fails, names columns twice or not at all, or lacks a declared column.</exception>
    public Frame Header => Build([.. _plans.Value.Select(plan => ColumnBuilder.For(plan, ValueText.Invariant, 0))]);

    /// <inheritdoc/>
    /// <exception cref="DataException">The query fails, or a value does not have its column's declared type.</exception>
    public IEnumerable<Frame> Blocks()
    {
        ColumnPlan[] plans = _plans.Value;
        ColumnBuilder[] builders = [.. plans.Select(plan => ColumnBuilder.For(plan, ValueText.Invariant, _blockRows))];
        using DbDataReader reader = Open();
        if (!Names(reader).SequenceEqual(plans.Select(plan => plan.Name)))
            throw new DataException($"{Source}: the query gave other columns when it ran again.");
        long row = 0;
        while (Guarded(reader.Read))
        {
            row++;
            for (int j = 0; j < plans.Length; j++) Add(Value(reader, j), plans[j], builders[j], row);
            if (row % _blockRows == 0) yield return Build(builders);
        }
        if (row % _blockRows != 0) yield return Build(builders);
    }

    private void Add(object? value, ColumnPlan plan, ColumnBuilder builder, long row)
    {
        if (value is null) builder.AddMissing();
        else if (!builder.TryAdd(value))
            throw new DataException($"{Source}, row {row}, column '{plan.Name}': {plan.Refusal(DatabaseValue.Text(value), ValueText.Invariant)}");
    }

    private ColumnPlan[] Scan()
    {
        using DbDataReader reader = Open();
        string[] names = Names(reader);
        var scans = new DatabaseColumnScan[names.Length];
        for (int j = 0; j < names.Length; j++)
            scans[j] = new DatabaseColumnScan(names[j], _declared.FirstOrDefault(d => d.Name == names[j]), reader.GetFieldType(j));
        while (Guarded(reader.Read))
        {
            for (int j = 0; j < scans.Length; j++)
            {
                if (scans[j].IsOpen && Value(reader, j) is { } value) scans[j].Observe(value);
            }
        }
        return Array.ConvertAll(scans, scan => scan.Plan(Source));
    }

    private DbDataReader Open()
    {
        DbDataReader reader = Guarded(_query);
        return reader.IsClosed
            ? throw new DataException($"{Source}: the reader is closed; the query must be run anew for every pass over the rows.") : reader;
    }

    private string[] Names(DbDataReader reader)
    {
        var names = new string[reader.FieldCount];
        for (int j = 0; j < names.Length; j++)
        {
            names[j] = reader.GetName(j);
            if (string.IsNullOrWhiteSpace(names[j]))
                throw new DataException($"{Source}: column {j + 1} of the query has no name; give it one with AS.");
            if (Array.IndexOf(names, names[j]) < j)
                throw new DataException($"{Source}: two columns of the query are named '{names[j]}'; rename one with AS.");
        }
        string? absent = _declared.FirstOrDefault(d => !names.Contains(d.Name))?.Name;
        return absent is null
            ? names : throw new DataException($"{Source} has no column '{absent}', which is declared.{NearestName.Hint(absent, names)}");
    }

    private object? Value(DbDataReader reader, int column) => DatabaseValue.Of(Guarded(() => reader.GetValue(column)));

    private Frame Build(ColumnBuilder[] builders) => new(builders.Select(builder => builder.Build()), Source);

    private T Guarded<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception fault) when (fault is DbException or InvalidOperationException)
        {
            throw new DataException($"{Source}: the query failed: {fault.Message}", fault);
        }
    }
}
