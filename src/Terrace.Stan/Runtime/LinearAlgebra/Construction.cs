namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>Containers made from numbers or joined from parts: rep_*, append_*, diag_matrix, and those of constants (Stan functions reference, "Broadcast functions", "Matrix concatenation", "Container construction").</summary>
internal static class Construction
{
    /// <summary>A vector of n equal elements.</summary>
    public static Block RepVector(Workspace w, Block x, int n) => Repeated(w, x, "rep_vector", 1, n, 1);

    /// <summary>A row vector of n equal elements.</summary>
    public static Block RepRowVector(Workspace w, Block x, int n) => Repeated(w, x, "rep_row_vector", 1, 1, n);

    /// <summary>A matrix of equal elements.</summary>
    public static Block RepMatrix(Workspace w, Block x, int rows, int cols) => Repeated(w, x, "rep_matrix", 1, rows, cols);

    private static Block Repeated(Workspace w, Block x, string name, int outer, int rows, int cols)
    {
        if (rows < 0 || cols < 0) Workspace.Fail($"{name}: the size {Math.Min(rows, cols)} is negative");
        Block result = w.Allocate(outer, rows, cols, x.Active && w.Differentiating);
        StridedCopies.Copy(w, x.Active, x.Offset, 0, 0, result.Offset, 1, 0, result.Count, 1);
        return result;
    }

    /// <summary>A matrix of n equal columns.</summary>
    public static Block RepColumns(Workspace w, Block x, int n)
    {
        if (n < 0) Workspace.Fail($"rep_matrix: the size {n} is negative");
        Block result = w.Allocate(1, x.Count, n, x.Active && w.Differentiating);
        StridedCopies.Copy(w, x.Active, x.Offset, 1, 0, result.Offset, 1, x.Count, x.Count, n);
        return result;
    }

    /// <summary>A matrix of m equal rows.</summary>
    public static Block RepRows(Workspace w, Block x, int m)
    {
        if (m < 0) Workspace.Fail($"rep_matrix: the size {m} is negative");
        Block result = w.Allocate(1, m, x.Count, x.Active && w.Differentiating);
        StridedCopies.Copy(w, x.Active, x.Offset, 0, 1, result.Offset, 1, m, m, x.Count);
        return result;
    }

    /// <summary>An array of n equal containers, its elements one after another.</summary>
    public static Block RepArray(Workspace w, Block x, int n)
    {
        if (n < 0) Workspace.Fail($"rep_array: the size {n} is negative");
        Block result = w.Allocate(n * x.Outer, x.Rows, x.Cols, x.Active && w.Differentiating);
        if (x.Count == 1) StridedCopies.Copy(w, x.Active, x.Offset, 0, 0, result.Offset, 1, 0, n, 1);
        else StridedCopies.Copy(w, x.Active, x.Offset, 1, 0, result.Offset, 1, x.Count, x.Count, n);
        return result;
    }

    /// <summary>One above the other; scalars are rows of their own.</summary>
    public static Block AppendRow(Workspace w, Block a, Block b)
    {
        if (a.Cols != b.Cols) Workspace.Fail($"append_row: the parts have {a.Cols} and {b.Cols} columns");
        int rows = a.Rows + b.Rows;
        Block result = w.Allocate(1, rows, a.Cols, w.Differentiating && (a.Active || b.Active));
        StridedCopies.Copy(w, a.Active, a.Offset, 1, a.Rows, result.Offset, 1, rows, a.Rows, a.Cols);
        StridedCopies.Copy(w, b.Active, b.Offset, 1, b.Rows, result.Offset + a.Rows, 1, rows, b.Rows, b.Cols);
        return result;
    }

    /// <summary>One beside the other; scalars are columns of their own.</summary>
    public static Block AppendColumn(Workspace w, Block a, Block b)
    {
        if (a.Rows != b.Rows) Workspace.Fail($"append_col: the parts have {a.Rows} and {b.Rows} rows");
        Block result = w.Allocate(1, a.Rows, a.Cols + b.Cols, w.Differentiating && (a.Active || b.Active));
        StridedCopies.Copy(w, a.Active, a.Offset, 1, 0, result.Offset, 1, 0, a.Count, 1);
        StridedCopies.Copy(w, b.Active, b.Offset, 1, 0, result.Offset + a.Count, 1, 0, b.Count, 1);
        return result;
    }

