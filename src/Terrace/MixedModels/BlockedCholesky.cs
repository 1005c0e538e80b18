using System.Runtime.CompilerServices;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// The Cholesky factor of H(θ) = [Λ'Z'WZΛ + I, Λ'Z'WX; X'WZΛ, X'WX], the lead factor's levels eliminated one by one into the Schur complement of a dense tail.
/// </summary>
/// <remarks>
/// <para>L_l L_l' = Λ₁'D_l Λ₁ + I; B_l = L_l⁻¹ Λ₁'C_l Λ_t; tail: L_t L_t' = Λ_t'T Λ_t + I − Σ_l B_l'B_l (no I for X). log |M| = 2 Σ log L_l + 2 Σ log L_t over random columns.</para>
/// <para>Symbols: L_l -> <see cref="LeadFactors"/>; B_l -> <see cref="Coupling"/>; L_t -> <see cref="Tail"/>; D, C, T are the blocks of <see cref="BlockedCrossProduct"/>.</para>
/// <para>Bates et al. (2015), section 3.4, and Bates's MixedModels.jl for the blocks; with X in the tail log |R_X|² comes with it (their equation 18).</para>
/// <para>Check: BlockedCholeskyTests compares determinants, solutions and the inverse with dense matrices.</para>
/// </remarks>
internal sealed class BlockedCholesky
{
    private readonly RandomEffectsLayout _layout;
    private readonly CouplingPattern _pattern;
    private readonly double[] _lead;
    private readonly int[] _tailColumns;
    private readonly TailScaling _scaling;
    private readonly int _tailSize;
    private readonly DenseCoupling? _dense;

    public BlockedCholesky(RandomEffectsLayout layout, CouplingPattern pattern, int fixedColumns)
    {
        _layout = layout;
        _pattern = pattern;
        FixedColumns = fixedColumns;
        int width = layout.LeadWidth;
        LeadFactors = new double[layout.LeadLevels * width * width];
        Coupling = new double[width * (pattern.Columns.Length + layout.LeadLevels * fixedColumns)];
        _tailSize = layout.TailColumns + fixedColumns;
        SparseTail = pattern.Sparse is null ? null : new SparseTailFactor(layout, pattern, fixedColumns);
        int dense = SparseTail is null ? _tailSize : 0;
        Tail = new Matrix(dense, dense);
        _lead = new double[width * width];
        _tailColumns = new int[pattern.LargestCount() + fixedColumns];
        _scaling = new TailScaling(layout, _tailSize);
        _dense = SparseTail is not null ? null : DenseCoupling.IfItPays(layout, pattern, fixedColumns);
    }

    /// <summary>The number of fixed-effects columns in the tail.</summary>
    public int FixedColumns { get; }

    /// <summary>The lower-triangular L_l of each lead level.</summary>
    public double[] LeadFactors { get; }

    /// <summary>The scaled coupling B_l, laid out as in the cross-product.</summary>
    public double[] Coupling { get; }

    /// <summary>The lower-triangular factor of the tail's Schur complement where it is dense, else empty.</summary>
    public Matrix Tail { get; }

    /// <summary>The factor of the tail's Schur complement where it is sparse, else null.</summary>
    public SparseTailFactor? SparseTail { get; }

    /// <summary>log |M|, M the block of the random effects.</summary>
    public double LogDeterminantRandom { get; private set; }

    /// <summary>log |R_X|², the fixed effects' part of log |H|.</summary>
    public double LogDeterminantFixed { get; private set; }

