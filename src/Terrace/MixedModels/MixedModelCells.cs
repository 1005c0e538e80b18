using System.Buffers;
using System.Runtime.CompilerServices;
using Terrace.Design;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// The cells of a mixed model in the order in which its kernels read them: per cell the row of X (in an orthonormal basis), the levels and covariates of every
/// random-effects term in the layout's order, the offset, and the place of its products in the blocked cross-product.
/// </summary>
/// <remarks>The linear predictor of Bates et al. (2015), equation 2. Symbols: η = offset + X γ + Z b -> <see cref="LinearPredictor"/>; (Z, X)'s -> <see cref="TransposedProduct"/>. Check: BlockedCholeskyTests.</remarks>
internal sealed class MixedModelCells
{
    private readonly int[] _tailTerms;

    public MixedModelCells(DesignMatrices design, FixedEffectsBasis basis, Factorisation factorisation = Factorisation.Automatic, bool mayIterate = false)
    {
        Count = design.Rows;
        Basis = basis;
        Layout = new RandomEffectsLayout(design.RandomTerms);
        Offset = design.Offset;
        FixedColumns = basis.Rank;
        X = basis.Rows;
        var terms = Layout.Terms.Select(t => design.RandomTerms[t.FormulaPosition]).ToArray();
        Codes = [.. terms.Select(t => t.Codes)];
        Z = [.. terms.Select(RowsOf)];
        LeadCodes = Codes[Layout.Terms.ToList().FindIndex(t => t.IsLead)];
        LeadZ = InterleaveLead();
        Tail = TailCombinations.Of(Layout, Codes, Z, Count);
        XColumns = basis.ColumnValues;
        _tailTerms = [.. Enumerable.Range(0, Codes.Length).Where(t => !Layout.Terms[t].IsLead)];
        Pattern = CouplingPattern.Of(Layout, LeadCodes, Codes, factorisation, mayIterate);
        TailPairs = LocatePairs();
        Positions = [.. Layout.Terms.Select((t, i) => t.IsLead ? [] : Pattern.Locate(Layout, t, LeadCodes, Codes[i]))];
    }

    public int Count { get; }

    public RandomEffectsLayout Layout { get; }

    public CouplingPattern Pattern { get; }

    public FixedEffectsBasis Basis { get; }

    /// <summary>The number p of fixed-effects columns in use.</summary>
    public int FixedColumns { get; }

    /// <summary>The basis of the fixed effects, row by row.</summary>
    public double[] X { get; }

    /// <summary>The same column by column.</summary>
    public double[][] XColumns { get; }

    /// <summary>The combinations of levels and covariates in the tail.</summary>
    public TailCombinations Tail { get; }

    public double[] Offset { get; }

    /// <summary>Each cell's level, per term.</summary>
    public int[][] Codes { get; }

    /// <summary>Each cell's covariates, per term, row by row.</summary>
    public double[][] Z { get; }

    /// <summary>Each cell's level of the lead factor.</summary>
    public int[] LeadCodes { get; }

    /// <summary>Each cell's covariates of all the lead factor's terms, row by row.</summary>
    public double[] LeadZ { get; }

    /// <summary>The place of each cell's level among its lead level's coupling columns, per tail term.</summary>
    public int[][] Positions { get; }

    /// <summary>The pair of a sparse tail's pattern that each cell's levels of two of its terms make: <c>[earlier term][later term][cell]</c>; empty elsewhere.</summary>
    public int[][][] TailPairs { get; }

    /// <summary>The number of coefficients: random effects, then fixed effects.</summary>
    public int Coefficients => Layout.Columns + FixedColumns;

    /// <summary>η = offset + (Z, X) (b, γ) for every cell.</summary>
    public void LinearPredictor(ReadOnlySpan<double> coefficients, Span<double> eta)
    {
        Offset.CopyTo(eta);
        AddProduct(coefficients, eta);
    }

    /// <summary>Adds (Z, X) (b, γ) to <paramref name="eta"/>.</summary>
    public void AddProduct(ReadOnlySpan<double> coefficients, Span<double> eta)
    {
        AddFixedProduct(coefficients[Layout.Columns..], eta);
        AddRandomProduct(coefficients, eta);
    }

    /// <summary>Adds Zb to <paramref name="eta"/>.</summary>
    public void AddRandomProduct(ReadOnlySpan<double> coefficients, Span<double> eta)
    {
        double[] sums = ArrayPool<double>.Shared.Rent(Tail.Count);
        SumTail(coefficients, sums.AsSpan(0, Tail.Count));
        AddRandom(coefficients, sums, eta);
        ArrayPool<double>.Shared.Return(sums);
    }

