using System.Runtime.CompilerServices;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>h_i = z_i'Λ M⁻¹ Λ'z_i for every cell: the conditional variance of its random part, from the selected inverse; the part of the tail alone once for each of its patterns.</summary>
/// <remarks>Hoaglin and Welsch (1978), <em>The hat matrix in regression and ANOVA</em>, for the random part alone. Symbols: s = Λ'z_i in pieces -> <c>_lead</c> and <c>_tail</c>; M⁻¹ -> <see cref="SelectedInverse"/>. Check: LaplaceDevianceTests.</remarks>
internal sealed class Leverages
{
    private readonly MixedModelCells _cells;
    private readonly RandomTermLayout[] _terms;
    private readonly int[] _tailTerms;
    private readonly int[] _start;
    private readonly int[] _first;
    private readonly int[] _place;
    private readonly double[] _lead;
    private readonly double[] _tail;
    private readonly double[] _patterns;

    public Leverages(MixedModelCells cells)
    {
        _cells = cells;
        _terms = [.. cells.Layout.Terms];
        _tailTerms = [.. Enumerable.Range(0, cells.Codes.Length).Where(t => !_terms[t].IsLead)];
        _first = [.. _tailTerms.Select(t => _terms[t].Start - cells.Layout.LeadColumns)];
        _start = new int[_tailTerms.Length + 1];
        for (int a = 0; a < _tailTerms.Length; a++) _start[a + 1] = _start[a] + _terms[_tailTerms[a]].Width;
        _lead = new double[cells.Layout.LeadWidth];
        _tail = new double[_start[^1]];
        _place = new int[_start[^1]];
        _patterns = new double[cells.Tail.Count];
    }

    /// <summary>Fills <paramref name="h"/> from M⁻¹ (an inverse without fixed effects).</summary>
    public void Compute(RelativeCovarianceFactor lambda, SelectedInverse inverse, Span<double> h)
    {
        int[] pattern = _cells.Tail.OfCell, cellOf = _cells.Tail.Representative;
        for (int i = 0; i < _patterns.Length; i++)
        {
            ScaleTail(cellOf[i], lambda);
            _patterns[i] = inverse.SparseTail is { } sparse ? SparseTailPart(cellOf[i], sparse) : TailPart(inverse.Tail);
        }
        for (int i = 0; i < h.Length; i++) h[i] = _patterns[pattern[i]];
        if (_cells.Layout.AllScalar && _cells.Layout.LeadWidth == 1) AddScalarLead(lambda, inverse, h);
        else AddLead(lambda, inverse, h);
    }

    /// <summary>The lead factor's part and its coupling with the tail.</summary>
    private void AddLead(RelativeCovarianceFactor lambda, SelectedInverse inverse, Span<double> h)
    {
        int width = _cells.Layout.LeadWidth;
        for (int i = 0; i < h.Length; i++)
        {
            RelativeCovarianceFactor.MultiplyLevelTransposed(lambda.Lead, width, _cells.LeadZ.AsSpan(i * width, width), _lead);
            ScaleTail(i, lambda);
            h[i] += LeadPart(i, inverse);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddScalarLead(RelativeCovarianceFactor lambda, SelectedInverse inverse, Span<double> h)
    {
        double scale = lambda.Lead[0];
        int[] levels = _cells.LeadCodes;
        double[] z = _cells.LeadZ, own = inverse.Lead, coupling = inverse.Coupling;
        for (int i = 0; i < h.Length; i++) h[i] += scale * scale * z[i] * z[i] * own[levels[i]];
        foreach (int t in _tailTerms)
        {
            double factor = 2 * scale * lambda.Blocks[t][0];
            int[] positions = _cells.Positions[t];
            double[] other = _cells.Z[t];
            int extra = inverse.FixedColumns;
            for (int i = 0; i < h.Length; i++) h[i] += factor * z[i] * other[i] * coupling[positions[i] + levels[i] * extra];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScaleTail(int cell, RelativeCovarianceFactor lambda)
    {
        for (int a = 0; a < _tailTerms.Length; a++)
        {
            int t = _tailTerms[a], k = _start[a + 1] - _start[a], first = _first[a] + _cells.Codes[t][cell] * k;
            RelativeCovarianceFactor.MultiplyLevelTransposed(lambda.Blocks[t], k, _cells.Z[t].AsSpan(cell * k, k), _tail.AsSpan(_start[a]));
            for (int j = 0; j < k; j++) _place[_start[a] + j] = first + j;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double LeadPart(int cell, SelectedInverse inverse)
    {
        int width = _cells.Layout.LeadWidth, level = _cells.LeadCodes[cell];
        var block = inverse.Lead.AsSpan(level * width * width, width * width);
        double sum = 0;
        for (int r = 0; r < width; r++)
        {
            double row = 0;
            for (int c = 0; c < width; c++) row += block[r + c * width] * _lead[c];
            for (int a = 0; a < _tailTerms.Length; a++)
            {
                int first = _cells.Positions[_tailTerms[a]][cell] + level * inverse.FixedColumns;
                for (int j = _start[a]; j < _start[a + 1]; j++) row += 2 * inverse.Coupling[(first + j - _start[a]) * width + r] * _tail[j];
            }
            sum += row * _lead[r];
        }
        return sum;
    }

    /// <summary>The quadratic form of the tail's inverse in the entries of <c>_tail</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double TailPart(Matrix tail)
    {
        double sum = 0;
        double[] values = tail.Values;
        for (int a = 0; a < _tail.Length; a++)
        {
            int column = _place[a] * tail.Rows;
            double row = values[column + _place[a]] * _tail[a];
            for (int b = a + 1; b < _tail.Length; b++) row += 2 * values[column + _place[b]] * _tail[b];
            sum += row * _tail[a];
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double SparseTailPart(int cell, SparseTailMatrix tail)
    {
        double sum = 0;
        for (int a = 0; a < _tailTerms.Length; a++)
        {
            int t = _tailTerms[a], k = _start[a + 1] - _start[a], node = tail.Pattern.FirstNode[t] + _cells.Codes[t][cell];
            var own = _tail.AsSpan(_start[a], k);
            sum += Bilinear(tail.Diagonal.AsSpan(tail.Pattern.DiagonalStart[node], k * k), own, own);
            for (int b = a + 1; b < _tailTerms.Length; b++)
            {
                int rows = _start[b + 1] - _start[b];
                sum += 2 * Bilinear(tail.OffDiagonal.AsSpan(tail.Pattern.BlockStart[_cells.TailPairs[t][_tailTerms[b]][cell]], rows * k), _tail.AsSpan(_start[b], rows), own);
            }
        }
        return sum;
    }

    /// <summary>Σ rows_r block_rc columns_c.</summary>
    private static double Bilinear(ReadOnlySpan<double> block, ReadOnlySpan<double> rows, ReadOnlySpan<double> columns)
    {
        double sum = 0;
        for (int c = 0; c < columns.Length; c++)
        {
            for (int r = 0; r < rows.Length; r++) sum += rows[r] * block[r + c * rows.Length] * columns[c];
        }
        return sum;
    }
}
