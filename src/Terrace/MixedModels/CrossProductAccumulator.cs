using System.Runtime.CompilerServices;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// Sums the products of the cells into a <see cref="BlockedCrossProduct"/>: A'WA = Σ w a a' over cells with rows a of (Z, X). The tail's own products are summed over
/// <see cref="TailCombinations"/>, whose weights are summed first.
/// </summary>
/// <remarks>
/// <para>The cross-products of Bates et al. (2015), equation 18. The rows of X are orthonormalised and a linear model's response is centred by its regression on X before, so that plain sums keep their digits.</para>
/// <para>Check: BlockedCholeskyTests compares with explicit matrices.</para>
/// </remarks>
internal sealed class CrossProductAccumulator
{
    private readonly MixedModelCells _cells;
    private readonly RandomTermLayout[] _terms;
    private readonly int[] _tailTerms;
    private readonly int[] _tailStarts;
    private readonly double[] _patternWeights;
    private double[] _patternX = [];

    public CrossProductAccumulator(MixedModelCells cells)
    {
        _cells = cells;
        _terms = [.. cells.Layout.Terms];
        _tailTerms = [.. Enumerable.Range(0, cells.Codes.Length).Where(t => !cells.Layout.Terms[t].IsLead)];
        _tailStarts = [.. _tailTerms.Select(t => _terms[t].Start - cells.Layout.LeadColumns)];
        _patternWeights = new double[cells.Tail.Count];
    }

    /// <summary>Fills <paramref name="product"/> with A'WA (and, unless it is empty, A'Wz and z'Wz).</summary>
    public void Accumulate(ReadOnlySpan<double> weights, ReadOnlySpan<double> z, BlockedCrossProduct product)
    {
        if (product.SparseTail is not null)
        {
            new SparseCrossProductAccumulator(_cells).Accumulate(weights, product);
            if (!z.IsEmpty) AddResponse(weights, z, product);
            return;
        }
        if (_tailTerms.Length == 0 && product.FixedColumns == 0 && _cells.Layout.LeadWidth == 1)
        {
            AccumulateScalar(weights, product.Lead);
            if (!z.IsEmpty) AddResponse(weights, z, product);
            return;
        }
        Array.Clear(product.Lead);
        Array.Clear(product.Coupling);
        Array.Clear(product.Tail.Values);
        AddLeads(weights, product);
        foreach (int t in _tailTerms) AddCoupling(t, weights, product);
        SumByPattern(weights);
        AddTails(product.Tail);
        if (product.FixedColumns > 0) AddFixed(weights, product);
        Mirror(product);
        if (!z.IsEmpty) AddResponse(weights, z, product);
    }

