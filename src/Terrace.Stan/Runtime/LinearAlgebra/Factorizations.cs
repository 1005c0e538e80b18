namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>
/// The Cholesky factor of a symmetric positive definite matrix, A = L Lᵀ. Adjoint: with P = Φ(Lᵀ L̄), Φ the lower triangle with halved diagonal, Ā = ½ L⁻ᵀ (P + Pᵀ) L⁻¹, here all of it on the lower triangle.
/// Source: Murray (2016), Differentiation of the Cholesky decomposition, arXiv:1602.07527, equation 10.
/// </summary>
internal static class Factorizations
{
    private const double Tolerance = 1e-8;
    private static readonly CholeskyOperation Factored = new();

    /// <summary>L, zero above the diagonal.</summary>
    public static Block Cholesky(Workspace w, Block a)
    {
        RequireSymmetric(w, "cholesky_decompose", a);
        int n = a.Rows;
        Block result = w.Allocate(1, n, n, a.Active && w.Differentiating);
        w.Values(a).CopyTo(w.Values(result));
        Factor(w, "cholesky_decompose", result.Offset, n);
        if (result.Active) w.Record(Factored, a.Offset, result.Offset, n, w.AllocateSlots(n * n));
        return result;
    }

    /// <summary>Overwrites a symmetric matrix by its Cholesky factor, zero above the diagonal, or refuses it.</summary>
    public static void Factor(Workspace w, string name, int offset, int n)
    {
        if (!MatrixKernels.TryFactor(w.V, offset, n)) Workspace.Reject($"{name}: the matrix is not positive definite");
        MatrixKernels.ClearUpper(w.V, offset, n);
    }

    /// <summary>Stops the run if the matrix is not square.</summary>
    public static void RequireSquare(string name, Block a)
    {
        if (a.Rows != a.Cols) Workspace.Fail($"{name}: the matrix is {a.Rows} × {a.Cols}, but must be square");
    }

    /// <summary>Refuses a matrix that is not symmetric.</summary>
    public static void RequireSymmetric(Workspace w, string name, Block a)
    {
        RequireSquare(name, a);
        int n = a.Rows;
        ReadOnlySpan<double> x = w.Values(a);
        for (int j = 0; j < n; j++)
        {
            for (int i = j + 1; i < n; i++)
            {
                double below = x[(j * n) + i], above = x[(i * n) + j];
                if (!(Math.Abs(below - above) <= Tolerance * Math.Max(1, Math.Abs(below))))
                    Workspace.Reject($"{name}: the matrix is not symmetric: element ({i + 1}, {j + 1}) is {below}, ({j + 1}, {i + 1}) is {above}");
            }
        }
    }

    private sealed class CholeskyOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[2];
            if (n == 0) return;
            var factor = new MatrixView(w.V, o[1], n);
            var p = new MatrixView(w.V, o[3], n);
            Span<double> work = w.V.AsSpan(o[3], n * n);
            // What came to the zeros above the diagonal is of no concern.
            MatrixKernels.ClearUpper(w.A, o[1], n);
            work.Clear();
            MatrixKernels.AddProduct(p, 1, factor.T, new MatrixView(w.A, o[1], n), n, n, n);
            MatrixKernels.ClearUpper(w.V, o[3], n);
            for (int i = 0; i < n; i++) work[i * (n + 1)] *= 0.5;
            MatrixKernels.Solve(factor.T, n, p, n);
            MatrixKernels.Solve(factor.T, n, p.T, n);
            for (int j = 0; j < n; j++)
            {
                w.A[o[0] + (j * (n + 1))] += work[j * (n + 1)];
                for (int i = j + 1; i < n; i++) w.A[o[0] + (j * n) + i] += work[(j * n) + i] + work[(i * n) + j];
            }
        }
    }
}
