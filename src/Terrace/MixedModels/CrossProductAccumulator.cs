using System.Runtime.CompilerServices;

namespace Terrace.MixedModels;

/// <summary>
/// Sums the products of the cells into a <see cref="BlockedCrossProduct"/>: A'WA = Σ w a a' over cells with rows a of (Z, X), touching each cell once.
/// </summary>
/// <remarks>
/// <para>The cross-products of Bates et al. (2015), equation 18. The rows of X are orthonormalised and a linear model's response is centred by its regression on X before, so that plain sums keep their digits.</para>
/// <para>Check: BlockedCholeskyTests compares with explicit matrices.</para>
/// </remarks>
internal sealed class CrossProductAccumulator
{
    private readonly MixedModelCells _cells;
    private readonly int[] _tailTerms;

    public CrossProductAccumulator(MixedModelCells cells)
    {
        _cells = cells;
        _tailTerms = [.. Enumerable.Range(0, cells.Codes.Length).Where(t => !cells.Layout.Terms[t].IsLead)];
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
        bool scalar = _cells.Layout.AllScalar && _cells.Layout.LeadWidth == 1;
        for (int i = 0; i < weights.Length; i++)
        {
            AddLead(i, weights[i], product);
            if (scalar) AddScalarTail(i, weights[i], product);
            else AddTail(i, weights[i], product);
            AddFixed(i, weights[i], product);
        }
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
    private void AddLead(int cell, double weight, BlockedCrossProduct product)
    {
        int width = _cells.Layout.LeadWidth;
        int level = _cells.LeadCodes[cell];
        var z = _cells.LeadZ.AsSpan(cell * width, width);
        var block = product.Lead.AsSpan(level * width * width, width * width);
        for (int c = 0; c < width; c++)
        {
            double weighted = weight * z[c];
            for (int r = 0; r < width; r++) block[c * width + r] += z[r] * weighted;
        }
        int p = product.FixedColumns;
        if (p == 0) return;
        var x = _cells.X.AsSpan(cell * p, p);
        var coupling = product.Coupling.AsSpan(product.CouplingStart(level) + width * product.Pattern.Count(level), width * p);
        for (int j = 0; j < p; j++)
        {
            double weighted = weight * x[j];
            for (int r = 0; r < width; r++) coupling[j * width + r] += z[r] * weighted;
        }
    }

    /// <summary>The tail's products where every term has one column per level and the lead factor one term.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddScalarTail(int cell, double weight, BlockedCrossProduct product)
    {
        var layout = _cells.Layout;
        int size = product.Tail.Rows, shift = layout.LeadColumns, level = _cells.LeadCodes[cell];
        double[] tail = product.Tail.Values;
        double lead = weight * _cells.LeadZ[cell];
        int extra = level * product.FixedColumns;
        for (int a = 0; a < _tailTerms.Length; a++)
        {
            int t = _tailTerms[a];
            double za = _cells.Z[t][cell];
            product.Coupling[_cells.Positions[t][cell] + extra] += lead * za;
            int column = (layout.Terms[t].Start - shift + _cells.Codes[t][cell]) * size;
            double weighted = weight * za;
            for (int b = a; b < _tailTerms.Length; b++)
            {
                int s = _tailTerms[b];
                tail[column + layout.Terms[s].Start - shift + _cells.Codes[s][cell]] += weighted * _cells.Z[s][cell];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddTail(int cell, double weight, BlockedCrossProduct product)
    {
        var layout = _cells.Layout;
        int width = layout.LeadWidth, level = _cells.LeadCodes[cell];
        var lead = _cells.LeadZ.AsSpan(cell * width, width);
        for (int a = 0; a < _tailTerms.Length; a++)
        {
            int t = _tailTerms[a], k = layout.Terms[t].Width;
            var z = _cells.Z[t].AsSpan(cell * k, k);
            int start = width * (_cells.Positions[t][cell] + level * product.FixedColumns);
            int column = layout.Terms[t].Index(_cells.Codes[t][cell], 0) - layout.LeadColumns;
            for (int j = 0; j < k; j++)
            {
                double weighted = weight * z[j];
                for (int r = 0; r < width; r++) product.Coupling[start + j * width + r] += lead[r] * weighted;
                for (int b = a; b < _tailTerms.Length; b++) AddTailPair(cell, _tailTerms[b], weighted, product.Tail.Column(column + j));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddTailPair(int cell, int t, double weighted, Span<double> column)
    {
        var term = _cells.Layout.Terms[t];
        int row = term.Index(_cells.Codes[t][cell], 0) - _cells.Layout.LeadColumns;
        for (int j = 0; j < term.Width; j++) column[row + j] += weighted * _cells.Z[t][cell * term.Width + j];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddFixed(int cell, double weight, BlockedCrossProduct product)
    {
        int p = product.FixedColumns, first = _cells.Layout.TailColumns;
        if (p == 0) return;
        var x = _cells.X.AsSpan(cell * p, p);
        foreach (int t in _tailTerms)
        {
            var term = _cells.Layout.Terms[t];
            int column = term.Index(_cells.Codes[t][cell], 0) - _cells.Layout.LeadColumns;
            for (int j = 0; j < term.Width; j++)
            {
                var target = product.Tail.Column(column + j).Slice(first, p);
                double weighted = weight * _cells.Z[t][cell * term.Width + j];
                for (int i = 0; i < p; i++) target[i] += weighted * x[i];
            }
        }
        for (int c = 0; c < p; c++)
        {
            var target = product.Tail.Column(first + c).Slice(first + c, p - c);
            double weighted = weight * x[c];
            for (int r = c; r < p; r++) target[r - c] += weighted * x[r];
        }
    }

    /// <summary>The cells fill the lower triangle (and whole diagonal blocks); the upper one is its mirror image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mirror(BlockedCrossProduct product)
    {
        var tail = product.Tail;
        int size = tail.Rows;
        for (int j = 0; j < size; j++)
        {
            for (int i = j + 1; i < size; i++) tail.Values[j + i * size] = tail.Values[i + j * size];
        }
    }

    private void AddResponse(ReadOnlySpan<double> weights, ReadOnlySpan<double> z, BlockedCrossProduct product)
    {
        var weighted = new double[z.Length];
        for (int i = 0; i < z.Length; i++) weighted[i] = weights[i] * z[i];
        product.SumOfSquares = VectorLoops.Dot(weighted, z);
        var full = new double[_cells.Coefficients];
        _cells.TransposedProduct(weighted, full);
        full.AsSpan(0, product.RightSide.Length).CopyTo(product.RightSide);
    }
}
