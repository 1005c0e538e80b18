namespace Terrace.Stan.Runtime.Transforms;

/// <summary>
/// Matrices whose rows and columns all sum to zero: X = H_N Y H_Mᵀ with the bases of <see cref="SumToZeroVectorTransform"/>, Y a (N − 1) × (M − 1) matrix of free values. The map is orthonormal: log |J| = 0.
/// Source: Stan reference manual, "Sum-to-zero matrix transform".
/// </summary>
internal static class SumToZeroMatrixTransform
{
    private const double Tolerance = 1e-8;
    private static readonly BasisOperation Basis = new();

    /// <summary>The number of free values.</summary>
    public static int FreeSize(int rows, int cols) => Math.Max(0, rows - 1) * Math.Max(0, cols - 1);

    /// <summary>The matrix of free values, which are taken column by column.</summary>
    public static Block Constrain(Workspace w, Block free, int rows, int cols, bool jacobian)
    {
        _ = jacobian; // The map is orthonormal.
        if (rows < 1 || cols < 1) return w.Allocate(1, rows, cols, false);
        bool active = free.Active && w.Differentiating;
        int n = rows - 1, m = cols - 1;
        Block result = w.Allocate(1, rows, cols, active);
        Span<double> between = w.V.AsSpan(w.AllocateSlots(rows * Math.Max(m, 1)));
        for (int j = 0; j < m; j++) SumToZeroVectorTransform.Expand(w.V.AsSpan(free.Offset + (j * n)), 1, n, between[(j * rows)..], 1);
        for (int i = 0; i < rows; i++) SumToZeroVectorTransform.Expand(between[i..], rows, m, w.V.AsSpan(result.Offset + i), rows);
        if (active) w.Record(Basis, free.Offset, result.Offset, w.AllocateSlots(rows * Math.Max(m, 1)), rows, cols);
        return result;
    }

    /// <summary>The free values.</summary>
    /// <exception cref="ArgumentException">A row or column does not sum to zero.</exception>
    public static void Free(ReadOnlySpan<double> constrained, Span<double> free, int rows, int cols)
    {
        if (Violation(constrained, rows, cols) is { } violation) throw new ArgumentException(violation, nameof(constrained));
        if (rows < 1 || cols < 1) return;
        free.Clear();
        AddContracted(constrained, free, new double[rows * Math.Max(cols - 1, 1)], rows, cols);
    }

    /// <summary>Y += H_Nᵀ X H_M.</summary>
    private static void AddContracted(ReadOnlySpan<double> x, Span<double> y, Span<double> between, int rows, int cols)
    {
        int n = rows - 1, m = cols - 1;
        between[..(rows * m)].Clear();
        for (int i = 0; i < rows; i++) SumToZeroVectorTransform.AddContracted(x[i..], rows, m, 1, between[i..], rows);
        for (int j = 0; j < m; j++) SumToZeroVectorTransform.AddContracted(between[(j * rows)..], 1, n, 1, y[(j * n)..], 1);
    }

    /// <summary>Refuses matrices with a row or column that does not sum to zero.</summary>
    public static void Check(ReadOnlySpan<double> x, string name, int rows, int cols)
    {
        if (Violation(x, rows, cols) is { } violation) Workspace.Reject($"{name}: {violation}");
    }

    private static string? Violation(ReadOnlySpan<double> x, int rows, int cols)
    {
        for (int j = 0; j < cols; j++)
        {
            double sum = 0;
            for (int i = 0; i < rows; i++) sum += x[(j * rows) + i];
            if (!(Math.Abs(sum) <= Tolerance)) return $"column {j + 1} sums to {sum}, but must sum to 0";
        }
        for (int i = 0; i < rows; i++)
        {
            double sum = 0;
            for (int j = 0; j < cols; j++) sum += x[(j * rows) + i];
            if (!(Math.Abs(sum) <= Tolerance)) return $"row {i + 1} sums to {sum}, but must sum to 0";
        }
        return null;
    }

    private sealed class BasisOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int size = (o[3] - 1) * (o[4] - 1);
            AddContracted(w.A.AsSpan(o[1], o[3] * o[4]), w.A.AsSpan(o[0], size), w.A.AsSpan(o[2], o[3] * Math.Max(o[4] - 1, 1)), o[3], o[4]);
        }
    }
}
