using System.Runtime.CompilerServices;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// The sparse Cholesky factor of the tail's Schur complement Λ_t'T Λ_t + I − Σ_l B_l'B_l, the fixed effects as a dense border.
/// </summary>
/// <remarks>
/// <para>A lead level's B_l'B_l is dense on the columns that it meets; it is added as a whole to the front of the earliest of them, as the element matrices of Duff and Reid (1983), <em>The multifrontal solution of
/// indefinite sparse symmetric linear equations</em>, section 2.</para>
/// <para>Symbols: T -> <see cref="SparseTailMatrix"/>; B_l -> coupling. Vectors between <see cref="SolveForward"/> and <see cref="SolveBackward"/> are in the order of elimination. Check: SparseTailTests (dense twins).</para>
/// </remarks>
internal sealed class SparseTailFactor : IFrontalMatrix
{
    private readonly RandomEffectsLayout _layout;
    private readonly CouplingPattern _pattern;
    private readonly SparseTail _tail;
    private readonly int _fixedColumns;
    private readonly double[] _half;
    private readonly double[] _work;
    private readonly int[] _local;
    private SparseTailMatrix? _source;
    private RelativeCovarianceFactor? _lambda;
    private double[] _coupling = [];

    /// <exception cref="ModelException">The tail is to be solved iteratively, or its factor does not fit into memory.</exception>
    public SparseTailFactor(RandomEffectsLayout layout, CouplingPattern pattern, int fixedColumns)
    {
        (_layout, _pattern, _tail, _fixedColumns) = (layout, pattern, pattern.Sparse!, fixedColumns);
        if (!_tail.IsOrdered) throw SparseTail.NotOrdered();
        Cholesky = new SparseCholesky(_tail.Structure(fixedColumns));
        int widest = layout.Terms.Max(t => t.Width);
        _half = new double[widest * widest];
        _work = new double[Cholesky.Structure.Columns];
        _local = new int[pattern.LargestCount() + fixedColumns];
    }

    /// <summary>The factor in the order of elimination.</summary>
    public SparseCholesky Cholesky { get; }

    private SupernodalStructure Structure => Cholesky.Structure;

    private int RandomColumns => Structure.Columns - _fixedColumns;

    /// <summary>Factors; false if the Schur complement is not positive definite.</summary>
    public bool TryFactor(SparseTailMatrix source, RelativeCovarianceFactor lambda, double[] coupling)
    {
        (_source, _lambda, _coupling) = (source, lambda, coupling);
        return Cholesky.TryFactor(this);
    }

    /// <summary>log |·| of the random columns' block and of the fixed effects' Schur complement.</summary>
    public (double Random, double Fixed) LogDeterminants() => (Cholesky.LogDeterminant(0, RandomColumns), Cholesky.LogDeterminant(RandomColumns, Structure.Columns));

    /// <summary>Entry (i, j), i ≥ j, of the fixed effects' factor.</summary>
    public double FixedEntry(int i, int j) => Cholesky.Entry(RandomColumns + i, RandomColumns + j);

    /// <summary>Replaces x by L⁻¹P x.</summary>
    public void SolveForward(Span<double> x)
    {
        for (int k = 0; k < _work.Length; k++) _work[k] = x[Structure.Order[k]];
        Cholesky.SolveForward(_work);
        _work.CopyTo(x);
    }

    /// <summary>Replaces x by P'L'⁻¹x.</summary>
    public void SolveBackward(Span<double> x)
    {
        Cholesky.SolveBackward(x);
        for (int k = 0; k < _work.Length; k++) _work[Structure.Order[k]] = x[k];
        _work.CopyTo(x);
    }

