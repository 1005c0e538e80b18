namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// A view of a matrix: element (i, j) at <c>Start + i RowStride + j ColumnStride</c>. Strides may be negative, so a transpose or a reversal is a view too.
/// The memory must stay pinned while the view is used.
/// </summary>
internal readonly unsafe struct Strided(double* start, nint rowStride, nint columnStride)
{
    public double* Start { get; } = start;

    public nint RowStride { get; } = rowStride;

    public nint ColumnStride { get; } = columnStride;

    public Strided Transposed => new(Start, ColumnStride, RowStride);

    public double* At(int row, int column) => Start + row * RowStride + column * ColumnStride;

    public Strided From(int row, int column) => new(At(row, column), RowStride, ColumnStride);

    /// <summary>The view with its first <paramref name="rows"/> rows in reverse order.</summary>
    public Strided ReversedRows(int rows) => new(At(rows - 1, 0), -RowStride, ColumnStride);

    /// <summary>The view with its first <paramref name="columns"/> columns in reverse order.</summary>
    public Strided ReversedColumns(int columns) => new(At(0, columns - 1), RowStride, -ColumnStride);
}
