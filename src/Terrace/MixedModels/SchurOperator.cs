using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// The Schur complement of the tail at one θ as an operator, its diagonal blocks scaled to identities: A = L_P⁻¹ S L_P'⁻¹ with S = Λ_t'(T − Σ_l C_l'F_l C_l)Λ_t + I and L_P L_P' the diagonal blocks of S.
/// </summary>
/// <remarks>
/// <para>F_l = Λ₁ P_l Λ₁', P_l = (Λ₁'D_l Λ₁ + I)⁻¹: the lead factor is eliminated exactly, the rest only multiplied by, at the price of one pass over the coupling for eight vectors. Scaling by diagonal blocks is the
/// block Jacobi preconditioner: Saad (2003), <em>Iterative Methods for Sparse Linear Systems</em>, section 10.2 and, for mixed models, Strandén and Lidauer (1999). With randomly crossed factors A's eigenvalues lie close to 1 but for a few.</para>
/// <para>Symbols: Λ_t L_P'⁻¹ of a node -> <see cref="_scale"/>, L_P⁻¹L_P'⁻¹ -> <see cref="_identity"/>; R = T − Σ C_l'F_l C_l. Check: IterativeLinearMixedModelTests (dense twins).</para>
/// </remarks>
internal sealed class SchurOperator : IPanelOperator
{
    private const int Lanes = PanelConjugateGradients.Lanes;
    private readonly BlockedCrossProduct _product;
    private readonly RelativeCovarianceFactor _lambda;
    private readonly RandomEffectsLayout _layout;
    private readonly TailPattern _pattern;
    private readonly double[] _scale;
    private readonly double[] _identity;
    private readonly double[] _root;

    public SchurOperator(BlockedCrossProduct product, LeadElimination lead, RelativeCovarianceFactor lambda)
    {
        (_product, Lead, _lambda, _layout, _pattern) = (product, lead, lambda, product.Layout, product.SparseTail!.Pattern);
        Size = _layout.TailColumns;
        _root = lead.SchurDiagonal(lambda);
        _scale = new double[_root.Length];
        _identity = new double[_root.Length];
        for (int i = 0; i < _pattern.Nodes; i++) PrepareNode(i);
    }

    /// <summary>The eliminated lead factor.</summary>
    public LeadElimination Lead { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>log |L_P L_P'|.</summary>
    public double LogDeterminantScale { get; private set; }

    /// <summary>Whether all terms have one column per level and the lead factor one term.</summary>
    public bool IsScalar => _layout.AllScalar && _layout.LeadWidth == 1;

    /// <summary>1 / S_ii where all terms are scalar.</summary>
    public double[] ScalarIdentity => _identity;

    /// <summary>The multiplications that the sum of squares of the off-diagonal entries takes.</summary>
    public double FrobeniusWork
    {
        get
        {
            double work = 0;
            for (int l = 0; l < Lead.Levels; l++) work += (double)_product.Pattern.Count(l) * _product.Pattern.Count(l);
            return work;
        }
    }

    /// <summary>Σ_{i≠j} A_ij² where all terms are scalar, column by column.</summary>
    public double OffDiagonalSquares()
    {
        var (starts, levels) = LevelsByColumn();
        var sums = new double[Size];
        const int Chunk = 256;
        Parallel.For(0, (Size + Chunk - 1) / Chunk, () => new double[Size], (chunk, _, work) =>
        {
            for (int j = chunk * Chunk; j < Math.Min(Size, (chunk + 1) * Chunk); j++) sums[j] = OffDiagonalSquares(j, levels.AsSpan(starts[j], starts[j + 1] - starts[j]), work);
            return work;
        }, _ => { });
        return sums.Sum();
    }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<double> x, Span<double> product)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(2 * x.Length);
        Span<double> scaled = rented.AsSpan(0, x.Length), raw = rented.AsSpan(x.Length, x.Length);
        Map(_scale, x, scaled, transposed: false);
        MultiplyRaw(scaled, raw);
        Map(_scale, raw, product, transposed: true);
        AddMap(_identity, x, product);
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>L_P'⁻¹ x for a panel.</summary>
    public void Unscale(ReadOnlySpan<double> x, Span<double> result) => SolveRoot(x, result, transposed: true);