    /// <inheritdoc/>
    public void AddTo(int supernode, ReadOnlySpan<int> place, Span<double> front, int size)
    {
        if (Structure.FirstColumn[supernode] >= RandomColumns)
        {
            AddCorner(place, front, size);
            return;
        }
        for (int j = Structure.FirstColumn[supernode]; j < Structure.FirstColumn[supernode + 1];)
        {
            int node = _tail.Pattern.NodeOf[Structure.Order[j]];
            AddNode(node, place[j], place, front, size);
            j += _tail.Pattern.Width(node);
        }
        for (int k = _tail.PairStarts[supernode]; k < _tail.PairStarts[supernode + 1]; k++) AddPair(_tail.Pairs[k], place, front, size);
        for (int k = _tail.LevelStarts[supernode]; k < _tail.LevelStarts[supernode + 1]; k++) SubtractLevel(_tail.Levels[k], place, front, size);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddNode(int node, int first, ReadOnlySpan<int> place, Span<double> front, int size)
    {
        var pattern = _tail.Pattern;
        int k = pattern.Width(node), p = _fixedColumns;
        double[] t = _lambda!.Blocks[pattern.Term[node]];
        ReadOnlySpan<double> block = _source!.Diagonal.AsSpan(pattern.DiagonalStart[node], k * k), border = _source.Fixed.AsSpan(pattern.FirstColumn[node] * p, k * p);
        MultiplyRight(block, k, t, k);
        for (int c = 0; c < k; c++)
        {
            var to = front.Slice((first + c) * size, size);
            for (int r = c; r < k; r++)
            {
                double sum = r == c ? 1 : 0;
                for (int i = r; i < k; i++) sum += t[i + r * k] * _half[i + c * k];
                to[first + r] += sum;
            }
            for (int j = 0; j < p; j++)
            {
                double sum = 0;
                for (int i = c; i < k; i++) sum += border[j + i * p] * t[i + c * k];
                to[place[RandomColumns + j]] += sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddPair(int pair, ReadOnlySpan<int> place, Span<double> front, int size)
    {
        var pattern = _tail.Pattern;
        int node = _tail.PairNode[pair], other = pattern.Partners[pair], k = pattern.Width(node), rows = pattern.Width(other);
        double[] tNode = _lambda!.Blocks[pattern.Term[node]], tOther = _lambda.Blocks[pattern.Term[other]];
        int column = place[Structure.Position[pattern.FirstColumn[node]]], row = place[Structure.Position[pattern.FirstColumn[other]]];
        MultiplyRight(_source!.OffDiagonal.AsSpan(pattern.BlockStart[pair], rows * k), rows, tNode, k);
        for (int c = 0; c < k; c++)
        {
            for (int r = 0; r < rows; r++)
            {
                double sum = 0;
                for (int i = r; i < rows; i++) sum += tOther[i + r * rows] * _half[i + c * rows];
                int a = row + r, b = column + c;
                front[a > b ? a + b * size : b + a * size] += sum;
            }
        }
    }

    /// <summary>half = block T for a block of some rows and the k × k lower triangle T.</summary>
    private void MultiplyRight(ReadOnlySpan<double> block, int rows, double[] t, int k)
    {
        for (int c = 0; c < k; c++)
        {
            for (int r = 0; r < rows; r++)
            {
                double sum = 0;
                for (int i = c; i < k; i++) sum += block[r + i * rows] * t[i + c * k];
                _half[r + c * rows] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SubtractLevel(int level, ReadOnlySpan<int> place, Span<double> front, int size)
    {
        int width = _layout.LeadWidth, start = _pattern.Starts[level], random = _pattern.Count(level), columns = random + _fixedColumns;
        for (int a = 0; a < random; a++) _local[a] = place[Structure.Position[_pattern.Columns[start + a]]];
        for (int j = 0; j < _fixedColumns; j++) _local[random + j] = place[RandomColumns + j];
        var local = _local.AsSpan(0, columns);
        ReadOnlySpan<double> b = _coupling.AsSpan(width * (start + level * _fixedColumns), width * columns);
        for (int a = 0; a < local.Length; a++)
        {
            for (int c = 0; c <= a; c++)
            {
                double sum = 0;
                for (int r = 0; r < width; r++) sum += b[a * width + r] * b[c * width + r];
                int i = local[a], j = local[c];
                front[i > j ? i + j * size : j + i * size] -= sum;
            }
        }
    }

    private void AddCorner(ReadOnlySpan<int> place, Span<double> front, int size)
    {
        int p = _fixedColumns;
        for (int c = 0; c < p; c++)
        {
            for (int r = c; r < p; r++) front[place[RandomColumns + r] + place[RandomColumns + c] * size] += _source!.Corner[r + c * p];
        }
    }
}
