using System.Globalization;

namespace Terrace.Data;

/// <summary>A column of calendar dates.</summary>
public sealed class DateColumn : Column
{
    private readonly DateOnly?[] _values;

    /// <summary>Creates the column over <paramref name="values"/>, which must not be changed afterwards.</summary>
    public DateColumn(string name, DateOnly?[] values, string? label = null) : base(name, label) => _values = values;

    /// <summary>The values, null where missing.</summary>
    public ReadOnlySpan<DateOnly?> Values => _values;

    /// <inheritdoc/>
    public override int Count => _values.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => _values[row] is null;

    /// <inheritdoc/>
    public override string? TextAt(int row) => _values[row]?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override Column Select(ReadOnlySpan<int> rows) => new DateColumn(Name, _values.Pick(rows), Label);

    /// <inheritdoc/>
    public override Column WithName(string name) => new DateColumn(name, _values, Label);
}
