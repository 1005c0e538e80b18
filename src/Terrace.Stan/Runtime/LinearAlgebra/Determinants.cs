namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>Determinants and inverses. Adjoints: d log|A| = tr(A⁻¹ dA); d A⁻¹ = −A⁻¹ dA A⁻¹. Source: Giles (2008), sections 2.2.3 and 2.2.4.</summary>
internal static class Determinants
{
    private static readonly LogDeterminantOperation Logarithm = new();
    private static readonly InverseOperation Inverted = new();

    /// <summary>|A|.</summary>
    public static Block Determinant(Workspace w, Block a) => General(w, a, "determinant", false);

    /// <summary>log ‖A‖, the logarithm of the absolute determinant.</summary>
    public static Block LogDeterminant(Workspace w, Block a) => General(w, a, "log_determinant", true);

    private static Block General(Workspace w, Block a, string name, bool logarithm)
    {
        Factorizations.RequireSquare(name, a);
        int n = a.Rows, factor = w.AllocateSlots(n * n);
        w.Values(a).CopyTo(w.V.AsSpan(factor));
        IntBlock pivots = w.AllocateInts(n);
        int sign = LuFactor.Factor(w.V, factor, n, w.Ints(pivots));
        double value = logarithm ? 0 : sign;
        for (int i = 0; i < n; i++)
        {
            double pivot = w.V[factor + (i * (n + 1))];
            value = logarithm ? value + Math.Log(Math.Abs(pivot)) : value * pivot;
        }
        if (sign == 0) value = logarithm ? double.NegativeInfinity : 0;
        Block result = w.AllocateScalar(value, a.Active && w.Differentiating);
        if (!result.Active) return result;
        if (sign == 0) Workspace.Reject($"{name}: the matrix is singular and has no derivative");
        w.Record(Logarithm, a.Offset, n, factor, InverseFromLu(w, factor, n, pivots), result.Offset, logarithm ? 1 : 0);
        return result;
    }

    /// <summary>log |A| = 2 Σ log Lᵢᵢ of a symmetric positive definite matrix.</summary>
    public static Block LogDeterminantSpd(Workspace w, Block a)
    {
        Factorizations.RequireSymmetric(w, "log_determinant_spd", a);
        int n = a.Rows, factor = w.AllocateSlots(n * n);
        w.Values(a).CopyTo(w.V.AsSpan(factor));
        Factorizations.Factor(w, "log_determinant_spd", factor, n);
        double value = 0;
        for (int i = 0; i < n; i++) value += 2 * Math.Log(w.V[factor + (i * (n + 1))]);
        Block result = w.AllocateScalar(value, a.Active && w.Differentiating);
        if (!result.Active) return result;
        int inverse = w.AllocateSlots(n * n);
        InverseFromCholesky(w, factor, n, inverse);
        w.Record(Logarithm, a.Offset, n, factor, inverse, result.Offset, 1);
        return result;
    }

    /// <summary>A⁻¹.</summary>
    public static Block Inverse(Workspace w, Block a)
    {
        Factorizations.RequireSquare("inverse", a);
        int n = a.Rows, factor = w.AllocateSlots(n * n);
        w.Values(a).CopyTo(w.V.AsSpan(factor));
        IntBlock pivots = w.AllocateInts(n);
        if (LuFactor.Factor(w.V, factor, n, w.Ints(pivots)) == 0) Workspace.Reject("inverse: the matrix is singular");
        return Recorded(w, a, InverseFromLu(w, factor, n, pivots), factor);
    }

    /// <summary>A⁻¹ of a symmetric positive definite matrix.</summary>
    public static Block InverseSpd(Workspace w, Block a)
    {
        Factorizations.RequireSymmetric(w, "inverse_spd", a);
        int n = a.Rows, factor = w.AllocateSlots(n * n);
        w.Values(a).CopyTo(w.V.AsSpan(factor));
        Factorizations.Factor(w, "inverse_spd", factor, n);
        int inverse = w.AllocateSlots(n * n);
        InverseFromCholesky(w, factor, n, inverse);
        return Recorded(w, a, inverse, factor);
    }

    private static Block Recorded(Workspace w, Block a, int inverse, int work)
    {
        int n = a.Rows;
        var result = new Block(inverse, 1, n, n, a.Active && w.Differentiating);
        if (result.Active) w.Record(Inverted, a.Offset, n, work, inverse);
        return result;
    }

    /// <summary>(L Lᵀ)⁻¹ of the lower triangle of L.</summary>
    public static Block FromCholesky(Workspace w, Block l)
    {
        Factorizations.RequireSquare("chol2inv", l);
        return InverseSpd(w, LowerTriangularProduct.SelfTranspose(w, l));
    }

    private static int InverseFromLu(Workspace w, int factor, int n, IntBlock pivots)
    {
        int inverse = w.AllocateSlots(n * n);
        w.V.AsSpan(inverse, n * n).Clear();
        for (int j = 0; j < n; j++)
        {
            w.V[inverse + (j * (n + 1))] = 1;
            LuFactor.Solve(w.V, factor, n, w.Ints(pivots), w.V.AsSpan(inverse + (j * n), n), false);
        }
        return inverse;
    }

    /// <summary>Writes L⁻ᵀ L⁻¹.</summary>
    internal static void InverseFromCholesky(Workspace w, int factor, int n, int inverse)
    {
        w.V.AsSpan(inverse, n * n).Clear();
        for (int j = 0; j < n; j++) w.V[inverse + (j * (n + 1))] = 1;
        var triangle = new MatrixView(w.V, factor, n);
        MatrixKernels.Solve(triangle, n, new MatrixView(w.V, inverse, n), n);
        MatrixKernels.Solve(triangle.T, n, new MatrixView(w.V, inverse, n), n);
    }

    private sealed class LogDeterminantOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[1];
            double scale = w.A[o[4]] * (o[5] != 0 ? 1 : w.V[o[4]]);
            for (int j = 0; j < n; j++)
                for (int i = 0; i < n; i++) w.A[o[0] + (j * n) + i] += scale * w.V[o[3] + (i * n) + j];
        }
    }

    private sealed class InverseOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            // Ā −= A⁻ᵀ X̄ A⁻ᵀ; the factor is no longer needed.
            int n = o[1];
            var work = new MatrixView(w.V, o[2], n);
            var inverse = new MatrixView(w.V, o[3], n);
            w.V.AsSpan(o[2], n * n).Clear();
            MatrixKernels.AddProduct(work, 1, inverse.T, new MatrixView(w.A, o[3], n), n, n, n);
            MatrixKernels.AddProduct(new MatrixView(w.A, o[0], n), -1, work, inverse.T, n, n, n);
        }
    }
}
