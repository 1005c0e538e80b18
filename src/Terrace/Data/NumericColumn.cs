using System.Globalization;

namespace Terrace.Data;

/// <summary>A column of double-precision numbers; NaN is a missing value.</summary>
public sealed class NumericColumn : Column
{
    private readonly double[] _values;

    /// <summary>Creates the column over <paramref name="values"/>, which must not be changed afterwards.</summary>
    public NumericColumn(string name, double[] values, string? label = null) : base(name, label) => _values = values;

    /// <summary>The values, NaN where missing.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <inheritdoc/>
    public override int Count => _values.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => double.IsNaN(_values[row]);

    /// <inheritdoc/>
    public override string? TextAt(int row) => IsMissing(row) ? null : _values[row].ToString("R", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override Column Select(ReadOnlySpan<int> rows) => new NumericColumn(Name, _values.Pick(rows), Label);

    /// <inheritdoc/>
    public override Column WithName(string name) => new NumericColumn(name, _values, Label);
}
