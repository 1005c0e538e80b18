using System.Runtime.CompilerServices;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// The entries of N = H⁻¹ on the pattern of Z'WZ: the lead levels' diagonal blocks, their coupling with the tail, the whole tail; enough for every trace, leverage
/// and conditional variance.
/// </summary>
/// <remarks>
/// <para>N_tt = (L_t L_t')⁻¹; N_lt = −L_l'⁻¹ B_l N_tt; N_ll = L_l'⁻¹ (I + B_l N_tt B_l') L_l⁻¹: Takahashi, Fagan and Chen (1973) for one sparse block.</para>
/// <para>Symbols: N_ll -> <see cref="Lead"/>; N_lt on the pattern -> <see cref="Coupling"/>; N_tt -> <see cref="Tail"/>. Without fixed effects H is M, with them the
/// inverse is the joint covariance of (u, γ).</para>
/// <para>Check: BlockedCholeskyTests compares with the dense inverse.</para>
/// </remarks>
internal sealed class SelectedInverse
{
    private readonly RandomEffectsLayout _layout;
    private readonly CouplingPattern _pattern;
    private readonly double[] _gathered;
    private readonly double[] _product;
    private readonly int[] _columns;
    private readonly DenseCoupling? _dense;
    private readonly Matrix _denseProduct;
    private readonly Matrix _triangle;
    private readonly SparseTailInverse? _sparse;

    /// <summary>Makes room; <paramref name="fixedColumns"/> is 0 for M⁻¹ alone.</summary>
    public SelectedInverse(RandomEffectsLayout layout, CouplingPattern pattern, int fixedColumns)
    {
        _layout = layout;
        _pattern = pattern;
        FixedColumns = fixedColumns;
        int width = layout.LeadWidth, largest = pattern.LargestCount() + fixedColumns;
        Lead = new double[layout.LeadLevels * width * width];
        Coupling = new double[width * (pattern.Columns.Length + layout.LeadLevels * fixedColumns)];
        _gathered = new double[largest];
        _product = new double[largest * width];
        _columns = new int[largest];
        _sparse = pattern.Sparse is null ? null : new SparseTailInverse(layout, pattern, this);
        _dense = _sparse is not null ? null : DenseCoupling.IfItPays(layout, pattern, fixedColumns);
        int size = _sparse is null ? layout.TailColumns + fixedColumns : 0;
        _denseProduct = new Matrix(size, _dense?.Block.Columns ?? 0);
        _triangle = new Matrix(size, size);
        Tail = new Matrix(_triangle.Rows, _triangle.Rows);
    }

    /// <summary>The number of fixed-effects columns in the tail.</summary>
    public int FixedColumns { get; }

    /// <summary>The diagonal block of each lead level, k × k.</summary>
    public double[] Lead { get; }

    /// <summary>The coupling block of each lead level, k × its tail columns.</summary>
    public double[] Coupling { get; }

    /// <summary>The inverse of the tail's Schur complement, full; empty where the tail is sparse.</summary>
    public Matrix Tail { get; }

    /// <summary>The entries of that inverse on the pattern of a sparse tail, else null.</summary>
    public SparseTailMatrix? SparseTail => _sparse?.Values;

    /// <summary>Room for N_tt B_l' of one lead level, row by row.</summary>
    internal Span<double> LevelProduct => _product;

    /// <summary>Entry (i, j) of the tail's inverse; of a sparse tail it must be on the pattern.</summary>
    public double TailEntry(int i, int j) => SparseTail is null ? Tail[i, j] : SparseTail.Entry(i, j);

    /// <summary>Where the coupling block of a lead level begins.</summary>
    public int CouplingStart(int level) => _layout.LeadWidth * (_pattern.Starts[level] + level * FixedColumns);

    /// <summary>Computes the entries from a factor, whose fixed effects are left out if this object has none.</summary>
    public void Compute(BlockedCholesky factor)
    {
        if (_sparse is not null)
        {
            _sparse.Compute(factor);
            return;
        }
        InvertTail(factor.Tail);
        for (int l = 0; l < _layout.LeadLevels; l++)
        {
            if (_dense is not null && l % _dense.LevelsPerBlock == 0) MultiplyDense(_dense, factor, l);
            ComputeLevel(factor, l);
        }
    }

