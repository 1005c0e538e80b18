namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>Sparse matrices in compressed row storage: values w by rows, their columns v and the starts of the rows u, both counted from 1 (Stan functions reference, "Sparse matrix operations").</summary>
internal static class SparseProducts
{
    private static readonly SparseOperation Multiplied = new();

    /// <summary>A b for an m × n matrix A.</summary>
    public static Block TimesVector(Workspace w, int m, int n, Block values, IntBlock columns, IntBlock starts, Block b)
    {
        Require(w, "csr_matrix_times_vector", m, n, values, columns, starts);
        if (b.Count != n) Workspace.Fail($"csr_matrix_times_vector: {b.Count} elements for {n} columns");
        Block result = w.AllocateVector(m, w.Differentiating && (values.Active || b.Active));
        for (int i = 0; i < m; i++)
        {
            double sum = 0;
            for (int k = w.I[starts.Offset + i] - 1; k < w.I[starts.Offset + i + 1] - 1; k++) sum += w.V[values.Offset + k] * w.V[b.Offset + w.I[columns.Offset + k] - 1];
            w.V[result.Offset + i] = sum;
        }
        if (result.Active) w.Record(Multiplied, values.Offset, values.Active ? 1 : 0, columns.Offset, starts.Offset, b.Offset, b.Active ? 1 : 0, result.Offset, m);
        return result;
    }

    /// <summary>The dense m × n matrix.</summary>
    public static Block ToDense(Workspace w, int m, int n, Block values, IntBlock columns, IntBlock starts)
    {
        Require(w, "csr_to_dense_matrix", m, n, values, columns, starts);
        Block result = w.Allocate(1, m, n, values.Active && w.Differentiating);
        w.Values(result).Clear();
        for (int i = 0; i < m; i++)
            for (int k = w.I[starts.Offset + i] - 1; k < w.I[starts.Offset + i + 1] - 1; k++)
                StridedCopies.Copy(w, values.Active, values.Offset + k, 1, 0, result.Offset + i + ((w.I[columns.Offset + k] - 1) * m), 1, 0, 1, 1);
        return result;
    }

    /// <summary>The non-zero elements, row by row.</summary>
    public static Block ExtractValues(Workspace w, Block a)
    {
        int count = 0;
        foreach (double value in w.Values(a)) if (value != 0) count++;
        Block result = w.AllocateVector(count, a.Active && w.Differentiating);
        int place = result.Offset;
        for (int i = 0; i < a.Rows; i++)
            for (int j = 0; j < a.Cols; j++)
                if (w.V[a.Offset + (j * a.Rows) + i] != 0) StridedCopies.Copy(w, a.Active, a.Offset + (j * a.Rows) + i, 1, 0, place++, 1, 0, 1, 1);
        return result;
    }

    /// <summary>The columns of the non-zero elements, row by row.</summary>
    public static IntBlock ExtractColumns(Workspace w, Block a)
    {
        int count = 0;
        foreach (double value in w.Values(a)) if (value != 0) count++;
        IntBlock result = w.AllocateInts(count);
        int place = result.Offset;
        for (int i = 0; i < a.Rows; i++)
            for (int j = 0; j < a.Cols; j++) if (w.V[a.Offset + (j * a.Rows) + i] != 0) w.I[place++] = j + 1;
        return result;
    }

    /// <summary>Where each row starts among the non-zero elements, and one past the end.</summary>
    public static IntBlock ExtractStarts(Workspace w, Block a)
    {
        IntBlock result = w.AllocateInts(a.Rows + 1);
        int next = 1;
        for (int i = 0; i < a.Rows; i++)
        {
            w.I[result.Offset + i] = next;
            for (int j = 0; j < a.Cols; j++) if (w.V[a.Offset + (j * a.Rows) + i] != 0) next++;
        }
        w.I[result.Offset + a.Rows] = next;
        return result;
    }

    private static void Require(Workspace w, string name, int m, int n, Block values, IntBlock columns, IntBlock starts)
    {
        if (m < 0 || n < 0 || starts.Count != m + 1 || columns.Count != values.Count) Workspace.Fail($"{name}: {values.Count} values, {columns.Count} columns and {starts.Count} row starts do not make a matrix of {m} rows");
        ReadOnlySpan<int> u = w.Ints(starts);
        if (u[0] != 1 || u[m] != values.Count + 1) Workspace.Fail($"{name}: the row starts must run from 1 to {values.Count + 1}");
        for (int i = 0; i < m; i++) if (u[i + 1] < u[i]) Workspace.Fail($"{name}: the row starts must not decrease");
        foreach (int column in w.Ints(columns)) if (column < 1 || column > n) Workspace.Fail($"{name}: column {column} is outside 1 … {n}");
    }

    private sealed class SparseOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            for (int i = 0; i < o[7]; i++)
            {
                double given = w.A[o[6] + i];
                for (int k = w.I[o[3] + i] - 1; k < w.I[o[3] + i + 1] - 1; k++)
                {
                    int element = o[4] + w.I[o[2] + k] - 1;
                    if (o[1] != 0) w.A[o[0] + k] += given * w.V[element];
                    if (o[5] != 0) w.A[element] += given * w.V[o[0] + k];
                }
            }
        }
    }
}
