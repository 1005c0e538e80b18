namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>Parts of containers: rows, columns, blocks, segments, diagonals (Stan functions reference, "Slicing and blocking functions"). Indexes count from 1.</summary>
internal static class Parts
{
    /// <summary>The first n elements of a vector or row vector.</summary>
    public static Block Head(Workspace w, Block x, int n)
    {
        if (n != 0) Require("head", n, x.Count);
        return Sequence(w, x, 0, n);
    }

    /// <summary>The last n elements.</summary>
    public static Block Tail(Workspace w, Block x, int n)
    {
        if (n != 0) Require("tail", n, x.Count);
        return Sequence(w, x, x.Count - n, n);
    }

    /// <summary>n elements from i on.</summary>
    public static Block Segment(Workspace w, Block x, int i, int n)
    {
        if (n < 0) Workspace.Fail($"segment: {n} elements are too few");
        if (n == 0) return Sequence(w, x, 0, 0);
        Require("segment", i, x.Count);
        Require("segment", i + n - 1, x.Count);
        return Sequence(w, x, i - 1, n);
    }

    private static Block Sequence(Workspace w, Block x, int start, int n)
    {
        bool lies = x.Cols > 1 || (x.Cols == 0 && x.Rows == 1);
        Block result = w.Allocate(1, lies ? 1 : n, lies ? n : 1, x.Active && w.Differentiating);
        StridedCopies.Copy(w, x.Active, x.Offset + start, 1, 0, result.Offset, 1, 0, n, 1);
        return result;
    }

    /// <summary>The elements of a row vector as <see cref="Head"/> takes them; apart, because one element shows no direction.</summary>
    public static Block RowHead(Workspace w, Block x, int n) => Lying(Head(w, x, n));

    /// <summary><see cref="Tail"/> of a row vector.</summary>
    public static Block RowTail(Workspace w, Block x, int n) => Lying(Tail(w, x, n));

    /// <summary><see cref="Segment"/> of a row vector.</summary>
    public static Block RowSegment(Workspace w, Block x, int i, int n) => Lying(Segment(w, x, i, n));

    private static Block Lying(Block x) => x with { Rows = 1, Cols = x.Count };

    /// <summary>Row m of a matrix.</summary>
    public static Block Row(Workspace w, Block x, int m)
    {
        Require("row", m, x.Rows);
        return Rectangle(w, x, m - 1, 0, 1, x.Cols);
    }

    /// <summary>Column n of a matrix.</summary>
    public static Block Column(Workspace w, Block x, int n)
    {
        Require("col", n, x.Cols);
        return Rectangle(w, x, 0, n - 1, x.Rows, 1);
    }

    /// <summary>The block of rows from i, columns from j on.</summary>
    public static Block BlockOf(Workspace w, Block x, int i, int j, int rows, int cols)
    {
        RequireRange("block", i, rows, x.Rows);
        RequireRange("block", j, cols, x.Cols);
        return Rectangle(w, x, i - 1, j - 1, rows, cols);
    }

    /// <summary>Part of column j, from row i on.</summary>
    public static Block SubColumn(Workspace w, Block x, int i, int j, int rows)
    {
        RequireRange("sub_col", i, rows, x.Rows);
        Require("sub_col", j, x.Cols);
        return Rectangle(w, x, i - 1, j - 1, rows, 1);
    }

    /// <summary>Part of row i, from column j on.</summary>
    public static Block SubRow(Workspace w, Block x, int i, int j, int cols)
    {
        Require("sub_row", i, x.Rows);
        RequireRange("sub_row", j, cols, x.Cols);
        return Rectangle(w, x, i - 1, j - 1, 1, cols);
    }

    /// <summary>The diagonal of a matrix as a vector.</summary>
    public static Block Diagonal(Workspace w, Block x)
    {
        int n = Math.Min(x.Rows, x.Cols);
        Block result = w.AllocateVector(n, x.Active && w.Differentiating);
        StridedCopies.Copy(w, x.Active, x.Offset, x.Rows + 1, 0, result.Offset, 1, 0, n, 1);
        return result;
    }

    /// <summary>The elements in the opposite order.</summary>
    public static Block Reverse(Workspace w, Block x)
    {
        Block result = w.AllocateLike(x, x.Active && w.Differentiating);
        StridedCopies.Copy(w, x.Active, x.Offset + x.Count - 1, -1, 0, result.Offset, 1, 0, x.Count, 1);
        return result;
    }

    private static Block Rectangle(Workspace w, Block x, int i, int j, int rows, int cols)
    {
        Block result = w.Allocate(1, rows, cols, x.Active && w.Differentiating);
        int from = x.Offset + i + (j * x.Rows);
        // A row is copied as one run at a stride.
        if (rows == 1) StridedCopies.Copy(w, x.Active, from, x.Rows, 0, result.Offset, 1, 0, cols, 1);
        else StridedCopies.Copy(w, x.Active, from, 1, x.Rows, result.Offset, 1, rows, rows, cols);
        return result;
    }

    private static void RequireRange(string name, int start, int n, int size)
    {
        if (n < 0) Workspace.Fail($"{name}: {n} elements are too few");
        if (n == 0) return;
        Require(name, start, size);
        Require(name, start + n - 1, size);
    }

    private static void Require(string name, int index, int size)
    {
        if (index < 1 || index > size) Workspace.Fail($"{name}: index {index} is outside 1 … {size}");
    }
}
