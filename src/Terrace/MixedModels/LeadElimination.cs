using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// The lead factor eliminated at one θ: P_l = (Λ₁'D_l Λ₁ + I)⁻¹ and F_l = Λ₁ P_l Λ₁' of every level, and what they do to panels of tail vectors.
/// </summary>
/// <remarks>
/// <para>The Schur complement's derivative: with s = C_l Λ_t v, α = P_l Λ₁'s and β = s − D_l F_l s, a change of entry (a, b) of the lead's T changes −s_w'F_l s_v by −(β_w,a α_v,b + β_v,a α_w,b).</para>
/// <para>Golub and Van Loan (2013), section 4.2.9, for the block elimination. Check: IterativeLinearMixedModelTests (dense twins, finite differences).</para>
/// </remarks>
internal sealed class LeadElimination
{
    private const int Lanes = PanelConjugateGradients.Lanes;
    private readonly BlockedCrossProduct _product;
    private readonly CouplingPattern _pattern;
    private readonly int _width;
    private readonly int _fixedColumns;
    private readonly double[] _f;
    private readonly double[] _m;

    public LeadElimination(BlockedCrossProduct product, RelativeCovarianceFactor lambda)
    {
        (_product, _pattern, _width, _fixedColumns) = (product, product.Pattern, product.Layout.LeadWidth, product.FixedColumns);
        _f = new double[product.Lead.Length];
        _m = new double[product.Lead.Length];
        double[] factor = new double[_width * _width], half = new double[_width * _width];
        var log = new CompensatedSum();
        for (int l = 0; l < Levels; l++)
        {
            double level = 0;
            if (!TryFactor(l, lambda.Lead, factor, half, ref level)) throw new ModelException("The system of the random effects is not positive definite; check the weights.");
            log.Add(level);
            Invert(l, lambda.Lead, factor);
        }
        LogDeterminant = log.Value;
    }

    /// <summary>Σ log |Λ₁'D_l Λ₁ + I|.</summary>
    public double LogDeterminant { get; }

    public int Levels => _product.Layout.LeadLevels;

    /// <summary>F_l, k × k.</summary>
    public ReadOnlySpan<double> F(int level) => _f.AsSpan(level * _width * _width, _width * _width);

    /// <summary>P_l Λ₁', k × k.</summary>
    public ReadOnlySpan<double> M(int level) => _m.AsSpan(level * _width * _width, _width * _width);

    /// <summary>The coupling of a level with its random tail columns and the fixed effects.</summary>
    public ReadOnlySpan<double> Coupling(int level) => _product.Coupling.AsSpan(_product.CouplingStart(level), _width * _product.CouplingColumns(level));

    /// <summary>The random tail columns that a level meets.</summary>
    public ReadOnlySpan<int> Columns(int level) => _pattern.Columns.AsSpan(_pattern.Starts[level], _pattern.Count(level));

    /// <summary>The diagonal blocks Λ_t'(T_ii − Σ C_l'F_l C_l)Λ_t + I of the Schur complement, placed as in the tail's pattern.</summary>
    public double[] SchurDiagonal(RelativeCovarianceFactor lambda)
    {
        var tail = _product.SparseTail!;
        var pattern = tail.Pattern;
        double[] blocks = [.. tail.Diagonal];
        for (int l = 0; l < Levels; l++)
        {
            var columns = Columns(l);
            var c = Coupling(l);
            for (int a = 0; a < columns.Length;)
            {
                int node = pattern.NodeOf[columns[a]], k = pattern.Width(node);
                SubtractForm(F(l), c.Slice(a * _width, k * _width), k, blocks.AsSpan(pattern.DiagonalStart[node], k * k));
                a += k;
            }
        }
        for (int i = 0; i < pattern.Nodes; i++) Sandwich(lambda.Blocks[pattern.Term[i]], pattern.Width(i), blocks.AsSpan(pattern.DiagonalStart[i]));
        return blocks;
    }

    /// <summary>product −= Σ C_l'F_l C_l v for a panel, where the lead factor has one column per level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SubtractScalar(ReadOnlySpan<double> v, Span<double> product)
    {
        var x = MemoryMarshal.Cast<double, Vector512<double>>(v);
        var y = MemoryMarshal.Cast<double, Vector512<double>>(product);
        for (int l = 0; l < _f.Length; l++)
        {
            ReadOnlySpan<int> columns = Columns(l);
            ReadOnlySpan<double> c = _product.Coupling.AsSpan(_pattern.Starts[l] + l * _fixedColumns, columns.Length);
            var sum = Vector512<double>.Zero;
            for (int a = 0; a < c.Length; a++) sum += x[columns[a]] * c[a];
            sum *= _f[l];
            for (int a = 0; a < c.Length; a++) y[columns[a]] -= sum * c[a];
        }
    }

    /// <summary>product −= Σ C_l'F_l C_l v for a panel.</summary>
    public void Subtract(ReadOnlySpan<double> v, Span<double> product)
    {
        var sums = new double[_width * Lanes];
        var mixed = new double[_width * Lanes];
        for (int l = 0; l < Levels; l++)
        {
            Gather(l, v, sums);
            MultiplySmall(F(l), sums, mixed);
            Scatter(l, mixed, product);
        }
    }

    /// <summary>
    /// Adds to the lanes of <paramref name="traces"/> (one per θ) the derivative of w'S v through the lead's T, and subtracts Σ C_l'F_l C_l Λ_t from the products of both panels, which have been multiplied by Λ_t.
    /// </summary>
    public void Differentiate(ReadOnlySpan<double> v, ReadOnlySpan<double> w, Span<double> productV, Span<double> productW, Span<double> traces)
    {
        int length = _width * Lanes;
        double[] sv = new double[length], sw = new double[length], av = new double[length], aw = new double[length], bv = new double[length], bw = new double[length];
        for (int l = 0; l < Levels; l++)
        {
            Gather(l, v, sv);
            Gather(l, w, sw);
            MultiplySmall(M(l), sv, av);
            MultiplySmall(M(l), sw, aw);
            Complement(l, sv, bv, productV);
            Complement(l, sw, bw, productW);
            foreach (var term in _product.Layout.LeadLambdaMap) AddTerm(term, av, aw, bv, bw, traces);
        }
    }

