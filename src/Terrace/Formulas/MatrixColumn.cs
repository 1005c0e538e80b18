using Terrace.Data;

namespace Terrace.Formulas;

/// <summary>Several numeric columns that one call makes, such as <c>poly(x, 2)</c> or <c>cbind(s, f)</c>.</summary>
internal sealed class MatrixColumn : Column
{
    /// <summary>Creates the column over <paramref name="parts"/>, which must have equal lengths and not be changed afterwards.</summary>
    public MatrixColumn(string name, double[][] parts, string? label = null) : base(name, label) => Parts = parts;

    /// <summary>The columns, NaN where missing.</summary>
    public double[][] Parts { get; }

    /// <inheritdoc/>
    public override int Count => Parts.Length == 0 ? 0 : Parts[0].Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => Parts.Any(part => double.IsNaN(part[row]));

    /// <inheritdoc/>
    public override string? TextAt(int row) => IsMissing(row) ? null : string.Join(' ', Parts.Select(part => Deparser.Number(part[row])));

    /// <inheritdoc/>
    public override Column Select(ReadOnlySpan<int> rows)
    {
        var selected = new double[Parts.Length][];
        for (int j = 0; j < selected.Length; j++) selected[j] = Parts[j].Pick(rows);
        return new MatrixColumn(Name, selected, Label);
    }

    /// <inheritdoc/>
    public override Column WithName(string name) => new MatrixColumn(name, Parts, Label);
}
