namespace Terrace.Stan.Runtime.Transforms;

/// <summary>Matrices whose columns are simplexes, each by <see cref="SimplexTransform"/>; the free values fill a (N − 1) × M matrix column by column. Source: Stan reference manual, "Stochastic Matrix".</summary>
internal static class ColumnStochasticMatrixTransform
{
    /// <summary>The number of free values.</summary>
    public static int FreeSize(int rows, int cols) => Math.Max(0, rows - 1) * cols;

    /// <summary>The matrix of free values.</summary>
    public static Block Constrain(Workspace w, Block free, int rows, int cols, bool jacobian)
    {
        Block result = w.Allocate(1, rows, cols, free.Active && w.Differentiating);
        for (int k = 0; k < cols; k++) SimplexTransform.ConstrainStrided(w, free, k * (rows - 1), 1, result, k * rows, 1, rows, jacobian);
        return result;
    }

    /// <summary>The free values.</summary>
    /// <exception cref="ArgumentException">A column is not a simplex.</exception>
    public static void Free(ReadOnlySpan<double> constrained, Span<double> free, int rows, int cols)
    {
        if (Violation(constrained, rows, cols) is { } violation) throw new ArgumentException(violation, nameof(constrained));
        for (int k = 0; k < cols; k++) SimplexTransform.FreeStrided(constrained[(k * rows)..], 1, rows, free[(k * (rows - 1))..], 1);
    }

    /// <summary>Refuses matrices with a column that is not a simplex.</summary>
    public static void Check(ReadOnlySpan<double> x, string name, int rows, int cols)
    {
        if (Violation(x, rows, cols) is { } violation) Workspace.Reject($"{name}: {violation}");
    }

    private static string? Violation(ReadOnlySpan<double> x, int rows, int cols)
    {
        for (int k = 0; k < cols; k++) if (SimplexTransform.Violation(x[(k * rows)..], 1, rows) is { } violation) return $"column {k + 1}: {violation}";
        return null;
    }
}
