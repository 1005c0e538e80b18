namespace Terrace.Stan.Runtime.Transforms;

/// <summary>
/// Covariance matrices: Σ = L Lᵀ, L as in <see cref="CholeskyFactorCovTransform"/>; log |J| of the lower triangle = K log 2 + Σ (K − k + 2) y_kk, k from 1. Source: Stan reference manual, "Covariance matrices".
/// </summary>
internal static class CovMatrixTransform
{
    /// <summary>The number of free values.</summary>
    public static int FreeSize(int size) => size * (size + 1) / 2;

    /// <summary>The covariance matrix of free values.</summary>
    public static Block Constrain(Workspace w, Block free, int size, bool jacobian)
    {
        Block factor = CholeskyFactorCovTransform.Constrain(w, free, size, size, jacobian: false);
        if (jacobian) AddJacobian(w, free, size);
        return LinearAlgebra.LowerTriangularProduct.SelfTranspose(w, factor);
    }

    private static void AddJacobian(Workspace w, Block free, int size)
    {
        bool gradient = free.Active && w.Differentiating;
        w.Target += size * 0.6931471805599453;
        for (int k = 0; k < size; k++)
        {
            int at = free.Offset + (k * (k + 1) / 2) + k;
            w.Target += (size - k + 1) * w.V[at];
            if (gradient) w.A[at] += size - k + 1;
        }
    }

    /// <summary>The free values.</summary>
    /// <exception cref="ArgumentException">Not symmetric and positive definite.</exception>
    public static void Free(ReadOnlySpan<double> constrained, Span<double> free, int size)
    {
        if (MatrixViolations.NotPositiveDefinite(constrained, size) is { } violation) throw new ArgumentException(violation, nameof(constrained));
        CholeskyFactorCovTransform.Free(MatrixViolations.TryFactor(constrained, size)!.Values, free, size, size);
    }

    /// <summary>Refuses what is not symmetric and positive definite.</summary>
    public static void Check(ReadOnlySpan<double> x, string name, int size)
    {
        if (MatrixViolations.NotPositiveDefinite(x, size) is { } violation) Workspace.Reject($"{name}: {violation}");
    }
}
