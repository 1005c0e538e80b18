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
        Tail = new Matrix(0, 0);
    }

    /// <summary>The number of fixed-effects columns in the tail.</summary>
    public int FixedColumns { get; }

    /// <summary>The diagonal block of each lead level, k × k.</summary>
    public double[] Lead { get; }

    /// <summary>The coupling block of each lead level, k × its tail columns.</summary>
    public double[] Coupling { get; }

    /// <summary>The inverse of the tail's Schur complement, full.</summary>
    public Matrix Tail { get; private set; }

    /// <summary>Where the coupling block of a lead level begins.</summary>
    public int CouplingStart(int level) => _layout.LeadWidth * (_pattern.Starts[level] + level * FixedColumns);

    /// <summary>Computes the entries from a factor, whose fixed effects are left out if this object has none.</summary>
    public void Compute(BlockedCholesky factor)
    {
        Tail = InvertTail(factor.Tail);
        for (int l = 0; l < _layout.LeadLevels; l++) ComputeLevel(factor, l);
    }

    private Matrix InvertTail(Matrix factor)
    {
        int size = _layout.TailColumns + FixedColumns;
        if (size == 0) return new Matrix(0, 0);
        if (size == factor.Rows) return Cholesky.InverseFromFactor(factor);
        var leading = new Matrix(size, size);
        for (int j = 0; j < size; j++) factor.Column(j)[..size].CopyTo(leading.Column(j));
        return Cholesky.InverseFromFactor(leading);
    }

    private void ComputeLevel(BlockedCholesky factor, int level)
    {
        int width = _layout.LeadWidth, random = _pattern.Count(level), columns = random + FixedColumns;
        var coupling = factor.Coupling.AsSpan(width * (_pattern.Starts[level] + level * factor.FixedColumns), width * columns);
        var l = factor.LeadFactor(level);
        for (int a = 0; a < columns; a++) _columns[a] = a < random ? _pattern.Columns[_pattern.Starts[level] + a] : _layout.TailColumns + a - random;
        TailTimesCoupling(coupling, columns, width);
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

    /// <summary>Row a of the product is column a of B_l N_tt over the level's tail columns.</summary>
    private void TailTimesCoupling(ReadOnlySpan<double> coupling, int columns, int width)
    {
        for (int a = 0; a < columns; a++)
        {
            var column = Tail.Column(_columns[a]);
            for (int b = 0; b < columns; b++) _gathered[b] = column[_columns[b]];
            for (int r = 0; r < width; r++)
            {
                double sum = 0;
                if (width == 1) sum = VectorLoops.Dot(_gathered.AsSpan(0, columns), coupling[..columns]);
                else
                {
                    for (int b = 0; b < columns; b++) sum += _gathered[b] * coupling[b * width + r];
                }
                _product[a * width + r] = sum;
            }
        }
    }

    /// <summary>block = L'⁻¹ block L⁻¹ for a symmetric block.</summary>
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
