using System.Runtime.CompilerServices;

namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// The Cholesky factor of a sparse symmetric positive definite matrix, P A P' = L L', by the multifrontal method.
/// <para>Formula: the front of a supernode is the sum of the matrix's entries there and of its children's contributions, F = [F11 .; F21 F22]; L11 = chol(F11), L21 = F21 L11'^-1, and F22 - L21 L21' is the
/// contribution to the parent. Fronts are dense; contributions wait on a stack, for supernodes are in postorder.</para>
/// <para>Source: Duff and Reid (1983), The multifrontal solution of indefinite sparse symmetric linear equations; Liu (1992), The multifrontal method for sparse matrix solution, sections 4 and 5.
/// Fronts of up to <see cref="FrontalKernels.Small"/> rows are eliminated by plain loops. Tests: SparseCholeskyTests (dense twins).</para>
/// </summary>
internal sealed class SparseCholesky
{
    private readonly SupernodalStructure _structure;
    private readonly int[] _place;
    private readonly int[] _local;
    private readonly double[] _front;
    private readonly Stack<int> _waiting = new();
    private double[] _stack = [];
    private long _top;

    /// <summary>Makes room for a factor.</summary>
    /// <exception cref="ArgumentException">The factor does not fit an array.</exception>
    public SparseCholesky(SupernodalStructure structure)
    {
        if (structure.Entries > Array.MaxLength || (long)structure.LargestFront * structure.LargestFront > Array.MaxLength)
            throw new ArgumentException($"The factor would have {structure.Entries:N0} entries.", nameof(structure));
        _structure = structure;
        _place = new int[structure.Columns];
        _local = new int[structure.LargestFront];
        _front = new double[structure.LargestFront * structure.LargestFront];
        Values = new double[structure.Entries];
    }

    /// <summary>Where the factor has entries.</summary>
    public SupernodalStructure Structure => _structure;

    internal double[] Values { get; }

    /// <summary>Factors; false when the matrix is not positive definite.</summary>
    public bool TryFactor(IFrontalMatrix matrix)
    {
        _top = 0;
        _waiting.Clear();
        for (int s = 0; s < _structure.Supernodes; s++)
        {
            int size = Assemble(matrix, s), width = _structure.Width(s);
            if (!FrontalKernels.TryEliminate(_front, size, width)) return false;
            _front.AsSpan(0, size * width).CopyTo(Values.AsSpan((int)_structure.ValueStart[s]));
            PushContribution(s, size, width);
        }

        return true;
    }

    /// <summary>The sum of 2 log L_jj over the positions from <paramref name="first"/> to <paramref name="end"/> (not included).</summary>
    public double LogDeterminant(int first, int end)
    {
        double sum = 0;
        for (int from = first; from < end; from += 256)
        {
            double part = 0; // sums of sums lose fewer digits
            for (int j = from; j < Math.Min(from + 256, end); j++) part += Math.Log(Entry(j, j));
            sum += part;
        }

        return 2 * sum;
    }

    /// <summary>L_ij for positions i and j of one supernode.</summary>
    public double Entry(int i, int j)
    {
        int s = _structure.SupernodeOf[j], first = _structure.FirstColumn[s], size = _structure.Width(s) + _structure.Rows(s).Length;
        return Values[_structure.ValueStart[s] + (long)(j - first) * size + i - first];
    }

    /// <summary>Replaces <paramref name="x"/>, in the order of elimination, by L^-1 x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SolveForward(Span<double> x)
    {
        for (int s = 0; s < _structure.Supernodes; s++)
        {
            ReadOnlySpan<int> rows = _structure.Rows(s);
            int first = _structure.FirstColumn[s], width = _structure.Width(s), size = width + rows.Length;
            var values = Values.AsSpan((int)_structure.ValueStart[s], size * width);
            for (int k = 0; k < width; k++)
            {
                var column = values.Slice(k * size, size);
                double value = x[first + k] /= column[k];
                for (int i = k + 1; i < width; i++) x[first + i] -= value * column[i];
                column = column[width..];
                for (int i = 0; i < rows.Length; i++) x[rows[i]] -= value * column[i];
            }
        }
    }

    /// <summary>Replaces <paramref name="x"/>, in the order of elimination, by L'^-1 x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SolveBackward(Span<double> x)
    {
        for (int s = _structure.Supernodes - 1; s >= 0; s--)
        {
            ReadOnlySpan<int> rows = _structure.Rows(s);
            int first = _structure.FirstColumn[s], width = _structure.Width(s), size = width + rows.Length;
            var values = Values.AsSpan((int)_structure.ValueStart[s], size * width);
            for (int k = width - 1; k >= 0; k--)
            {
                var column = values.Slice(k * size, size);
                double sum = x[first + k];
                for (int i = k + 1; i < width; i++) sum -= column[i] * x[first + i];
                var below = column[width..];
                for (int i = 0; i < rows.Length; i++) sum -= below[i] * x[rows[i]];
                x[first + k] = sum / column[k];
            }
        }
    }

    /// <summary>The front of a supernode; returns its size.</summary>
    private int Assemble(IFrontalMatrix matrix, int s)
    {
        ReadOnlySpan<int> rows = _structure.Rows(s);
        int first = _structure.FirstColumn[s], width = _structure.Width(s), size = width + rows.Length;
        for (int k = 0; k < width; k++) _place[first + k] = k;
        for (int k = 0; k < rows.Length; k++) _place[rows[k]] = width + k;
        var front = _front.AsSpan(0, size * size);
        front.Clear();
        matrix.AddTo(s, _place, front, size);
        while (_waiting.Count > 0 && _structure.Parent[_waiting.Peek()] == s) AddContribution(_waiting.Pop(), front, size);
        return size;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddContribution(int child, Span<double> front, int size)
    {
        ReadOnlySpan<int> rows = _structure.Rows(child);
        int count = rows.Length;
        _top -= (long)count * count;
        var local = _local.AsSpan(0, count);
        for (int i = 0; i < count; i++) local[i] = _place[rows[i]];
        for (int j = 0; j < count; j++)
        {
            ReadOnlySpan<double> column = _stack.AsSpan((int)(_top + (long)j * count), count);
            var target = front.Slice(local[j] * size, size);
            for (int i = j; i < column.Length; i++) target[local[i]] += column[i];
        }
    }

    private void PushContribution(int s, int size, int width)
    {
        int count = size - width;
        if (count == 0) return;
        long needed = _top + (long)count * count;
        if (needed > _stack.Length) Array.Resize(ref _stack, (int)Math.Min(Array.MaxLength, Math.Max(needed, needed + needed / 4)));
        for (int j = 0; j < count; j++) _front.AsSpan((width + j) * size + width, count).CopyTo(_stack.AsSpan((int)(_top + (long)j * count)));
        _top = needed;
        _waiting.Push(s);
    }
}
