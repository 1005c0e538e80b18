using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>Inner products of vectors and of the rows or columns of matrices, with d(a·b) = a·db + da·b (Stan functions reference, "Dot products and specialized products").</summary>
internal static class DotProducts
{
    private static readonly InnerOperation Inner = new();

    /// <summary>Σ aᵢ bᵢ.</summary>
    public static Block Dot(Workspace w, Block a, Block b)
    {
        if (a.Count != b.Count) Workspace.Fail($"dot_product: the vectors have {a.Count} and {b.Count} elements");
        return Products(w, a, b, w.Allocate(1, 1, 1, w.Differentiating && (a.Active || b.Active)), 0, 1, a.Count);
    }

    /// <summary>Σ aᵢ².</summary>
    public static Block DotSelf(Workspace w, Block a) => Dot(w, a, a);

    /// <summary>The inner products of the columns, a row vector.</summary>
    public static Block ColumnsDot(Workspace w, Block a, Block b)
    {
        RequireSame("columns_dot_product", a, b);
        return Products(w, a, b, w.Allocate(1, 1, a.Cols, w.Differentiating && (a.Active || b.Active)), a.Rows, 1, a.Rows);
    }

    /// <summary>The inner products of the rows, a vector.</summary>
    public static Block RowsDot(Workspace w, Block a, Block b)
    {
        RequireSame("rows_dot_product", a, b);
        return Products(w, a, b, w.Allocate(1, a.Rows, 1, w.Differentiating && (a.Active || b.Active)), 1, a.Rows, a.Cols);
    }

    /// <summary>The squared lengths of the columns.</summary>
    public static Block ColumnsDotSelf(Workspace w, Block a) => ColumnsDot(w, a, a);

    /// <summary>The squared lengths of the rows.</summary>
    public static Block RowsDotSelf(Workspace w, Block a) => RowsDot(w, a, a);

    /// <summary>The product k starts at k·<paramref name="next"/> and has <paramref name="n"/> elements at a stride.</summary>
    private static Block Products(Workspace w, Block a, Block b, Block result, int next, int stride, int n)
    {
        Span<double> to = w.Values(result);
        if (stride == 1)
        {
            for (int k = 0; k < to.Length; k++) to[k] = TensorPrimitives.Dot<double>(w.V.AsSpan(a.Offset + (k * next), n), w.V.AsSpan(b.Offset + (k * next), n));
        }
        else
        {
            to.Clear();
            for (int j = 0; j < n; j++)
                TensorPrimitives.MultiplyAdd(w.V.AsSpan(a.Offset + (j * stride), to.Length), w.V.AsSpan(b.Offset + (j * stride), to.Length), to, to);
        }
        if (result.Active) w.Record(Inner, a.Offset, a.Active ? 1 : 0, b.Offset, b.Active ? 1 : 0, result.Offset, to.Length, next, stride, n);
        return result;
    }

    private static void RequireSame(string name, Block a, Block b)
    {
        if (a.Rows != b.Rows || a.Cols != b.Cols) Workspace.Fail($"{name}: the sizes {a.Rows} × {a.Cols} and {b.Rows} × {b.Cols} differ");
    }

    private sealed class InnerOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            if (o[1] != 0) Add(w, o[0], o[2], o);
            if (o[3] != 0) Add(w, o[2], o[0], o);
        }

        private static void Add(Workspace w, int target, int other, ReadOnlySpan<int> o)
        {
            int count = o[5], next = o[6], stride = o[7], n = o[8];
            if (stride == 1)
            {
                for (int k = 0; k < count; k++)
                {
                    Span<double> adjoint = w.A.AsSpan(target + (k * next), n);
                    TensorPrimitives.MultiplyAdd(w.V.AsSpan(other + (k * next), n), w.A[o[4] + k], adjoint, adjoint);
                }
                return;
            }
            for (int j = 0; j < n; j++)
            {
                Span<double> adjoint = w.A.AsSpan(target + (j * stride), count);
                TensorPrimitives.MultiplyAdd(w.V.AsSpan(other + (j * stride), count), w.A.AsSpan(o[4], count), adjoint, adjoint);
            }
        }
    }
}
