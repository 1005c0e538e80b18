namespace Terrace.Data;

/// <summary>A column of text that is not (yet) a factor.</summary>
public sealed class TextColumn : Column
{
    private readonly string?[] _values;

    /// <summary>Creates the column over <paramref name="values"/>, which must not be changed afterwards.</summary>
    public TextColumn(string name, string?[] values, string? label = null) : base(name, label) => _values = values;

    /// <summary>The values, null where missing.</summary>
    public ReadOnlySpan<string?> Values => _values;

    /// <inheritdoc/>
    public override int Count => _values.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => _values[row] is null;

    /// <inheritdoc/>
    public override string? TextAt(int row) => _values[row];

    /// <inheritdoc/>
    public override Column Select(ReadOnlySpan<int> rows) => new TextColumn(Name, _values.Pick(rows), Label);

    /// <inheritdoc/>
    public override Column WithName(string name) => new TextColumn(name, _values, Label);
}
