using System.Runtime.CompilerServices;

namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// The entries of N = A^-1 where the Cholesky factor of A has entries: enough for every trace of a product of N and a matrix with the pattern of A.
/// <para>Formula: for a supernode with columns J and rows R below, from the last to the first: N_RR is known from later supernodes, N_RJ = -N_RR L_RJ L_JJ^-1,
/// N_JJ = (L_JJ L_JJ')^-1 - (L_RJ L_JJ^-1)' N_RJ.</para>
/// <para>Source: Takahashi, Fagan and Chen (1973); Erisman and Tinney (1975), On computing certain elements of the inverse of a sparse matrix. Tests: SparseCholeskyTests (dense inverse).</para>
/// </summary>
internal sealed class SparseInverse
{
    private readonly SupernodalStructure _structure;
    private readonly double[] _values;
    private readonly double[] _front;
    private readonly double[] _work;
    private readonly int[] _place;
    private readonly int[] _local;

    /// <summary>Makes room.</summary>
    public SparseInverse(SupernodalStructure structure)
    {
        _structure = structure;
        _values = new double[structure.Entries];
        _front = new double[structure.LargestFront * structure.LargestFront];
        int largest = 0;
        for (int s = 0; s < structure.Supernodes; s++) largest = Math.Max(largest, structure.Width(s) * (structure.Width(s) + structure.Rows(s).Length));
        _work = new double[largest];
        _place = new int[structure.Columns];
        _local = new int[structure.LargestFront];
    }

    /// <summary>Computes the entries and hands them out.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="withBorder">False for the inverse of the matrix without its border columns.</param>
    /// <param name="reader">Receives each front.</param>
    public void Compute(SparseCholesky factor, bool withBorder, IInverseReader reader)
    {
        int columns = withBorder ? _structure.Columns : _structure.Columns - _structure.Border;
        for (int s = _structure.Supernodes - 1; s >= 0; s--)
        {
            if (_structure.FirstColumn[s] >= columns) continue;
            ReadOnlySpan<int> rows = _structure.Rows(s);
            int width = _structure.Width(s), stored = width + rows.Length;
            if (!withBorder && rows.Length > 0) rows = rows[..^_structure.Border];
            int size = width + rows.Length, start = (int)_structure.ValueStart[s];
            Gather(rows, width, size);
            FrontalKernels.CompleteInverse(factor.Values.AsSpan(start, stored * width), stored, _front, size, width, _work);
            for (int j = 0; j < width; j++) _front.AsSpan(j * size, size).CopyTo(_values.AsSpan(start + j * stored));
            for (int k = 0; k < width; k++) _place[_structure.FirstColumn[s] + k] = k;
            for (int k = 0; k < rows.Length; k++) _place[rows[k]] = width + k;
            reader.Read(s, _place, _front.AsSpan(0, size * size), size);
        }
    }

    /// <summary>N_RR from the supernodes that hold the rows R.</summary>
    private void Gather(ReadOnlySpan<int> rows, int width, int size)
    {
        for (int i = 0; i < rows.Length;)
        {
            int s = _structure.SupernodeOf[rows[i]], end = _structure.FirstColumn[s + 1], next = i;
            while (next < rows.Length && rows[next] < end) next++;
            Locate(rows[i..], s);
            int stored = _structure.Width(s) + _structure.Rows(s).Length;
            for (int j = i; j < next; j++)
            {
                int source = (int)_structure.ValueStart[s] + (rows[j] - _structure.FirstColumn[s]) * stored;
                GatherColumn(_values.AsSpan(source, stored), _local.AsSpan(j - i, rows.Length - j), _front.AsSpan((width + j) * size + width + j), size);
            }

            i = next;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GatherColumn(ReadOnlySpan<double> from, ReadOnlySpan<int> places, Span<double> front, int size)
    {
        for (int i = 0; i < places.Length; i++)
        {
            double value = from[places[i]];
            front[i] = value;
            front[i * size] = value;
        }
    }

    /// <summary>The places of rows within the front of a supernode whose columns and rows hold them all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Locate(ReadOnlySpan<int> rows, int s)
    {
        ReadOnlySpan<int> target = _structure.Rows(s);
        int first = _structure.FirstColumn[s], end = _structure.FirstColumn[s + 1], width = end - first, at = 0;
        bool search = (long)rows.Length * 16 < target.Length;
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] < end)
            {
                _local[i] = rows[i] - first;
                continue;
            }

            if (search) at += target[at..].BinarySearch(rows[i]);
            else
            {
                while (target[at] != rows[i]) at++;
            }

            _local[i] = width + at;
        }
    }
}
