namespace Terrace.Stan.Runtime.Transforms;

/// <summary>
/// Correlation matrices: Ω = L Lᵀ, L from partial correlations whose free values run along the columns of the lower triangle (<see cref="PartialCorrelations"/>). log |J| of the elements below the diagonal = Σ (K − j + 1) log sech y_ij, j from 1.
/// Sources: Lewandowski, Kurowicka and Joe (2009), equation 11; Stan reference manual, "Correlation matrices".
/// </summary>
internal static class CorrMatrixTransform
{
    /// <summary>The number of free values.</summary>
    public static int FreeSize(int size) => size * (size - 1) / 2;

    /// <summary>The correlation matrix of free values.</summary>
    public static Block Constrain(Workspace w, Block free, int size, bool jacobian)
    {
        Block factor = PartialCorrelations.Factor(w, free, size, byColumn: true);
        if (jacobian) PartialCorrelations.AddLogSech(w, free, size, byColumn: true, static (_, j, k) => k - j);
        Block result = LinearAlgebra.LowerTriangularProduct.SelfTranspose(w, factor);
        for (int i = 0; i < size; i++) w.V[result.Offset + (i * size) + i] = 1;
        return result;
    }

    /// <summary>The free values.</summary>
    /// <exception cref="ArgumentException">Not a correlation matrix.</exception>
    public static void Free(ReadOnlySpan<double> constrained, Span<double> free, int size)
    {
        if (Violation(constrained, size) is { } violation) throw new ArgumentException(violation, nameof(constrained));
        PartialCorrelations.Free(MatrixViolations.TryFactor(constrained, size)!.Values, free, size, byColumn: true);
    }

    /// <summary>Refuses what is not a correlation matrix.</summary>
    public static void Check(ReadOnlySpan<double> x, string name, int size)
    {
        if (Violation(x, size) is { } violation) Workspace.Reject($"{name}: {violation}");
    }

    private static string? Violation(ReadOnlySpan<double> x, int size)
    {
        for (int i = 0; i < size; i++)
        {
            double diagonal = x[(i * size) + i];
            if (!(Math.Abs(diagonal - 1) <= MatrixViolations.Tolerance)) return $"{BoundShape.Element(i, i, "the diagonal")} is {diagonal}, but must be 1";
        }
        return MatrixViolations.NotPositiveDefinite(x, size);
    }
}
