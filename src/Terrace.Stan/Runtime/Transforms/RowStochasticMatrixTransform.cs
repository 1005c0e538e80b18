namespace Terrace.Stan.Runtime.Transforms;

/// <summary>Matrices whose rows are simplexes, each by <see cref="SimplexTransform"/>; the free values fill a N × (M − 1) matrix column by column. Source: Stan reference manual, "Stochastic Matrix".</summary>
internal static class RowStochasticMatrixTransform
{
    /// <summary>The number of free values.</summary>
    public static int FreeSize(int rows, int cols) => rows * Math.Max(0, cols - 1);

    /// <summary>The matrix of free values.</summary>
    public static Block Constrain(Workspace w, Block free, int rows, int cols, bool jacobian)
    {
        Block result = w.Allocate(1, rows, cols, free.Active && w.Differentiating);
        for (int k = 0; k < rows; k++) SimplexTransform.ConstrainStrided(w, free, k, rows, result, k, rows, cols, jacobian);
        return result;
    }

    /// <summary>The free values.</summary>
    /// <exception cref="ArgumentException">A row is not a simplex.</exception>
    public static void Free(ReadOnlySpan<double> constrained, Span<double> free, int rows, int cols)
    {
        if (Violation(constrained, rows, cols) is { } violation) throw new ArgumentException(violation, nameof(constrained));
        for (int k = 0; k < rows; k++) SimplexTransform.FreeStrided(constrained[k..], rows, cols, free[k..], rows);
    }

    /// <summary>Refuses matrices with a row that is not a simplex.</summary>
    public static void Check(ReadOnlySpan<double> x, string name, int rows, int cols)
    {
        if (Violation(x, rows, cols) is { } violation) Workspace.Reject($"{name}: {violation}");
    }

    private static string? Violation(ReadOnlySpan<double> x, int rows, int cols)
    {
        for (int k = 0; k < rows; k++) if (SimplexTransform.Violation(x[k..], rows, cols) is { } violation) return $"row {k + 1}: {violation}";
        return null;
    }
}
