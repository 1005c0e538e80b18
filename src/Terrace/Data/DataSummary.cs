namespace Terrace.Data;

/// <summary>What a data file holds, column by column, found in one pass over the rows.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Columns">The columns in order.</param>
public sealed record DataSummary(long Rows, IReadOnlyList<ColumnSummary> Columns)
{
    /// <summary>Text columns with more distinct values than this have no levels in the summary.</summary>
    public const int MaxTextLevels = 50;

    /// <summary>Integer columns with more distinct values than this have no values in the summary.</summary>
    public const int MaxIntegerValues = 12;

    /// <summary>Summarises <paramref name="rows"/>.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="maxTextLevels">Text columns with more distinct values have no levels in the summary.</param>
    /// <exception cref="DataException">The rows cannot be read.</exception>
    public static DataSummary Of(IRowBlocks rows, int maxTextLevels = MaxTextLevels)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ColumnTally[] tallies = [.. rows.Header.Columns.Select(column => new ColumnTally(column, maxTextLevels))];
        long count = 0;
        foreach (Frame block in rows.Blocks())
        {
            for (int j = 0; j < tallies.Length; j++) tallies[j].Add(block.Columns[j]);
            count += block.RowCount;
        }
        return new DataSummary(count, Array.ConvertAll(tallies, tally => tally.Summary()));
    }
}

/// <summary>What one column holds.</summary>
/// <param name="Name">The column.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Label">A description of the variable, where the source has one.</param>
/// <param name="Missing">The number of rows without a value.</param>
public sealed record ColumnSummary(string Name, ColumnType Type, string? Label, long Missing)
{
    /// <summary>The values and their counts: of factors in the order of the levels, of truth values, and of text with few distinct values in ordinal order; otherwise null.</summary>
    public IReadOnlyList<LevelCount>? Levels { get; init; }

    /// <summary>The distinct integers in order and their counts, where there are few: such columns are often codes of categories; otherwise null.</summary>
    public IReadOnlyList<LevelCount>? Values { get; init; }

    /// <summary>The number of distinct values of a factor or a text column, as far as it was counted; otherwise null.</summary>
    public int? DistinctAtLeast { get; init; }

    /// <summary>The least number; null for what is no number, and without any.</summary>
    public double? Min { get; init; }

    /// <summary>The greatest number; null for what is no number, and without any.</summary>
    public double? Max { get; init; }

    /// <summary>The mean of the numbers, or the share of true values; null for other types, and without any.</summary>
    public double? Mean { get; init; }

    /// <summary>The earliest date; null for other types, and without any.</summary>
    public DateOnly? Earliest { get; init; }

    /// <summary>The latest date; null for other types, and without any.</summary>
    public DateOnly? Latest { get; init; }
}

/// <summary>A value and how many rows have it.</summary>
/// <param name="Value">The value as text.</param>
/// <param name="Count">The number of rows.</param>
public sealed record LevelCount(string Value, long Count);
