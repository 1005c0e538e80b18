namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>
/// The same elements in another shape: transposes and conversions between vectors, row vectors, matrices and arrays. Matrices are read column by column, arrays of arrays row by row (Stan functions reference, "Matrix arithmetic", "Mixed operations").
/// </summary>
internal static class Reshaping
{
    /// <summary>The transpose of a matrix, vector or row vector.</summary>
    public static Block Transpose(Workspace w, Block x)
    {
        Block result = w.Allocate(1, x.Cols, x.Rows, x.Active && w.Differentiating);
        if (x.Rows == 1 || x.Cols == 1) StridedCopies.Copy(w, x.Active, x.Offset, 1, 0, result.Offset, 1, 0, x.Count, 1);
        else StridedCopies.Copy(w, x.Active, x.Offset, 1, x.Rows, result.Offset, x.Cols, 1, x.Rows, x.Cols);
        return result;
    }

    /// <summary>All elements as a vector.</summary>
    public static Block ToVector(Workspace w, Block x) => Same(w, x, 1, x.Count, 1);

    /// <summary>All elements as a row vector.</summary>
    public static Block ToRowVector(Workspace w, Block x) => Same(w, x, 1, 1, x.Count);

    /// <summary>All elements as an array of reals.</summary>
    public static Block ToArray1(Workspace w, Block x) => Same(w, x, x.Count, 1, 1);

    /// <summary>A matrix as an array of arrays, its rows; the sizes of both are those of the result's array and columns.</summary>
    public static Block ToArray2(Workspace w, Block x)
    {
        Block result = w.Allocate(x.Rows, 1, x.Cols, x.Active && w.Differentiating);
        StridedCopies.Copy(w, x.Active, x.Offset, 1, x.Rows, result.Offset, x.Cols, 1, x.Rows, x.Cols);
        return result;
    }

    /// <summary>A copy of a matrix, a vector as a matrix of one column, a row vector as a matrix of one row.</summary>
    public static Block ToMatrix(Workspace w, Block x) => Same(w, x, 1, x.Rows, x.Cols);

    /// <summary>The elements in their order as a matrix, column by column.</summary>
    public static Block ToMatrixBySize(Workspace w, Block x, int rows, int cols) => ToMatrixByOrder(w, x, rows, cols, 1);

    /// <summary>The elements in their order as a matrix, column by column if <paramref name="columnMajor"/> is not 0, else row by row.</summary>
    public static Block ToMatrixByOrder(Workspace w, Block x, int rows, int cols, int columnMajor)
    {
        if (rows < 0 || cols < 0 || (long)rows * cols != x.Count) Workspace.Fail($"to_matrix: {x.Count} elements do not make a {rows} × {cols} matrix");
        if (columnMajor != 0) return Same(w, x, 1, rows, cols);
        Block result = w.Allocate(1, rows, cols, x.Active && w.Differentiating);
        StridedCopies.Copy(w, x.Active, x.Offset, 1, cols, result.Offset, rows, 1, cols, rows);
        return result;
    }

    /// <summary>An array of row vectors as the matrix of these rows.</summary>
    public static Block ToMatrixFromRows(Workspace w, Block x)
    {
        int cols = x.Inner;
        Block result = w.Allocate(1, x.Outer, cols, x.Active && w.Differentiating);
        StridedCopies.Copy(w, x.Active, x.Offset, 1, cols, result.Offset, x.Outer, 1, cols, x.Outer);
        return result;
    }

    private static Block Same(Workspace w, Block x, int outer, int rows, int cols)
    {
        Block result = w.Allocate(outer, rows, cols, x.Active && w.Differentiating);
        StridedCopies.Copy(w, x.Active, x.Offset, 1, 0, result.Offset, 1, 0, x.Count, 1);
        return result;
    }
}