    private void InvertTail(Matrix factor)
    {
        int size = Tail.Rows;
        if (size == 0) return;
        for (int j = 0; j < size; j++) factor.Column(j)[j..size].CopyTo(_triangle.Column(j)[j..]);
        Cholesky.InvertTriangle(_triangle);
        Cholesky.InverseFromTriangularInverse(_triangle, Tail);
    }

    /// <summary>N_tt B' for the lead levels of a dense block.</summary>
    private void MultiplyDense(DenseCoupling dense, BlockedCholesky factor, int level)
    {
        dense.Fill(factor.Coupling, factor.FixedColumns, level);
        Array.Clear(_denseProduct.Values);
        Gemm.AddProduct(_denseProduct, 1, Tail, false, dense.Block, false);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ComputeLevel(BlockedCholesky factor, int level)
    {
        int width = _layout.LeadWidth, random = _pattern.Count(level), columns = random + FixedColumns;
        var coupling = factor.Coupling.AsSpan(width * (_pattern.Starts[level] + level * factor.FixedColumns), width * columns);
        for (int a = 0; a < columns; a++) _columns[a] = a < random ? _pattern.Columns[_pattern.Starts[level] + a] : _layout.TailColumns + a - random;
        if (_dense is null) TailTimesCoupling(coupling, columns, width);
        else GatherProduct(level % _dense.LevelsPerBlock, columns, width);
        CompleteLevel(factor, level);
    }

    /// <summary>N_ll and N_lt of a lead level whose N_tt B_l' stands in <see cref="LevelProduct"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void CompleteLevel(BlockedCholesky factor, int level)
    {
        int width = _layout.LeadWidth, columns = _pattern.Count(level) + FixedColumns;
        var coupling = factor.Coupling.AsSpan(width * (_pattern.Starts[level] + level * factor.FixedColumns), width * columns);
        var l = factor.LeadFactor(level);
        var block = Lead.AsSpan(level * width * width, width * width);
        for (int c = 0; c < width; c++)
        {
            for (int r = 0; r < width; r++)
            {
                double sum = r == c ? 1 : 0;
                for (int a = 0; a < columns; a++) sum += coupling[a * width + r] * _product[a * width + c];
                block[r + c * width] = sum;
            }
        }
        TwoSided(l, block, width);
        var target = Coupling.AsSpan(CouplingStart(level), width * columns);
        for (int a = 0; a < columns; a++)
        {
            var to = target.Slice(a * width, width);
            for (int r = 0; r < width; r++) to[r] = -_product[a * width + r];
            SmallTriangle.SolveLowerTransposed(l, width, to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(ReadOnlySpan<double> from, ReadOnlySpan<int> places, Span<double> to)
    {
        to = to[..places.Length];
        for (int b = 0; b < to.Length; b++) to[b] = from[places[b]];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GatherProduct(int place, int columns, int width)
    {
        for (int r = 0; r < width; r++)
        {
            var column = _denseProduct.Column(place * width + r);
            for (int a = 0; a < columns; a++) _product[a * width + r] = column[_columns[a]];
        }
    }

    /// <summary>Row a of the product is column a of B_l N_tt over the level's tail columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TailTimesCoupling(ReadOnlySpan<double> coupling, int columns, int width)
    {
        for (int a = 0; a < columns; a++)
        {
            var column = Tail.Column(_columns[a]);
            Gather(column, _columns.AsSpan(0, columns), _gathered);
            for (int r = 0; r < width; r++)
            {
                double sum = 0;
                if (width == 1) sum = ContiguousLoops.Dot(_gathered.AsSpan(0, columns), coupling[..columns]);
                else
                {
                    for (int b = 0; b < columns; b++) sum += _gathered[b] * coupling[b * width + r];
                }
                _product[a * width + r] = sum;
            }
        }
    }

    /// <summary>block = L'⁻¹ block L⁻¹ for a symmetric block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwoSided(ReadOnlySpan<double> l, Span<double> block, int width)
    {
        for (int c = 0; c < width; c++) SmallTriangle.SolveLowerTransposed(l, width, block.Slice(c * width, width));
        for (int r = 0; r < width; r++)
        {
            for (int c = r + 1; c < width; c++) (block[r + c * width], block[c + r * width]) = (block[c + r * width], block[r + c * width]);
        }
        for (int c = 0; c < width; c++) SmallTriangle.SolveLowerTransposed(l, width, block.Slice(c * width, width));
    }
}
