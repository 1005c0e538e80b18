namespace Terrace.Data;

/// <summary>What a table holds: its rows and, for each column, type, levels with counts, missing values, range and mean. Read in one pass.</summary>
public sealed class DataDescription
{
    /// <summary>Text columns with more distinct values than this have their values not listed.</summary>
    public const int MaximumTexts = 1000;

    /// <summary>Integer columns with more distinct values than this have their values not listed.</summary>
    public const int MaximumIntegers = 12;

    private DataDescription(string source, long rows, IReadOnlyList<VariableDescription> variables)
    {
        Source = source;
        Rows = rows;
        Variables = variables;
    }

    /// <summary>Where the rows come from.</summary>
    public string Source { get; }

    /// <summary>The number of rows.</summary>
    public long Rows { get; }

    /// <summary>The columns in order.</summary>
    public IReadOnlyList<VariableDescription> Variables { get; }

    /// <summary>Describes <paramref name="rows"/>.</summary>
    /// <exception cref="DataException">The rows cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public static DataDescription Of(IRowBlocks rows, CancellationToken cancellation = default)
    {
        VariableTally[] tallies = [.. rows.Header.Columns.Select(column => new VariableTally(column))];
        long count = 0;
        foreach (Frame block in rows.Blocks())
        {
            cancellation.ThrowIfCancellationRequested();
            count += block.RowCount;
            for (int j = 0; j < tallies.Length; j++) tallies[j].Add(block.Columns[j]);
        }
        return new DataDescription(rows.Source, count, [.. tallies.Select(tally => tally.Describe())]);
    }
}
