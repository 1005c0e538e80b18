namespace Terrace.Stan.Runtime.Transforms;

/// <summary>
/// Cholesky factors of covariance matrices, M × N with M ≥ N: the free values fill the lower triangle row by row, the diagonal through exp; log |J| = Σ y_nn. Source: Stan reference manual, "Cholesky factors of covariance matrices".
/// </summary>
internal static class CholeskyFactorCovTransform
{
    private static readonly FactorOperation Filled = new();

    /// <summary>The number of free values.</summary>
    public static int FreeSize(int rows, int cols) => (cols * (cols + 1) / 2) + ((rows - cols) * cols);

    /// <summary>The factor of free values.</summary>
    public static Block Constrain(Workspace w, Block free, int rows, int cols, bool jacobian)
    {
        if (rows < cols) Workspace.Fail($"a Cholesky factor of a covariance matrix needs at least as many rows as columns, not {rows} × {cols}");
        bool active = free.Active && w.Differentiating;
        Block result = w.Allocate(1, rows, cols, active);
        w.Values(result).Clear();
        int place = free.Offset;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j <= Math.Min(i, cols - 1); j++, place++)
            {
                double y = w.V[place];
                w.V[result.Offset + (j * rows) + i] = i == j ? Math.Exp(y) : y;
                if (i != j || !jacobian) continue;
                w.Target += y;
                if (active) w.A[place] += 1;
            }
        }
        if (active) w.Record(Filled, free.Offset, result.Offset, rows, cols);
        return result;
    }

    /// <summary>The free values.</summary>
    /// <exception cref="ArgumentException">Not lower triangular with a positive diagonal.</exception>
    public static void Free(ReadOnlySpan<double> constrained, Span<double> free, int rows, int cols)
    {
        if (Violation(constrained, rows, cols) is { } violation) throw new ArgumentException(violation, nameof(constrained));
        int place = 0;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j <= Math.Min(i, cols - 1); j++)
            {
                double x = constrained[(j * rows) + i];
                free[place++] = i == j ? Math.Log(x) : x;
            }
        }
    }

    /// <summary>Refuses what is not lower triangular with a positive diagonal.</summary>
    public static void Check(ReadOnlySpan<double> x, string name, int rows, int cols)
    {
        if (Violation(x, rows, cols) is { } violation) Workspace.Reject($"{name}: {violation}");
    }

    private static string? Violation(ReadOnlySpan<double> x, int rows, int cols) =>
        rows < cols ? $"the matrix is {rows} × {cols}, but must have at least as many rows as columns" : MatrixViolations.NotLowerTriangular(x, rows, cols);

    private sealed class FactorOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int place = o[0], rows = o[2], cols = o[3];
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j <= Math.Min(i, cols - 1); j++, place++)
                {
                    int at = o[1] + (j * rows) + i;
                    w.A[place] += i == j ? w.A[at] * w.V[at] : w.A[at];
                }
            }
        }
    }
}
