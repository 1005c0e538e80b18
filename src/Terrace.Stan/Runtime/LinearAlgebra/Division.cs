namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>
/// Solutions of A X = B (left) and X A = B (right), A general, symmetric positive definite or lower triangular. With Z = A⁻ᵀ X̄ the adjoints of the left one are B̄ += Z and Ā −= Z Xᵀ; the right one is the left one of the transposes.
/// Source: Giles (2008), An extended collection of matrix derivative results, section 2.2.3.
/// </summary>
internal static class Division
{
    private const int General = 0, Definite = 1, Triangular = 2;
    private static readonly DivisionOperation Divided = new();

    /// <summary>A \ B.</summary>
    public static Block Left(Workspace w, Block a, Block b) => Divide(w, "mdivide_left", a, b, General, false);

    /// <summary>B / A.</summary>
    public static Block Right(Workspace w, Block b, Block a) => Divide(w, "mdivide_right", a, b, General, true);

    /// <summary>A \ B for symmetric positive definite A.</summary>
    public static Block LeftSpd(Workspace w, Block a, Block b) => Divide(w, "mdivide_left_spd", a, b, Definite, false);

    /// <summary>B / A for symmetric positive definite A.</summary>
    public static Block RightSpd(Workspace w, Block b, Block a) => Divide(w, "mdivide_right_spd", a, b, Definite, true);

    /// <summary>A \ B for the lower triangle of A.</summary>
    public static Block LeftTriangular(Workspace w, Block a, Block b) => Divide(w, "mdivide_left_tri_low", a, b, Triangular, false);

    /// <summary>B / A for the lower triangle of A.</summary>
    public static Block RightTriangular(Workspace w, Block b, Block a) => Divide(w, "mdivide_right_tri_low", a, b, Triangular, true);

    private static Block Divide(Workspace w, string name, Block a, Block b, int kind, bool right)
    {
        Factorizations.RequireSquare(name, a);
        int n = a.Rows, m = right ? b.Rows : b.Cols;
        if ((right ? b.Cols : b.Rows) != n) Workspace.Fail($"{name}: {b.Rows} × {b.Cols} and {n} × {n} do not fit");
        bool active = w.Differentiating && (a.Active || b.Active);
        Block result = w.Allocate(1, b.Rows, b.Cols, active);
        w.Values(b).CopyTo(w.Values(result));
        int factor = kind == Triangular ? a.Offset : w.AllocateSlots(n * n);
        IntBlock pivots = w.AllocateInts(kind == General ? n : 0);
        if (kind != Triangular) w.Values(a).CopyTo(w.V.AsSpan(factor));
        if (kind == Definite)
        {
            Factorizations.RequireSymmetric(w, name, a);
            Factorizations.Factor(w, name, factor, n);
        }
        if (kind == General && LuFactor.Factor(w.V, factor, n, w.Ints(pivots)) == 0) Workspace.Reject($"{name}: the matrix is singular");
        int copy = w.AllocateSlots(kind == General && right ? n : 0);
        Solve(w, kind, factor, n, w.Ints(pivots), View(w.V, result.Offset, result.Rows, right), m, right, copy);
        if (active) w.Record(Divided, a.Offset, a.Active ? 1 : 0, b.Offset, b.Active ? 1 : 0, result.Offset, n, m, kind, right ? 1 : 0, factor, pivots.Offset, w.AllocateSlots(n * m), w.AllocateSlots(n));
        return result;
    }

    private static MatrixView View(double[] values, int offset, int rows, bool transposed) => new(values, offset, rows, transposed);

    /// <summary>x := A⁻¹ x, or A⁻ᵀ x with <paramref name="transposed"/>, for the n × m view x; <paramref name="copy"/> are n slots for columns that do not lie together.</summary>
    private static void Solve(Workspace w, int kind, int factor, int n, ReadOnlySpan<int> pivots, MatrixView x, int m, bool transposed, int copy)
    {
        var triangle = new MatrixView(w.V, factor, n);
        switch (kind)
        {
            case Triangular:
                MatrixKernels.Solve(transposed ? triangle.T : triangle, n, x, m);
                return;
            case Definite:
                MatrixKernels.Solve(triangle, n, x, m);
                MatrixKernels.Solve(triangle.T, n, x, m);
                return;
        }
        for (int j = 0; j < m; j++)
        {
            if (!x.Transposed)
            {
                LuFactor.Solve(w.V, factor, n, pivots, x.Values.AsSpan(x.Offset + (j * x.Stride), n), transposed);
                continue;
            }
            Span<double> column = w.V.AsSpan(copy, n);
            for (int i = 0; i < n; i++) column[i] = x.Values[x.Offset + (i * x.Stride) + j];
            LuFactor.Solve(w.V, factor, n, pivots, column, transposed);
            for (int i = 0; i < n; i++) x.Values[x.Offset + (i * x.Stride) + j] = column[i];
        }
    }

    private sealed class DivisionOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[5], m = o[6], kind = o[7], work = o[11];
            bool right = o[8] != 0;
            int rows = right ? m : n;
            w.A.AsSpan(o[4], n * m).CopyTo(w.V.AsSpan(work));
            MatrixView z = View(w.V, work, rows, right), x = View(w.V, o[4], rows, right), adjoint = View(w.A, o[0], n, right);
            Solve(w, kind, o[9], n, w.I.AsSpan(o[10], kind == General ? n : 0), z, m, !right, o[12]);
            if (o[3] != 0) System.Numerics.Tensors.TensorPrimitives.Add(w.A.AsSpan(o[2], n * m), w.V.AsSpan(work, n * m), w.A.AsSpan(o[2], n * m));
            if (o[1] == 0) return;
            if (kind != Triangular)
            {
                MatrixKernels.AddProduct(adjoint, -1, z, x.T, n, n, m);
                return;
            }
            // Only the lower triangle of A was read.
            for (int j = 0; j < n; j++)
                for (int i = j; i < n; i++) w.A[o[0] + (j * n) + i] -= right ? Inner(x, i, z, j, m) : Inner(z, i, x, j, m);
        }

        /// <summary>Row i of one view by row j of another.</summary>
        private static double Inner(MatrixView a, int i, MatrixView b, int j, int m)
        {
            double sum = 0;
            for (int k = 0; k < m; k++)
                sum += a.Values[a.Offset + (a.Transposed ? k + (i * a.Stride) : i + (k * a.Stride))] * b.Values[b.Offset + (b.Transposed ? k + (j * b.Stride) : j + (k * b.Stride))];
            return sum;
        }
    }
}
