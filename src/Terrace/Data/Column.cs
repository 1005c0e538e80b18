namespace Terrace.Data;

/// <summary>
/// A named, typed, immutable column of values, any of which may be missing. The types are <see cref="NumericColumn"/>, <see cref="IntegerColumn"/>,
/// <see cref="LogicalColumn"/>, <see cref="TextColumn"/>, <see cref="Factor"/> and <see cref="DateColumn"/>.
/// </summary>
public abstract class Column
{
    private protected Column(string name, string? label)
    {
        Name = name;
        Label = label;
    }

    /// <summary>The name that formulas use.</summary>
    public string Name { get; }

    /// <summary>A description of the variable, where the source has one.</summary>
    public string? Label { get; }

    /// <summary>The number of rows.</summary>
    public abstract int Count { get; }

    /// <summary>Whether the value in <paramref name="row"/> is missing.</summary>
    public abstract bool IsMissing(int row);

    /// <summary>The value in <paramref name="row"/> as text that reads back to the same value, or null where it is missing.</summary>
    public abstract string? TextAt(int row);

    /// <summary>The rows given by <paramref name="rows"/>, in that order.</summary>
    public abstract Column Select(ReadOnlySpan<int> rows);

    /// <summary>The same values under another name.</summary>
    public abstract Column WithName(string name);
}
