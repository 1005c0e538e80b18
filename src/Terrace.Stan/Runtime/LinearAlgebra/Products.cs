using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>Products of matrices and vectors. With C = A·B the adjoints are Ā += C̄·Bᵀ and B̄ += Aᵀ·C̄ (Giles 2008, "An extended collection of matrix derivative results", §2.2.2).</summary>
internal static class Products
{
    private static readonly ProductOperation Product = new();

    /// <summary>The product of two containers whose inner sizes agree; a row vector by a vector gives a scalar.</summary>
    public static Block Multiply(Workspace w, Block a, Block b)
    {
        if (a.Cols != b.Rows) Workspace.Fail($"the product of a {a.Rows} × {a.Cols} and a {b.Rows} × {b.Cols} matrix does not exist: columns of the left and rows of the right side must agree");
        bool active = w.Differentiating && (a.Active || b.Active);
        Block c = w.Allocate(1, a.Rows, b.Cols, active);
        Span<double> result = w.Values(c);
        ReadOnlySpan<double> left = w.Values(a), right = w.Values(b);
        result.Clear();
        if (IsLarge(a.Rows, a.Cols, b.Cols)) MatrixKernels.AddProduct(new MatrixView(w.V, c.Offset, a.Rows), 1, new MatrixView(w.V, a.Offset, a.Rows), new MatrixView(w.V, b.Offset, b.Rows), a.Rows, b.Cols, a.Cols);
        else for (int j = 0; j < b.Cols; j++)
        {
            Span<double> column = result.Slice(j * a.Rows, a.Rows);
            if (a.Rows == 1) column[0] = TensorPrimitives.Dot(left, right.Slice(j * b.Rows, b.Rows));
            else for (int k = 0; k < a.Cols; k++) TensorPrimitives.MultiplyAdd(left.Slice(k * a.Rows, a.Rows), right[(j * b.Rows) + k], column, column);
        }
        if (active) w.Record(Product, a.Offset, a.Active ? 1 : 0, b.Offset, b.Active ? 1 : 0, c.Offset, a.Rows, a.Cols, b.Cols);
        return c;
    }

    /// <summary>Whether packing for the blocked kernel pays.</summary>
    private static bool IsLarge(int n, int inner, int m) => Math.Min(n, Math.Min(inner, m)) >= 8 && (long)n * inner * m > 2000;

    private sealed class ProductOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[5], inner = o[6], m = o[7];
            if (IsLarge(n, inner, m))
            {
                var given = new MatrixView(w.A, o[4], n);
                if (o[1] != 0) MatrixKernels.AddProduct(new MatrixView(w.A, o[0], n), 1, given, new MatrixView(w.V, o[2], inner).T, n, inner, m);
                if (o[3] != 0) MatrixKernels.AddProduct(new MatrixView(w.A, o[2], inner), 1, new MatrixView(w.V, o[0], n).T, given, inner, m, n);
                return;
            }
            ReadOnlySpan<double> result = w.A.AsSpan(o[4], n * m);
            for (int j = 0; j < m; j++)
            {
                ReadOnlySpan<double> column = result.Slice(j * n, n);
                for (int k = 0; k < inner; k++)
                {
                    int right = o[2] + (j * inner) + k, left = o[0] + (k * n);
                    if (o[3] != 0) w.A[right] += TensorPrimitives.Dot(column, w.V.AsSpan(left, n));
                    if (o[1] != 0) TensorPrimitives.MultiplyAdd(column, w.V[right], w.A.AsSpan(left, n), w.A.AsSpan(left, n));
                }
            }
        }
    }
}