    /// <summary>A square matrix with a diagonal and zeros beside it.</summary>
    public static Block DiagonalMatrix(Workspace w, Block x)
    {
        int n = x.Count;
        Block result = w.Allocate(1, n, n, x.Active && w.Differentiating);
        w.Values(result).Clear();
        StridedCopies.Copy(w, x.Active, x.Offset, 1, 0, result.Offset, n + 1, 0, n, 1);
        return result;
    }

    /// <summary>The identity matrix.</summary>
    public static Block Identity(Workspace w, int n)
    {
        Block result = Constant(w, "identity_matrix", 0, 1, n, n);
        for (int i = 0; i < n; i++) w.V[result.Offset + (i * (n + 1))] = 1;
        return result;
    }

    /// <summary>n zeros.</summary>
    public static Block ZerosVector(Workspace w, int n) => Constant(w, "zeros_vector", 0, 1, n, 1);

    /// <summary>n zeros in a row.</summary>
    public static Block ZerosRowVector(Workspace w, int n) => Constant(w, "zeros_row_vector", 0, 1, 1, n);

    /// <summary>An array of n zeros.</summary>
    public static Block ZerosArray(Workspace w, int n) => Constant(w, "zeros_array", 0, n, 1, 1);

    /// <summary>n ones.</summary>
    public static Block OnesVector(Workspace w, int n) => Constant(w, "ones_vector", 1, 1, n, 1);

    /// <summary>n ones in a row.</summary>
    public static Block OnesRowVector(Workspace w, int n) => Constant(w, "ones_row_vector", 1, 1, 1, n);

    /// <summary>An array of n ones.</summary>
    public static Block OnesArray(Workspace w, int n) => Constant(w, "ones_array", 1, n, 1, 1);

    /// <summary>n elements 1 / n.</summary>
    public static Block UniformSimplex(Workspace w, int n) => Constant(w, "uniform_simplex", 1.0 / n, 1, n, 1);

    /// <summary>A one at place k, zeros elsewhere.</summary>
    public static Block OneHotVector(Workspace w, int n, int k) => OneHot(w, Constant(w, "one_hot_vector", 0, 1, n, 1), k);

    /// <summary>The same as a row vector.</summary>
    public static Block OneHotRowVector(Workspace w, int n, int k) => OneHot(w, Constant(w, "one_hot_row_vector", 0, 1, 1, n), k);

    /// <summary>The same as an array.</summary>
    public static Block OneHotArray(Workspace w, int n, int k) => OneHot(w, Constant(w, "one_hot_array", 0, n, 1, 1), k);

    /// <summary>n numbers that step evenly from one to another; a single one is the upper.</summary>
    public static Block LinspacedVector(Workspace w, int n, double lower, double upper) => Linspaced(w, Constant(w, "linspaced_vector", 0, 1, n, 1), lower, upper);

    /// <summary>The same as a row vector.</summary>
    public static Block LinspacedRowVector(Workspace w, int n, double lower, double upper) => Linspaced(w, Constant(w, "linspaced_row_vector", 0, 1, 1, n), lower, upper);

    /// <summary>The same as an array.</summary>
    public static Block LinspacedArray(Workspace w, int n, double lower, double upper) => Linspaced(w, Constant(w, "linspaced_array", 0, n, 1, 1), lower, upper);

    private static Block Constant(Workspace w, string name, double value, int outer, int rows, int cols)
    {
        if (outer < 0 || rows < 0 || cols < 0) Workspace.Fail($"{name}: the size {Math.Min(outer, Math.Min(rows, cols))} is negative");
        Block result = w.Allocate(outer, rows, cols, false);
        w.Values(result).Fill(value);
        return result;
    }

    private static Block OneHot(Workspace w, Block x, int k)
    {
        if (k < 1 || k > x.Count) Workspace.Fail($"one_hot: index {k} is outside 1 … {x.Count}");
        w.V[x.Offset + k - 1] = 1;
        return x;
    }

    private static Block Linspaced(Workspace w, Block x, double lower, double upper)
    {
        if (!(double.IsFinite(lower) && double.IsFinite(upper) && lower <= upper)) Workspace.Reject($"linspaced: the bounds are {lower} and {upper}, but must be finite and in order");
        int n = x.Count;
        for (int i = 0; i < n; i++) w.V[x.Offset + i] = i == n - 1 ? upper : lower + (i * (upper - lower) / (n - 1));
        return x;
    }
}
