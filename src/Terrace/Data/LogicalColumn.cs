namespace Terrace.Data;

/// <summary>A column of truth values.</summary>
public sealed class LogicalColumn : Column
{
    private readonly bool?[] _values;

    /// <summary>Creates the column over <paramref name="values"/>, which must not be changed afterwards.</summary>
    public LogicalColumn(string name, bool?[] values, string? label = null) : base(name, label) => _values = values;

    /// <summary>The values, null where missing.</summary>
    public ReadOnlySpan<bool?> Values => _values;

    /// <inheritdoc/>
    public override int Count => _values.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => _values[row] is null;

    /// <inheritdoc/>
    public override string? TextAt(int row) => _values[row] switch { null => null, true => "TRUE", false => "FALSE" };

    /// <inheritdoc/>
    public override Column Select(ReadOnlySpan<int> rows) => new LogicalColumn(Name, _values.Pick(rows), Label);

    /// <inheritdoc/>
    public override Column WithName(string name) => new LogicalColumn(name, _values, Label);
}
