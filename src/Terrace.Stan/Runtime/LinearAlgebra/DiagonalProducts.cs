using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>Products and sums with diagonal matrices that are given by their diagonal, and the symmetric matrix of a lower triangle.</summary>
internal static class DiagonalProducts
{
    private static readonly ColumnScaleOperation ColumnsScaled = new();
    private static readonly RowScaleOperation RowsScaled = new();
    private static readonly AddDiagonalOperation DiagonalAdded = new();
    private static readonly SymmetriseOperation Symmetrised = new();

    /// <summary>diag(v) A: row i times vᵢ.</summary>
    public static Block PreMultiply(Workspace w, Block v, Block a)
    {
        if (v.Count != a.Rows) Workspace.Fail($"diag_pre_multiply: {v.Count} elements for {a.Rows} rows");
        Block result = w.AllocateLike(a, w.Differentiating && (a.Active || v.Active));
        int n = a.Rows;
        for (int j = 0; j < a.Cols; j++) TensorPrimitives.Multiply(w.V.AsSpan(a.Offset + (j * n), n), w.Values(v), w.V.AsSpan(result.Offset + (j * n), n));
        if (result.Active) w.Record(RowsScaled, v.Offset, v.Active ? 1 : 0, a.Offset, a.Active ? 1 : 0, result.Offset, n, a.Cols);
        return result;
    }

    /// <summary>A diag(v): column j times vⱼ.</summary>
    public static Block PostMultiply(Workspace w, Block a, Block v)
    {
        if (v.Count != a.Cols) Workspace.Fail($"diag_post_multiply: {v.Count} elements for {a.Cols} columns");
        Block result = w.AllocateLike(a, w.Differentiating && (a.Active || v.Active));
        int n = a.Rows;
        for (int j = 0; j < a.Cols; j++) TensorPrimitives.Multiply(w.V.AsSpan(a.Offset + (j * n), n), w.V[v.Offset + j], w.V.AsSpan(result.Offset + (j * n), n));
        if (result.Active) w.Record(ColumnsScaled, v.Offset, v.Active ? 1 : 0, a.Offset, a.Active ? 1 : 0, result.Offset, n, a.Cols);
        return result;
    }

    /// <summary>diag(v) A diag(v).</summary>
    public static Block QuadraticForm(Workspace w, Block a, Block v)
    {
        Factorizations.RequireSquare("quad_form_diag", a);
        return PostMultiply(w, PreMultiply(w, v, a), v);
    }

    /// <summary>A with d added to the diagonal; a single number is added everywhere.</summary>
    public static Block AddDiagonal(Workspace w, Block a, Block d)
    {
        int n = Math.Min(a.Rows, a.Cols), step = d.Count == 1 ? 0 : 1;
        if (d.Count != 1 && d.Count != n) Workspace.Fail($"add_diag: {d.Count} elements for a diagonal of {n}");
        Block result = w.AllocateLike(a, w.Differentiating && (a.Active || d.Active));
        w.Values(a).CopyTo(w.Values(result));
        for (int i = 0; i < n; i++) w.V[result.Offset + (i * (a.Rows + 1))] += w.V[d.Offset + (i * step)];
        if (result.Active) w.Record(DiagonalAdded, a.Offset, a.Active ? a.Count : 0, d.Offset, d.Active ? n : 0, step, result.Offset, a.Rows + 1);
        return result;
    }

    /// <summary>The symmetric matrix with the lower triangle of A.</summary>
    public static Block Symmetrise(Workspace w, Block a)
    {
        Factorizations.RequireSquare("symmetrize_from_lower_tri", a);
        int n = a.Rows;
        Block result = w.AllocateLike(a, a.Active && w.Differentiating);
        for (int j = 0; j < n; j++)
            for (int i = j; i < n; i++) w.V[result.Offset + (j * n) + i] = w.V[result.Offset + (i * n) + j] = w.V[a.Offset + (j * n) + i];
        if (result.Active) w.Record(Symmetrised, a.Offset, result.Offset, n);
        return result;
    }

    private sealed class RowScaleOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[5];
            for (int j = 0; j < o[6]; j++)
            {
                ReadOnlySpan<double> given = w.A.AsSpan(o[4] + (j * n), n);
                if (o[3] != 0) TensorPrimitives.MultiplyAdd(given, w.V.AsSpan(o[0], n), w.A.AsSpan(o[2] + (j * n), n), w.A.AsSpan(o[2] + (j * n), n));
                if (o[1] != 0) TensorPrimitives.MultiplyAdd(given, w.V.AsSpan(o[2] + (j * n), n), w.A.AsSpan(o[0], n), w.A.AsSpan(o[0], n));
            }
        }
    }

    private sealed class ColumnScaleOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[5];
            for (int j = 0; j < o[6]; j++)
            {
                ReadOnlySpan<double> given = w.A.AsSpan(o[4] + (j * n), n);
                if (o[3] != 0) TensorPrimitives.MultiplyAdd(given, w.V[o[0] + j], w.A.AsSpan(o[2] + (j * n), n), w.A.AsSpan(o[2] + (j * n), n));
                if (o[1] != 0) w.A[o[0] + j] += TensorPrimitives.Dot(given, w.V.AsSpan(o[2] + (j * n), n));
            }
        }
    }

    private sealed class AddDiagonalOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            TensorPrimitives.Add(w.A.AsSpan(o[0], o[1]), w.A.AsSpan(o[5], o[1]), w.A.AsSpan(o[0], o[1]));
            for (int i = 0; i < o[3]; i++) w.A[o[2] + (i * o[4])] += w.A[o[5] + (i * o[6])];
        }
    }

    private sealed class SymmetriseOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[2];
            for (int j = 0; j < n; j++)
            {
                w.A[o[0] + (j * (n + 1))] += w.A[o[1] + (j * (n + 1))];
                for (int i = j + 1; i < n; i++) w.A[o[0] + (j * n) + i] += w.A[o[1] + (j * n) + i] + w.A[o[1] + (i * n) + j];
            }
        }
    }
}