    /// <summary>Factors; false if the matrix is not positive definite (negative weights, collinear X).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryFactor(BlockedCrossProduct product, RelativeCovarianceFactor lambda)
    {
        if (_layout.TailIsScalar || SparseTail is null) _scaling.Apply(product.Tail, lambda, Tail);
        var leads = new CompensatedSum();
        for (int l = 0; l < _layout.LeadLevels; l++)
        {
            double level = 0;
            if (!FactorLead(product, lambda, l, ref level)) return false;
            leads.Add(level);
            if (_layout.AllScalar && _layout.LeadWidth == 1) ScaleScalarCoupling(product, lambda, l);
            else ScaleCoupling(product, lambda, l);
            if (_dense is null && SparseTail is null) Eliminate(product, l);
        }
        double logDeterminant = leads.Value;
        if (SparseTail is not null) return TryFactorSparseTail(product, lambda, logDeterminant);
        _dense?.SubtractSquare(Coupling, Tail);
        if (Tail.Rows > 0 && !Cholesky.TryFactor(Tail)) return false;
        LogDeterminantFixed = 0;
        for (int j = 0; j < Tail.Rows; j++)
        {
            double term = 2 * Math.Log(Tail[j, j]);
            if (j < _layout.TailColumns) logDeterminant += term;
            else LogDeterminantFixed += term;
        }
        LogDeterminantRandom = logDeterminant;
        return double.IsFinite(logDeterminant);
    }

    private bool TryFactorSparseTail(BlockedCrossProduct product, RelativeCovarianceFactor lambda, double logDeterminant)
    {
        if (!SparseTail!.TryFactor(product.SparseTail!, lambda, Coupling)) return false;
        (double random, LogDeterminantFixed) = SparseTail.LogDeterminants();
        LogDeterminantRandom = logDeterminant + random;
        return double.IsFinite(LogDeterminantRandom);
    }

    /// <summary>Entry (i, j), i ≥ j, of the fixed effects' part R_X' of the factor.</summary>
    public double FixedEntry(int i, int j) => SparseTail is null ? Tail[_layout.TailColumns + i, _layout.TailColumns + j] : SparseTail.FixedEntry(i, j);

    /// <summary>Replaces x by L⁻¹ x (a sparse tail's part in its order of elimination, the fixed effects last).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SolveForward(Span<double> x)
    {
        int width = _layout.LeadWidth;
        var tail = x.Slice(_layout.LeadColumns, _tailSize);
        for (int l = 0; l < _layout.LeadLevels; l++)
        {
            var lead = x.Slice(l * width, width);
            SmallTriangle.SolveLower(LeadFactor(l), width, lead);
            int start = CouplingStart(l), columns = ListTailColumns(l);
            for (int a = 0; a < columns; a++)
            {
                double sum = 0;
                for (int r = 0; r < width; r++) sum += Coupling[start + a * width + r] * lead[r];
                tail[_tailColumns[a]] -= sum;
            }
        }
        if (SparseTail is not null) SparseTail.SolveForward(tail);
        else if (tail.Length > 0) Cholesky.SolveLower(Tail, tail);
    }

    /// <summary>Replaces x by L'⁻¹ x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SolveBackward(Span<double> x)
    {
        int width = _layout.LeadWidth;
        var tail = x.Slice(_layout.LeadColumns, _tailSize);
        if (SparseTail is not null) SparseTail.SolveBackward(tail);
        else if (tail.Length > 0) Cholesky.SolveLowerTransposed(Tail, tail);
        for (int l = 0; l < _layout.LeadLevels; l++)
        {
            var lead = x.Slice(l * width, width);
            int start = CouplingStart(l), columns = ListTailColumns(l);
            for (int a = 0; a < columns; a++)
            {
                double value = tail[_tailColumns[a]];
                for (int r = 0; r < width; r++) lead[r] -= Coupling[start + a * width + r] * value;
            }
            SmallTriangle.SolveLowerTransposed(LeadFactor(l), width, lead);
        }
    }

    /// <summary>Replaces x by H⁻¹ x.</summary>
    public void Solve(Span<double> x)
    {
        SolveForward(x);
        SolveBackward(x);
    }

    /// <summary>L_l of a lead level.</summary>
    public ReadOnlySpan<double> LeadFactor(int level) =>
        LeadFactors.AsSpan(level * _layout.LeadWidth * _layout.LeadWidth, _layout.LeadWidth * _layout.LeadWidth);

