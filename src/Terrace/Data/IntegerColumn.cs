using System.Globalization;

namespace Terrace.Data;

/// <summary>A column of 64-bit integers.</summary>
public sealed class IntegerColumn : Column
{
    /// <summary>The value that stands for a missing one.</summary>
    public const long Missing = long.MinValue;

    private readonly long[] _values;

    /// <summary>Creates the column over <paramref name="values"/>, which must not be changed afterwards.</summary>
    public IntegerColumn(string name, long[] values, string? label = null) : base(name, label) => _values = values;

    /// <summary>The values, <see cref="Missing"/> where missing.</summary>
    public ReadOnlySpan<long> Values => _values;

    /// <inheritdoc/>
    public override int Count => _values.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => _values[row] == Missing;

    /// <inheritdoc/>
    public override string? TextAt(int row) => IsMissing(row) ? null : _values[row].ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override Column Select(ReadOnlySpan<int> rows) => new IntegerColumn(Name, _values.Pick(rows), Label);

    /// <inheritdoc/>
    public override Column WithName(string name) => new IntegerColumn(name, _values, Label);
}
