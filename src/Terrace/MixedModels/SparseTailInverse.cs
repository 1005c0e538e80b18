using System.Runtime.CompilerServices;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// The tail's part of a selected inverse with a sparse tail: its entries on the pattern of the cross-products, and N_tt B_l' for every lead level, read from the fronts as they are computed.
/// </summary>
/// <remarks>Takahashi, Fagan and Chen (1973): the columns that a lead level meets lie in one front. Symbols: N_tt on the pattern -> <see cref="Values"/>. Check: SparseTailTests (dense twins).</remarks>
internal sealed class SparseTailInverse : IInverseReader
{
    private readonly RandomEffectsLayout _layout;
    private readonly CouplingPattern _pattern;
    private readonly SparseTail _tail;
    private readonly SelectedInverse _owner;
    private readonly int[] _local;
    private SparseInverse? _inverse;
    private BlockedCholesky? _factor;
    private SupernodalStructure? _structure;

    public SparseTailInverse(RandomEffectsLayout layout, CouplingPattern pattern, SelectedInverse owner)
    {
        (_layout, _pattern, _tail, _owner) = (layout, pattern, pattern.Sparse!, owner);
        Values = new SparseTailMatrix(_tail.Pattern, owner.FixedColumns);
        _local = new int[pattern.LargestCount() + owner.FixedColumns];
    }

    /// <summary>The entries on the pattern.</summary>
    public SparseTailMatrix Values { get; }

    /// <summary>Computes the entries, and has the owner complete every lead level.</summary>
    public void Compute(BlockedCholesky factor)
    {
        _factor = factor;
        var cholesky = factor.SparseTail!.Cholesky;
        if (_structure != cholesky.Structure) _inverse = new SparseInverse(cholesky.Structure);
        _structure = cholesky.Structure;
        _inverse!.Compute(cholesky, _owner.FixedColumns > 0, this);
    }

    /// <inheritdoc/>
    public void Read(int supernode, ReadOnlySpan<int> place, ReadOnlySpan<double> front, int size)
    {
        int random = _layout.TailColumns, p = _owner.FixedColumns;
        if (_structure!.FirstColumn[supernode] >= random)
        {
            for (int e = 0; e < p * p; e++) Values.Corner[e] = front[place[random + e % p] + place[random + e / p] * size];
            return;
        }
        for (int j = _structure.FirstColumn[supernode]; j < _structure.FirstColumn[supernode + 1];)
        {
            int node = _tail.Pattern.NodeOf[_structure.Order[j]];
            ReadNode(node, place[j], place, front, size);
            j += _tail.Pattern.Width(node);
        }
        for (int k = _tail.PairStarts[supernode]; k < _tail.PairStarts[supernode + 1]; k++) ReadPair(_tail.Pairs[k], place, front, size);
        for (int k = _tail.LevelStarts[supernode]; k < _tail.LevelStarts[supernode + 1]; k++) ReadLevel(_tail.Levels[k], place, front, size);
    }

    private void ReadNode(int node, int first, ReadOnlySpan<int> place, ReadOnlySpan<double> front, int size)
    {
        var pattern = _tail.Pattern;
        int k = pattern.Width(node), p = _owner.FixedColumns;
        var block = Values.Diagonal.AsSpan(pattern.DiagonalStart[node], k * k);
        for (int c = 0; c < k; c++)
        {
            front.Slice((first + c) * size + first, k).CopyTo(block[(c * k)..]);
            for (int j = 0; j < p; j++) Values.Fixed[(pattern.FirstColumn[node] + c) * p + j] = front[(first + c) * size + place[_layout.TailColumns + j]];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadPair(int pair, ReadOnlySpan<int> place, ReadOnlySpan<double> front, int size)
    {
        var pattern = _tail.Pattern;
        int node = _tail.PairNode[pair], other = pattern.Partners[pair], k = pattern.Width(node), rows = pattern.Width(other);
        int column = place[_structure!.Position[pattern.FirstColumn[node]]], row = place[_structure.Position[pattern.FirstColumn[other]]];
        for (int c = 0; c < k; c++) front.Slice((column + c) * size + row, rows).CopyTo(Values.OffDiagonal.AsSpan(pattern.BlockStart[pair] + c * rows));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadLevel(int level, ReadOnlySpan<int> place, ReadOnlySpan<double> front, int size)
    {
        int start = _pattern.Starts[level], random = _pattern.Count(level), columns = random + _owner.FixedColumns, width = _layout.LeadWidth;
        for (int a = 0; a < random; a++) _local[a] = place[_structure!.Position[_pattern.Columns[start + a]]];
        for (int j = 0; j < _owner.FixedColumns; j++) _local[random + j] = place[_layout.TailColumns + j];
        ReadOnlySpan<double> coupling = _factor!.Coupling.AsSpan(width * (start + level * _factor.FixedColumns), width * columns);
        var product = _owner.LevelProduct;
        for (int a = 0; a < columns; a++)
        {
            var column = front.Slice(_local[a] * size, size);
            for (int r = 0; r < width; r++)
            {
                double sum = 0;
                for (int b = 0; b < columns; b++) sum += column[_local[b]] * coupling[b * width + r];
                product[a * width + r] = sum;
            }
        }
        _owner.CompleteLevel(_factor, level);
    }
}