    /// <summary>L_P⁻¹ x for a panel.</summary>
    public void Scale(ReadOnlySpan<double> x, Span<double> result) => SolveRoot(x, result, transposed: false);

    /// <summary>Λ_t x for a panel.</summary>
    public void ApplyLambda(ReadOnlySpan<double> x, Span<double> result)
    {
        for (int i = 0; i < _pattern.Nodes; i++)
        {
            int first = _pattern.FirstColumn[i], k = _pattern.Width(i);
            MultiplyBlock(_lambda.Blocks[_pattern.Term[i]], k, x.Slice(first * Lanes, k * Lanes), result.Slice(first * Lanes, k * Lanes), transposed: false);
        }
    }

    /// <summary>R v for a panel v.</summary>
    public void MultiplyRaw(ReadOnlySpan<double> v, Span<double> product)
    {
        MultiplyTail(v, product);
        if (_layout.LeadWidth == 1) Lead.SubtractScalar(v, product);
        else Lead.Subtract(v, product);
    }

    /// <summary>T v, without the fixed effects.</summary>
    public void MultiplyTail(ReadOnlySpan<double> v, Span<double> product)
    {
        var tail = _product.SparseTail!;
        var x = MemoryMarshal.Cast<double, Vector512<double>>(v);
        var y = MemoryMarshal.Cast<double, Vector512<double>>(product);
        y.Clear();
        for (int i = 0; i < _pattern.Nodes; i++)
        {
            int first = _pattern.FirstColumn[i], k = _pattern.Width(i), diagonal = _pattern.DiagonalStart[i];
            for (int e = 0; e < k * k; e++) y[first + e % k] += x[first + e / k] * tail.Diagonal[diagonal + e];
            for (int p = _pattern.Starts[i]; p < _pattern.Starts[i + 1]; p++)
            {
                int other = _pattern.Partners[p], row = _pattern.FirstColumn[other], rows = _pattern.Width(other), at = _pattern.BlockStart[p];
                for (int e = 0; e < rows * k; e++)
                {
                    double g = tail.OffDiagonal[at + e];
                    y[row + e % rows] += x[first + e / rows] * g;
                    y[first + e / rows] += x[row + e % rows] * g;
                }
            }
        }
    }

    /// <summary>2 Σ_{i>j} A_ij²; <paramref name="work"/> comes and goes as zeros.</summary>
    private double OffDiagonalSquares(int column, ReadOnlySpan<int> levels, double[] work)
    {
        var tail = _product.SparseTail!;
        for (int p = _pattern.Starts[column]; p < _pattern.Starts[column + 1]; p++) work[_pattern.Partners[p]] += tail.OffDiagonal[p];
        foreach (int l in levels)
        {
            ReadOnlySpan<int> columns = Lead.Columns(l);
            var c = Lead.Coupling(l);
            int own = columns.BinarySearch(column);
            double factor = c[own] * Lead.F(l)[0];
            for (int a = own + 1; a < columns.Length; a++) work[columns[a]] -= factor * c[a];
        }
        double sum = 0;
        foreach (int l in levels)
        {
            ReadOnlySpan<int> columns = Lead.Columns(l);
            for (int a = columns.BinarySearch(column) + 1; a < columns.Length; a++) sum += TakeSquare(columns[a], column, work);
        }
        for (int p = _pattern.Starts[column]; p < _pattern.Starts[column + 1]; p++) sum += TakeSquare(_pattern.Partners[p], column, work);
        return 2 * sum;
    }

    private double TakeSquare(int row, int column, double[] work)
    {
        double value = work[row] * _scale[row] * _scale[column];
        work[row] = 0;
        return value * value;
    }

