using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Design;

/// <summary>The same rows coded for every component of a model: row i is one row of the source in all of them.</summary>
/// <param name="Conditional">The response and its conditional predictor.</param>
/// <param name="Dispersion">The dispersion's predictor; null where it has no formula.</param>
/// <param name="ZeroInflation">The predictor of the probability of a structural zero; null where it has no formula.</param>
public sealed record ComponentRows(ModelRows Conditional, ModelRows? Dispersion = null, ModelRows? ZeroInflation = null)
{
    /// <summary>Keeps the rows that all the components have.</summary>
    internal static ComponentRows Align(ModelRows conditional, ModelRows? dispersion, ModelRows? zeroInflation)
    {
        int[] common = conditional.SourceRows;
        foreach (ModelRows rows in new[] { dispersion, zeroInflation }.OfType<ModelRows>())
            if (!common.AsSpan().SequenceEqual(rows.SourceRows)) common = [.. common.Intersect(rows.SourceRows).Order()];
        return new ComponentRows(Restrict(conditional, common), dispersion is null ? null : Restrict(dispersion, common), zeroInflation is null ? null : Restrict(zeroInflation, common));
    }

    private static ModelRows Restrict(ModelRows rows, int[] sourceRows)
    {
        if (rows.SourceRows.Length == sourceRows.Length) return rows;
        var kept = new int[sourceRows.Length];
        for (int i = 0, at = 0; i < kept.Length; i++, at++)
        {
            while (rows.SourceRows[at] != sourceRows[i]) at++;
            kept[i] = at;
        }
        return Keep(rows, kept);
    }

    /// <summary>Some of the rows of every component, by their positions.</summary>
    internal ComponentRows Keep(int[] kept) => new(Keep(Conditional, kept), Dispersion is null ? null : Keep(Dispersion, kept), ZeroInflation is null ? null : Keep(ZeroInflation, kept));

    /// <summary>Some of the rows, by their positions, ascending; levels stay though they may no longer occur.</summary>
    internal static ModelRows Keep(ModelRows rows, int[] kept)
    {
        int[] cells = [.. kept.Select(row => rows.RowToCell[row]).Distinct()];
        var place = new int[rows.Cells];
        for (int c = 0; c < cells.Length; c++) place[cells[c]] = c;
        return rows with
        {
            Design = Select(rows.Design, cells),
            RowToCell = [.. kept.Select(row => place[rows.RowToCell[row]])],
            SourceRows = Pick(rows.SourceRows, kept),
            OmittedRows = rows.OmittedRows + rows.Rows - kept.Length,
            Response = rows.Response is { } response ? response with { Values = Pick(response.Values, kept), Failures = response.Failures is { } failures ? Pick(failures, kept) : null } : null,
            Weights = rows.Weights is { } weights ? Pick(weights, kept) : null,
            Trials = rows.Trials is { } trials ? Pick(trials, kept) : null,
        };
    }

    /// <summary>The rows of a design in a new order, or some of them, or some several times.</summary>
    internal static DesignMatrices Select(DesignMatrices design, int[] rows) => design with
    {
        X = Select(design.X, rows),
        RandomTerms = [.. design.RandomTerms.Select(term => term with { Codes = Pick(term.Codes, rows), Z = Select(term.Z, rows) })],
        Offset = Pick(design.Offset, rows),
    };

    private static Matrix Select(Matrix matrix, int[] rows)
    {
        var selected = new Matrix(rows.Length, matrix.Columns);
        for (int j = 0; j < matrix.Columns; j++)
        {
            ReadOnlySpan<double> from = matrix.Column(j);
            Span<double> to = selected.Column(j);
            for (int i = 0; i < rows.Length; i++) to[i] = from[rows[i]];
        }
        return selected;
    }

    private static T[] Pick<T>(T[] values, int[] rows) => Array.ConvertAll(rows, row => values[row]);
}