    /// <summary>Adds Xγ to <paramref name="eta"/>.</summary>
    public void AddFixedProduct(ReadOnlySpan<double> gamma, Span<double> eta)
    {
        for (int j = 0; j < FixedColumns; j++) ContiguousLoops.AddMultiple(gamma[j], XColumns[j], eta);
    }

    /// <summary>(Z, X)' s as a vector of coefficients.</summary>
    public void TransposedProduct(ReadOnlySpan<double> s, Span<double> product)
    {
        TransposedRandomProduct(s, product);
        var gamma = product[Layout.Columns..];
        for (int j = 0; j < FixedColumns; j++) gamma[j] = ContiguousLoops.Dot(s, XColumns[j]);
    }

    /// <summary>Z's as a vector of coefficients, those of the fixed effects 0.</summary>
    public void TransposedRandomProduct(ReadOnlySpan<double> s, Span<double> product)
    {
        product.Clear();
        double[] sums = ArrayPool<double>.Shared.Rent(Tail.Count);
        Array.Clear(sums, 0, Tail.Count);
        SumByLevel(s, product, sums);
        foreach (int t in _tailTerms) SpreadPatterns(t, sums, product);
        ArrayPool<double>.Shared.Return(sums);
    }

    /// <summary>Z b of the tail's terms for every pattern.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumTail(ReadOnlySpan<double> coefficients, Span<double> sums)
    {
        int[] cellOf = Tail.Representative;
        sums.Clear();
        foreach (int t in _tailTerms)
        {
            var term = Layout.Terms[t];
            int[] codes = Codes[t];
            double[] z = Z[t];
            int width = term.Width, start = term.Start;
            for (int i = 0; i < sums.Length; i++)
            {
                int cell = cellOf[i], first = start + codes[cell] * width;
                for (int j = 0; j < width; j++) sums[i] += z[cell * width + j] * coefficients[first + j];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRandom(ReadOnlySpan<double> coefficients, double[] sums, Span<double> eta)
    {
        int width = Layout.LeadWidth;
        int[] levels = LeadCodes, pattern = Tail.OfCell;
        double[] z = LeadZ;
        for (int i = 0; i < eta.Length; i++)
        {
            double sum = sums[pattern[i]];
            int first = levels[i] * width, row = i * width;
            for (int j = 0; j < width; j++) sum += z[row + j] * coefficients[first + j];
            eta[i] += sum;
        }
    }

    /// <summary>Sums s by pattern, and times its covariates by level of the lead factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumByLevel(ReadOnlySpan<double> s, Span<double> product, double[] sums)
    {
        int width = Layout.LeadWidth;
        int[] levels = LeadCodes, pattern = Tail.OfCell;
        double[] z = LeadZ;
        for (int i = 0; i < s.Length; i++)
        {
            sums[pattern[i]] += s[i];
            int first = levels[i] * width, row = i * width;
            for (int j = 0; j < width; j++) product[first + j] += z[row + j] * s[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SpreadPatterns(int t, double[] sums, Span<double> product)
    {
        var term = Layout.Terms[t];
        int[] codes = Codes[t], cellOf = Tail.Representative;
        double[] z = Z[t];
        int width = term.Width, start = term.Start;
        for (int i = 0; i < cellOf.Length; i++)
        {
            int cell = cellOf[i], first = start + codes[cell] * width;
            for (int j = 0; j < width; j++) product[first + j] += z[cell * width + j] * sums[i];
        }
    }

    private int[][][] LocatePairs()
    {
        if (Pattern.Sparse is not { } sparse) return [];
        int[] PairsOf(int a, int b) => b <= a || Layout.Terms[a].IsLead || Layout.Terms[b].IsLead ? [] : sparse.Pattern.Locate(a, Codes[a], b, Codes[b]);
        return [.. Enumerable.Range(0, Codes.Length).Select(a => (int[][])[.. Enumerable.Range(0, Codes.Length).Select(b => PairsOf(a, b))])];
    }

    private double[] InterleaveLead()
    {
        int width = Layout.LeadWidth;
        var lead = new double[(long)Count * width];
        for (int t = 0; t < Codes.Length; t++)
        {
            var term = Layout.Terms[t];
            if (!term.IsLead) continue;
            for (int i = 0; i < Count; i++) Z[t].AsSpan(i * term.Width, term.Width).CopyTo(lead.AsSpan(i * width + term.Start));
        }
        return lead;
    }

    private static double[] RowsOf(RandomTermDesign term)
    {
        int rows = term.Z.Rows, width = term.Z.Columns;
        var values = new double[rows * width];
        for (int j = 0; j < width; j++)
        {
            var column = term.Z.Column(j);
            for (int i = 0; i < rows; i++) values[i * width + j] = column[i];
        }
        return values;
    }
}
