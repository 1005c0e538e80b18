using System.Runtime.CompilerServices;

namespace Terrace.MixedModels;

/// <summary>Sums the products of the cells into a <see cref="BlockedCrossProduct"/> with a sparse tail, touching each cell once.</summary>
/// <remarks>The cross-products of Bates et al. (2015), equation 18. Check: SparseTailTests (the dense accumulation of the same cells).</remarks>
internal sealed class SparseCrossProductAccumulator
{
    private readonly MixedModelCells _cells;
    private readonly TailPattern _pattern;
    private readonly int[] _tailTerms;

    public SparseCrossProductAccumulator(MixedModelCells cells)
    {
        _cells = cells;
        _pattern = cells.Pattern.Sparse!.Pattern;
        _tailTerms = [.. Enumerable.Range(0, cells.Codes.Length).Where(t => !cells.Layout.Terms[t].IsLead)];
    }

    /// <summary>Fills the blocks of A'WA.</summary>
    public void Accumulate(ReadOnlySpan<double> weights, BlockedCrossProduct product)
    {
        Array.Clear(product.Lead);
        Array.Clear(product.Coupling);
        product.SparseTail!.Clear();
        for (int i = 0; i < weights.Length; i++)
        {
            AddLead(i, weights[i], product);
            for (int a = 0; a < _tailTerms.Length; a++) AddTerm(i, weights[i], a, product);
            AddCorner(i, weights[i], product);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddLead(int cell, double weight, BlockedCrossProduct product)
    {
        int width = _cells.Layout.LeadWidth, level = _cells.LeadCodes[cell], p = product.FixedColumns;
        var z = _cells.LeadZ.AsSpan(cell * width, width);
        AddOuter(weight, z, z, product.Lead.AsSpan(level * width * width));
        if (p > 0) AddOuter(weight, z, _cells.X.AsSpan(cell * p, p), product.Coupling.AsSpan(product.CouplingStart(level) + width * product.Pattern.Count(level)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddTerm(int cell, double weight, int a, BlockedCrossProduct product)
    {
        var tail = product.SparseTail!;
        int t = _tailTerms[a], k = _cells.Layout.Terms[t].Width, level = _cells.LeadCodes[cell], width = _cells.Layout.LeadWidth, p = product.FixedColumns;
        int node = _pattern.FirstNode[t] + _cells.Codes[t][cell];
        var z = _cells.Z[t].AsSpan(cell * k, k);
        AddOuter(weight, _cells.LeadZ.AsSpan(cell * width, width), z, product.Coupling.AsSpan(width * (_cells.Positions[t][cell] + level * p)));
        AddOuter(weight, z, z, tail.Diagonal.AsSpan(_pattern.DiagonalStart[node]));
        if (p > 0) AddOuter(weight, _cells.X.AsSpan(cell * p, p), z, tail.Fixed.AsSpan(_pattern.FirstColumn[node] * p));
        for (int b = a + 1; b < _tailTerms.Length; b++)
        {
            int s = _tailTerms[b], other = _cells.Layout.Terms[s].Width;
            AddOuter(weight, _cells.Z[s].AsSpan(cell * other, other), z, tail.OffDiagonal.AsSpan(_pattern.BlockStart[_cells.TailPairs[t][s][cell]]));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddCorner(int cell, double weight, BlockedCrossProduct product)
    {
        int p = product.FixedColumns;
        var x = _cells.X.AsSpan(cell * p, p);
        if (p > 0) AddOuter(weight, x, x, product.SparseTail!.Corner);
    }

    /// <summary>target += w rows columns', column by column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddOuter(double weight, ReadOnlySpan<double> rows, ReadOnlySpan<double> columns, Span<double> target)
    {
        for (int c = 0; c < columns.Length; c++)
        {
            double weighted = weight * columns[c];
            var to = target.Slice(c * rows.Length, rows.Length);
            for (int r = 0; r < to.Length; r++) to[r] += rows[r] * weighted;
        }
    }
}