    /// <summary>β = s − D F s; F s is subtracted, times C', from the product.</summary>
    private void Complement(int level, double[] s, double[] beta, Span<double> product)
    {
        var mixed = new double[s.Length];
        MultiplySmall(F(level), s, mixed);
        Scatter(level, mixed, product);
        MultiplySmall(_product.Lead.AsSpan(level * _width * _width, _width * _width), mixed, beta);
        for (int i = 0; i < s.Length; i++) beta[i] = s[i] - beta[i];
    }

    private static void AddTerm(RandomTermLayout term, double[] av, double[] aw, double[] bv, double[] bw, Span<double> traces)
    {
        for (int b = 0; b < term.Width; b++)
        {
            for (int a = b; a < term.Width; a++)
            {
                int at = term.ThetaIndex(a, b) * Lanes, row = (term.Start + a) * Lanes, column = (term.Start + b) * Lanes;
                for (int v = 0; v < Lanes; v++) traces[at + v] -= bw[row + v] * av[column + v] + bv[row + v] * aw[column + v];
            }
        }
    }

    /// <summary>C_l v for a panel.</summary>
    public void Gather(int level, ReadOnlySpan<double> v, Span<double> sums)
    {
        ReadOnlySpan<int> columns = Columns(level);
        var c = Coupling(level);
        var x = MemoryMarshal.Cast<double, Vector512<double>>(v);
        var s = MemoryMarshal.Cast<double, Vector512<double>>(sums);
        s.Clear();
        for (int a = 0; a < columns.Length; a++)
        {
            for (int r = 0; r < _width; r++) s[r] += x[columns[a]] * c[a * _width + r];
        }
    }

    private void Scatter(int level, ReadOnlySpan<double> mixed, Span<double> product)
    {
        ReadOnlySpan<int> columns = Columns(level);
        var c = Coupling(level);
        var y = MemoryMarshal.Cast<double, Vector512<double>>(product);
        var m = MemoryMarshal.Cast<double, Vector512<double>>(mixed);
        for (int a = 0; a < columns.Length; a++)
        {
            for (int r = 0; r < _width; r++) y[columns[a]] -= m[r] * c[a * _width + r];
        }
    }

    private void MultiplySmall(ReadOnlySpan<double> matrix, ReadOnlySpan<double> x, Span<double> result)
    {
        var from = MemoryMarshal.Cast<double, Vector512<double>>(x);
        var to = MemoryMarshal.Cast<double, Vector512<double>>(result);
        for (int r = 0; r < _width; r++)
        {
            var sum = Vector512<double>.Zero;
            for (int c = 0; c < _width; c++) sum += from[c] * matrix[r + c * _width];
            to[r] = sum;
        }
    }

    private bool TryFactor(int level, double[] t, double[] factor, double[] half, ref double log)
    {
        int k = _width;
        for (int c = 0; c < k; c++) RelativeCovarianceFactor.MultiplyLevelTransposed(t, k, _product.Lead.AsSpan((level * k + c) * k, k), half.AsSpan(c * k));
        for (int c = 0; c < k; c++)
        {
            for (int r = c; r < k; r++)
            {
                double sum = r == c ? 1 : 0;
                for (int j = c; j < k; j++) sum += half[r + j * k] * t[j + c * k];
                factor[r + c * k] = sum;
            }
        }
        return SmallTriangle.TryFactor(factor, k, ref log);
    }

    /// <summary>M_l = P_l Λ₁' and F_l = Λ₁ M_l.</summary>
    private void Invert(int level, double[] t, double[] factor)
    {
        int k = _width;
        Span<double> m = _m.AsSpan(level * k * k, k * k), f = _f.AsSpan(level * k * k, k * k);
        for (int c = 0; c < k; c++)
        {
            var column = m.Slice(c * k, k);
            for (int r = 0; r < k; r++) column[r] = t[c + r * k];
            SmallTriangle.SolveLower(factor, k, column);
            SmallTriangle.SolveLowerTransposed(factor, k, column);
            RelativeCovarianceFactor.MultiplyLevel(t, k, column, f.Slice(c * k, k));
        }
    }

    /// <summary>target −= C'F C for k columns of the coupling.</summary>
    private void SubtractForm(ReadOnlySpan<double> f, ReadOnlySpan<double> c, int k, Span<double> target)
    {
        for (int j = 0; j < k; j++)
        {
            for (int i = 0; i < k; i++)
            {
                double sum = 0;
                for (int e = 0; e < _width * _width; e++) sum += c[i * _width + e % _width] * f[e] * c[j * _width + e / _width];
                target[i + j * k] -= sum;
            }
        }
    }

    /// <summary>block = T' block T + I.</summary>
    private static void Sandwich(double[] t, int k, Span<double> block)
    {
        var half = new double[k * k];
        for (int c = 0; c < k; c++)
        {
            for (int r = 0; r < k; r++)
            {
                for (int i = c; i < k; i++) half[r + c * k] += block[r + i * k] * t[i + c * k];
            }
        }
        for (int c = 0; c < k; c++) RelativeCovarianceFactor.MultiplyLevelTransposed(t, k, half.AsSpan(c * k, k), block[(c * k)..]);
        for (int r = 0; r < k; r++) block[r * (k + 1)] += 1;
    }
}
