namespace Terrace.Stan.Runtime.Transforms;

/// <summary>
/// Cholesky factors of correlation matrices, the free values along the rows of the lower triangle: see <see cref="PartialCorrelations"/>. log |J| of the elements below the diagonal = Σ log r_ij + 2 log sech y_ij = Σ (i − j + 1) log sech y_ij.
/// Source: Stan reference manual, "Cholesky factors of correlation matrices".
/// </summary>
internal static class CholeskyFactorCorrTransform
{
    /// <summary>The number of free values.</summary>
    public static int FreeSize(int size) => size * (size - 1) / 2;

    /// <summary>The factor of free values.</summary>
    public static Block Constrain(Workspace w, Block free, int size, bool jacobian)
    {
        Block result = PartialCorrelations.Factor(w, free, size, byColumn: false);
        if (jacobian) PartialCorrelations.AddLogSech(w, free, size, byColumn: false, static (i, j, _) => i - j + 1);
        return result;
    }

    /// <summary>The free values.</summary>
    /// <exception cref="ArgumentException">Not the Cholesky factor of a correlation matrix.</exception>
    public static void Free(ReadOnlySpan<double> constrained, Span<double> free, int size)
    {
        if (Violation(constrained, size) is { } violation) throw new ArgumentException(violation, nameof(constrained));
        PartialCorrelations.Free(constrained, free, size, byColumn: false);
    }

    /// <summary>Refuses what is not the Cholesky factor of a correlation matrix.</summary>
    public static void Check(ReadOnlySpan<double> x, string name, int size)
    {
        if (Violation(x, size) is { } violation) Workspace.Reject($"{name}: {violation}");
    }

    private static string? Violation(ReadOnlySpan<double> x, int size)
    {
        if (MatrixViolations.NotLowerTriangular(x, size, size) is { } violation) return violation;
        for (int i = 0; i < size; i++)
        {
            double square = 0;
            for (int j = 0; j <= i; j++) square += x[(j * size) + i] * x[(j * size) + i];
            if (!(Math.Abs(square - 1) <= MatrixViolations.Tolerance)) return $"the squares of row {i + 1} sum to {square}, but must sum to 1";
        }
        return null;
    }
}
