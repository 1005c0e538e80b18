using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>
/// Copies of elements that lie at regular strides, result (i, j) = source (i, j) for i &lt; rows, j &lt; cols: the one operation behind transposes, blocks, rows, diagonals, repetition (stride 0) and reversal (stride −1). The adjoint adds along the same places.
/// </summary>
internal static class StridedCopies
{
    private static readonly StridedOperation Copied = new();

    /// <summary>Copies and records; the places are of the first elements, the strides go down the rows and along the columns.</summary>
    public static void Copy(Workspace w, bool active, int source, int sourceRow, int sourceColumn, int target, int targetRow, int targetColumn, int rows, int cols)
    {
        double[] v = w.V;
        for (int j = 0; j < cols; j++)
        {
            int from = source + (j * sourceColumn), to = target + (j * targetColumn);
            if (sourceRow == 1 && targetRow == 1) v.AsSpan(from, rows).CopyTo(v.AsSpan(to, rows));
            else if (sourceRow == 0 && targetRow == 1) v.AsSpan(to, rows).Fill(v[from]);
            else for (int i = 0; i < rows; i++, from += sourceRow, to += targetRow) v[to] = v[from];
        }
        if (active && w.Differentiating && rows > 0 && cols > 0) w.Record(Copied, source, sourceRow, sourceColumn, target, targetRow, targetColumn, rows, cols);
    }

    private sealed class StridedOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            double[] a = w.A;
            int rows = o[6];
            for (int j = 0; j < o[7]; j++)
            {
                int from = o[0] + (j * o[2]), to = o[3] + (j * o[5]);
                if (o[1] == 1 && o[4] == 1) TensorPrimitives.Add(a.AsSpan(from, rows), a.AsSpan(to, rows), a.AsSpan(from, rows));
                else if (o[1] == 0 && o[4] == 1) a[from] += TensorPrimitives.Sum(a.AsSpan(to, rows));
                else for (int i = 0; i < rows; i++, from += o[1], to += o[4]) a[from] += a[to];
            }
        }
    }
}
