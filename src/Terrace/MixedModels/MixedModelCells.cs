using System.Runtime.CompilerServices;
using Terrace.Design;

namespace Terrace.MixedModels;

/// <summary>
/// The cells of a mixed model in the order in which its kernels read them: per cell the row of X (in an orthonormal basis), the levels and covariates of every
/// random-effects term in the layout's order, the offset, and the place of its products in the blocked cross-product.
/// </summary>
/// <remarks>The linear predictor of Bates et al. (2015), equation 2. Symbols: η = offset + X γ + Z b -> <see cref="LinearPredictor"/>; (Z, X)'s -> <see cref="TransposedProduct"/>. Check: BlockedCholeskyTests.</remarks>
internal sealed class MixedModelCells
{
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddProduct(ReadOnlySpan<double> coefficients, Span<double> eta)
    {
        AddFixedProduct(coefficients[Layout.Columns..], eta);
        AddRandomProduct(coefficients, eta);
    }

    /// <summary>Adds Zb to <paramref name="eta"/>.</summary>
    public void AddRandomProduct(ReadOnlySpan<double> coefficients, Span<double> eta)
    {
        for (int t = 0; t < Codes.Length; t++) AddTerm(t, coefficients, eta);
    }

    /// <summary>Adds Xγ to <paramref name="eta"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddFixedProduct(ReadOnlySpan<double> gamma, Span<double> eta)
    {
        int p = FixedColumns;
        for (int i = 0; i < eta.Length; i++)
        {
            double sum = 0;
            var row = X.AsSpan(i * p, p);
            for (int j = 0; j < row.Length; j++) sum += row[j] * gamma[j];
            eta[i] += sum;
        }
    }

    /// <summary>(Z, X)' s as a vector of coefficients.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void TransposedProduct(ReadOnlySpan<double> s, Span<double> product)
    {
        product.Clear();
        var gamma = product[Layout.Columns..];
        int p = FixedColumns;
        for (int i = 0; i < s.Length; i++)
        {
            var row = X.AsSpan(i * p, p);
            for (int j = 0; j < row.Length; j++) gamma[j] += row[j] * s[i];
        }
        for (int t = 0; t < Codes.Length; t++) AccumulateTerm(t, s, product);
    }

    /// <summary>Z's as a vector of coefficients, those of the fixed effects 0.</summary>
    public void TransposedRandomProduct(ReadOnlySpan<double> s, Span<double> product)
    {
        product.Clear();
        for (int t = 0; t < Codes.Length; t++) AccumulateTerm(t, s, product);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddTerm(int t, ReadOnlySpan<double> coefficients, Span<double> eta)
    {
        var term = Layout.Terms[t];
        int[] codes = Codes[t];
        double[] z = Z[t];
        int width = term.Width, start = term.Start, stride = term.Stride;
        for (int i = 0; i < eta.Length; i++)
        {
            int first = start + codes[i] * stride;
            double sum = 0;
            for (int j = 0; j < width; j++) sum += z[i * width + j] * coefficients[first + j];
            eta[i] += sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AccumulateTerm(int t, ReadOnlySpan<double> s, Span<double> product)
    {
        var term = Layout.Terms[t];
        int[] codes = Codes[t];
        double[] z = Z[t];
        int width = term.Width, start = term.Start, stride = term.Stride;
        for (int i = 0; i < s.Length; i++)
        {
            int first = start + codes[i] * stride;
            for (int j = 0; j < width; j++) product[first + j] += z[i * width + j] * s[i];
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
