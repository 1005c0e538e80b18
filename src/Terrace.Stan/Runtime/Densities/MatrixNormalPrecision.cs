using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The matrix normal distribution of an m × n matrix with mean M, precision S of the rows (m × m) and D of the columns (n × n):
/// log p = −½ mn log 2π + ½ n log |S| + ½ m log |D| − ½ tr(D (Y − M)ᵀ S (Y − M)). Source: Gupta and Nagar (2000), Matrix Variate Distributions, theorem 2.2.1, with precisions.
/// </summary>
internal static class MatrixNormalPrecision
{
    private const double LogTwoPi = 1.8378770664093453;

    /// <summary>The log density.</summary>
    public static Block Log(Workspace w, int terms, Block y, Block mu, Block rows, Block cols)
    {
        const string name = "matrix_normal_prec_lpdf";
        int m = y.Rows, n = y.Cols;
        if (mu.Rows != m || mu.Cols != n) Workspace.Fail($"{name}: the outcome is {m} × {n}, the mean {mu.Rows} × {mu.Cols}");
        if (rows.Rows != m || rows.Cols != m || cols.Rows != n || cols.Cols != n) Workspace.Fail($"{name}: the precisions are {rows.Rows} × {rows.Cols} and {cols.Rows} × {cols.Cols}, but must be {m} × {m} and {n} × {n}");
        if (terms == 0 || m == 0 || n == 0) return w.AllocateScalar(0, false);
        Block logRows = Determinants.LogDeterminantSpd(w, rows), logCols = Determinants.LogDeterminantSpd(w, cols);
        Block trace = QuadraticForms.TraceGeneral(w, cols, rows, Elementwise.Subtract(w, y, mu));
        double value = -0.5 * w.V[trace.Offset];
        if ((terms & 4) != 0) value += 0.5 * n * w.V[logRows.Offset];
        if ((terms & 8) != 0) value += 0.5 * m * w.V[logCols.Offset];
        if (terms == -1) value -= 0.5 * m * n * LogTwoPi;
        Block result = w.AllocateScalar(value, w.Differentiating && (trace.Active || logRows.Active || logCols.Active));
        int edges = 0;
        foreach ((Block part, double partial) in (ReadOnlySpan<(Block, double)>)[(trace, -0.5), (logRows, 0.5 * n), (logCols, 0.5 * m)])
        {
            if (!part.Active) continue;
            w.Edge(part.Offset, partial);
            edges++;
        }
        if (edges > 0) w.CloseLinear(result.Offset, edges);
        return result;
    }
}