    /// <summary>Z'WZ of one term with one column per level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AccumulateScalar(ReadOnlySpan<double> weights, Span<double> lead)
    {
        lead.Clear();
        ReadOnlySpan<int> codes = _cells.LeadCodes;
        ReadOnlySpan<double> z = _cells.LeadZ;
        for (int i = 0; i < weights.Length; i++) lead[codes[i]] += z[i] * (weights[i] * z[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddLeads(ReadOnlySpan<double> weights, BlockedCrossProduct product)
    {
        int width = _cells.Layout.LeadWidth;
        int[] levels = _cells.LeadCodes;
        double[] z = _cells.LeadZ, lead = product.Lead;
        if (width == 1)
        {
            for (int i = 0; i < weights.Length; i++) lead[levels[i]] += weights[i] * z[i] * z[i];
            return;
        }
        for (int i = 0; i < weights.Length; i++)
        {
            int first = i * width, block = levels[i] * width * width;
            for (int c = 0; c < width; c++, block += width)
            {
                double weighted = weights[i] * z[first + c];
                for (int r = 0; r < width; r++) lead[block + r] += z[first + r] * weighted;
            }
        }
    }

    /// <summary>The products of the lead factor with a term of the tail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddCoupling(int t, ReadOnlySpan<double> weights, BlockedCrossProduct product)
    {
        int width = _cells.Layout.LeadWidth, k = _terms[t].Width, p = product.FixedColumns;
        int[] levels = _cells.LeadCodes, positions = _cells.Positions[t];
        double[] lead = _cells.LeadZ, z = _cells.Z[t], coupling = product.Coupling;
        if (width == 1 && k == 1)
        {
            for (int i = 0; i < weights.Length; i++) coupling[positions[i] + levels[i] * p] += weights[i] * lead[i] * z[i];
            return;
        }
        for (int i = 0; i < weights.Length; i++)
        {
            int start = width * (positions[i] + levels[i] * p), first = i * width;
            for (int j = 0; j < k; j++, start += width)
            {
                double weighted = weights[i] * z[i * k + j];
                for (int r = 0; r < width; r++) coupling[start + r] += lead[first + r] * weighted;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumByPattern(ReadOnlySpan<double> weights)
    {
        int[] pattern = _cells.Tail.OfCell;
        double[] sums = _patternWeights;
        Array.Clear(sums);
        for (int i = 0; i < weights.Length; i++) sums[pattern[i]] += weights[i];
    }

    /// <summary>The products of the tail's terms with each other, lower triangle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddTails(Matrix tail)
    {
        int[] cellOf = _cells.Tail.Representative, terms = _tailTerms, starts = _tailStarts;
        double[] values = tail.Values;
        int size = tail.Rows;
        for (int a = 0; a < terms.Length; a++)
        {
            int k = _terms[terms[a]].Width;
            int[] codes = _cells.Codes[terms[a]];
            double[] z = _cells.Z[terms[a]];
            for (int b = a; b < terms.Length; b++)
            {
                int m = _terms[terms[b]].Width;
                int[] otherCodes = _cells.Codes[terms[b]];
                double[] otherZ = _cells.Z[terms[b]];
                for (int pattern = 0; pattern < cellOf.Length; pattern++)
                {
                    int cell = cellOf[pattern];
                    int place = (starts[a] + codes[cell] * k) * size + starts[b] + otherCodes[cell] * m;
                    for (int j = 0; j < k; j++, place += size)
                    {
                        double weighted = _patternWeights[pattern] * z[cell * k + j];
                        for (int r = 0; r < m; r++) values[place + r] += weighted * otherZ[cell * m + r];
                    }
                }
            }
        }
    }

    /// <summary>The products of X with everything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddFixed(ReadOnlySpan<double> weights, BlockedCrossProduct product)
    {
        int p = product.FixedColumns, width = _cells.Layout.LeadWidth, first = _cells.Layout.TailColumns;
        if (_patternX.Length != _patternWeights.Length * p) _patternX = new double[_patternWeights.Length * p];
        Array.Clear(_patternX);
        var own = new double[p * p];
        int[] levels = _cells.LeadCodes, pattern = _cells.Tail.OfCell, starts = product.Pattern.Starts;
        double[] x = _cells.X, z = _cells.LeadZ, coupling = product.Coupling, byPattern = _patternX;
        for (int i = 0; i < weights.Length; i++)
        {
            int level = levels[i], row = i * p, sums = pattern[i] * p, start = width * (starts[level + 1] + level * p), lead = i * width;
            for (int j = 0; j < p; j++, start += width)
            {
                double weighted = weights[i] * x[row + j];
                byPattern[sums + j] += weighted;
                for (int r = 0; r < width; r++) coupling[start + r] += z[lead + r] * weighted;
                for (int r = j; r < p; r++) own[j * p + r] += weighted * x[row + r];
            }
        }
        for (int j = 0; j < p; j++) own.AsSpan(j * p + j, p - j).CopyTo(product.Tail.Column(first + j)[(first + j)..]);
        AddFixedByTail(p, product.Tail);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddFixedByTail(int p, Matrix tail)
    {
        int first = _cells.Layout.TailColumns;
        int[] cellOf = _cells.Tail.Representative;
        for (int a = 0; a < _tailTerms.Length; a++)
        {
            int k = _terms[_tailTerms[a]].Width;
            int[] codes = _cells.Codes[_tailTerms[a]];
            double[] z = _cells.Z[_tailTerms[a]];
            for (int pattern = 0; pattern < cellOf.Length; pattern++)
            {
                int cell = cellOf[pattern], place = (_tailStarts[a] + codes[cell] * k) * tail.Rows + first;
                for (int j = 0; j < k; j++, place += tail.Rows)
                {
                    double value = z[cell * k + j];
                    for (int i = 0; i < p; i++) tail.Values[place + i] += value * _patternX[pattern * p + i];
                }
            }
        }
    }

    /// <summary>The cells fill the lower triangle (and whole diagonal blocks); the upper one is its mirror image.</summary>
    private static void Mirror(BlockedCrossProduct product) => Syrk.MirrorLower(product.Tail);

    private void AddResponse(ReadOnlySpan<double> weights, ReadOnlySpan<double> z, BlockedCrossProduct product)
    {
        var weighted = new double[z.Length];
        for (int i = 0; i < z.Length; i++) weighted[i] = weights[i] * z[i];
        product.SumOfSquares = ContiguousLoops.Dot(weighted, z);
        var full = new double[_cells.Coefficients];
        _cells.TransposedProduct(weighted, full);
        full.AsSpan(0, product.RightSide.Length).CopyTo(product.RightSide);
    }
}