    private (int[] Starts, int[] Levels) LevelsByColumn()
    {
        var starts = new int[Size + 1];
        foreach (int column in _product.Pattern.Columns) starts[column + 1]++;
        for (int j = 0; j < Size; j++) starts[j + 1] += starts[j];
        int[] next = starts[..^1];
        var levels = new int[starts[^1]];
        for (int l = 0; l < Lead.Levels; l++)
        {
            foreach (int column in Lead.Columns(l)) levels[next[column]++] = l;
        }
        return (starts, levels);
    }

    private void Map(double[] blocks, ReadOnlySpan<double> x, Span<double> result, bool transposed)
    {
        for (int i = 0; i < _pattern.Nodes; i++)
        {
            int first = _pattern.FirstColumn[i] * Lanes, k = _pattern.Width(i);
            MultiplyBlock(blocks.AsSpan(_pattern.DiagonalStart[i], k * k), k, x.Slice(first, k * Lanes), result.Slice(first, k * Lanes), transposed);
        }
    }

    private void AddMap(double[] blocks, ReadOnlySpan<double> x, Span<double> result)
    {
        var from = MemoryMarshal.Cast<double, Vector512<double>>(x);
        var to = MemoryMarshal.Cast<double, Vector512<double>>(result);
        for (int i = 0; i < _pattern.Nodes; i++)
        {
            int first = _pattern.FirstColumn[i], k = _pattern.Width(i), at = _pattern.DiagonalStart[i];
            for (int e = 0; e < k * k; e++) to[first + e % k] += from[first + e / k] * blocks[at + e];
        }
    }

    /// <summary>result = block x or block'x; every entry of the block counts.</summary>
    private static void MultiplyBlock(ReadOnlySpan<double> block, int k, ReadOnlySpan<double> x, Span<double> result, bool transposed)
    {
        var from = MemoryMarshal.Cast<double, Vector512<double>>(x);
        var to = MemoryMarshal.Cast<double, Vector512<double>>(result);
        for (int r = 0; r < k; r++)
        {
            var sum = Vector512<double>.Zero;
            for (int c = 0; c < k; c++) sum += from[c] * (transposed ? block[c + r * k] : block[r + c * k]);
            to[r] = sum;
        }
    }

    private void SolveRoot(ReadOnlySpan<double> x, Span<double> result, bool transposed)
    {
        x.CopyTo(result);
        var to = MemoryMarshal.Cast<double, Vector512<double>>(result);
        for (int i = 0; i < _pattern.Nodes; i++)
        {
            int k = _pattern.Width(i);
            var l = _root.AsSpan(_pattern.DiagonalStart[i], k * k);
            var part = to.Slice(_pattern.FirstColumn[i], k);
            for (int step = 0; step < k; step++)
            {
                int r = transposed ? k - 1 - step : step;
                for (int c = transposed ? r + 1 : 0; c < (transposed ? k : r); c++) part[r] -= part[c] * (transposed ? l[c + r * k] : l[r + c * k]);
                part[r] /= Vector512.Create(l[r + r * k]);
            }
        }
    }

    /// <summary>The diagonal block's factor in place, T L'⁻¹ and (L L')⁻¹.</summary>
    private void PrepareNode(int node)
    {
        int k = _pattern.Width(node), at = _pattern.DiagonalStart[node];
        var l = _root.AsSpan(at, k * k);
        double log = 0;
        if (!SmallTriangle.TryFactor(l, k, ref log)) throw new ModelException("The system of the random effects is not positive definite; check the weights.");
        LogDeterminantScale += log;
        double[] t = _lambda.Blocks[_pattern.Term[node]], row = new double[k];
        for (int r = 0; r < k; r++)
        {
            for (int c = 0; c < k; c++) row[c] = t[r + c * k];
            SmallTriangle.SolveLower(l, k, row);
            for (int c = 0; c < k; c++) _scale[at + r + c * k] = row[c];
            Array.Clear(row);
            row[r] = 1;
            SmallTriangle.SolveLowerTransposed(l, k, row);
            SmallTriangle.SolveLower(l, k, row);
            for (int c = 0; c < k; c++) _identity[at + c + r * k] = row[c];
        }
    }
}
