namespace Terrace.Data;

/// <summary>What a column holds, in a few figures.</summary>
public sealed record VariableDescription
{
    /// <summary>The column's name.</summary>
    public required string Name { get; init; }

    /// <summary>The type of its values.</summary>
    public required ColumnType Type { get; init; }

    /// <summary>The description that the source gives, or null.</summary>
    public string? Label { get; init; }

    /// <summary>
    /// The levels of a factor in their order, the two truth values, or the distinct texts in ordinal order, each with its number of rows; null for
    /// numbers
    /// and dates, and for text with more than <see cref="DataDescription.MaximumTexts"/> distinct values.
    /// </summary>
    public IReadOnlyList<LevelCount>? Levels { get; init; }

    /// <summary>
    /// The distinct integers in order, each with its number of rows, where there are at most <see cref="DataDescription.MaximumIntegers"/>: such
    /// columns are often
    /// the codes of categories; otherwise null.
    /// </summary>
    public IReadOnlyList<LevelCount>? Values { get; init; }

    /// <summary>The number of rows without a value.</summary>
    public required long Missing { get; init; }

    /// <summary>The least number (of truth values: 0 or 1), or null.</summary>
    public double? Minimum { get; init; }

    /// <summary>The greatest number (of truth values: 0 or 1), or null.</summary>
    public double? Maximum { get; init; }

    /// <summary>The mean of the numbers (of truth values the share of TRUE), or null.</summary>
    public double? Mean { get; init; }

    /// <summary>The first date, or null.</summary>
    public DateOnly? Earliest { get; init; }

    /// <summary>The last date, or null.</summary>
    public DateOnly? Latest { get; init; }
}

/// <summary>A level and how many rows have it.</summary>
/// <param name="Value">The level.</param>
/// <param name="Count">The number of rows.</param>
public sealed record LevelCount(string Value, long Count);