    private int CouplingStart(int level) => _layout.LeadWidth * (_pattern.Starts[level] + level * FixedColumns);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int ListTailColumns(int level)
    {
        int random = _pattern.Count(level);
        _pattern.Columns.AsSpan(_pattern.Starts[level], random).CopyTo(_tailColumns);
        for (int j = 0; j < FixedColumns; j++) _tailColumns[random + j] = _layout.TailColumns + j;
        return random + FixedColumns;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool FactorLead(BlockedCrossProduct product, RelativeCovarianceFactor lambda, int level, ref double logDeterminant)
    {
        int width = _layout.LeadWidth, first = level * width * width;
        var factor = LeadFactors.AsSpan(first, width * width);
        for (int c = 0; c < width; c++)
        {
            RelativeCovarianceFactor.MultiplyLevelTransposed(lambda.Lead, width, product.Lead.AsSpan(first + c * width, width), _lead.AsSpan(c * width));
        }
        for (int c = 0; c < width; c++)
        {
            for (int r = c; r < width; r++)
            {
                double sum = r == c ? 1 : 0;
                for (int k = c; k < width; k++) sum += _lead[k * width + r] * lambda.Lead[k + c * width];
                factor[r + c * width] = sum;
            }
        }
        return SmallTriangle.TryFactor(factor, width, ref logDeterminant);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScaleCoupling(BlockedCrossProduct product, RelativeCovarianceFactor lambda, int level)
    {
        int width = _layout.LeadWidth, start = CouplingStart(level), columns = ListTailColumns(level), random = columns - FixedColumns;
        var factor = LeadFactor(level);
        for (int a = 0; a < columns; a++)
        {
            var to = Coupling.AsSpan(start + a * width, width);
            RelativeCovarianceFactor.MultiplyLevelTransposed(lambda.Lead, width, product.Coupling.AsSpan(start + a * width, width), to);
            SmallTriangle.SolveLower(factor, width, to);
        }
        for (int a = 0; a < random;)
        {
            int t = _layout.TailTerm[_tailColumns[a]], k = _layout.Terms[t].Width;
            TailScaling.MixColumns(lambda.Blocks[t], k, Coupling.AsSpan(start + a * width, k * width), width);
            a += k;
        }
    }

    /// <summary>Subtracts B_l'B_l from the tail's lower triangle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Eliminate(BlockedCrossProduct product, int level)
    {
        int width = _layout.LeadWidth, start = CouplingStart(level), columns = product.CouplingColumns(level), size = Tail.Rows;
        double[] tail = Tail.Values;
        var coupling = Coupling.AsSpan(start, columns * width);
        for (int b = 0; b < columns; b++)
        {
            int column = _tailColumns[b] * size;
            if (width == 1)
            {
                SubtractMultiple(tail.AsSpan(column, size), _tailColumns.AsSpan(b, columns - b), coupling[b..columns]);
                continue;
            }
            for (int a = b; a < columns; a++)
            {
                double sum = 0;
                for (int r = 0; r < width; r++) sum += coupling[a * width + r] * coupling[b * width + r];
                tail[column + _tailColumns[a]] -= sum;
            }
        }
    }

    /// <summary>target[columns[i]] −= values[i] values[0].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SubtractMultiple(Span<double> target, ReadOnlySpan<int> columns, ReadOnlySpan<double> values)
    {
        double factor = values[0];
        for (int i = 0; i < columns.Length; i++) target[columns[i]] -= values[i] * factor;
    }

    /// <summary>The coupling of a level where every term has one column per level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScaleScalarCoupling(BlockedCrossProduct product, RelativeCovarianceFactor lambda, int level)
    {
        int start = CouplingStart(level), count = ListTailColumns(level);
        double scale = lambda.Lead[0] / LeadFactors[level];
        ReadOnlySpan<double> from = product.Coupling.AsSpan(start, count);
        Span<double> to = Coupling.AsSpan(start, count);
        ReadOnlySpan<int> columns = _tailColumns.AsSpan(0, count);
        double[] tailScale = _scaling.Scales;
        for (int a = 0; a < to.Length; a++) to[a] = from[a] * scale * tailScale[columns[a]];
    }
}
