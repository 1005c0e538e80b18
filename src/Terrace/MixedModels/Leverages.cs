using System.Runtime.CompilerServices;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>h_i = z_i'Λ M⁻¹ Λ'z_i for every cell: the conditional variance of its random part, from the selected inverse.</summary>
/// <remarks>Hoaglin and Welsch (1978), <em>The hat matrix in regression and ANOVA</em>, for the random part alone. Symbols: s = Λ'z_i in pieces -> <c>_lead</c> and <c>_tail</c>; M⁻¹ -> <see cref="SelectedInverse"/>. Check: LaplaceDevianceTests.</remarks>
internal sealed class Leverages
{
    private readonly MixedModelCells _cells;
    private readonly int[] _tailTerms;
    private readonly int[] _start;
    private readonly double[] _lead;
    private readonly double[] _tail;

    public Leverages(MixedModelCells cells)
    {
        _cells = cells;
        _tailTerms = [.. Enumerable.Range(0, cells.Codes.Length).Where(t => !cells.Layout.Terms[t].IsLead)];
        _start = new int[_tailTerms.Length + 1];
        for (int a = 0; a < _tailTerms.Length; a++) _start[a + 1] = _start[a] + cells.Layout.Terms[_tailTerms[a]].Width;
        _lead = new double[cells.Layout.LeadWidth];
        _tail = new double[_start[^1]];
    }

    /// <summary>Fills <paramref name="h"/> from M⁻¹ (an inverse without fixed effects).</summary>
    public void Compute(RelativeCovarianceFactor lambda, SelectedInverse inverse, Span<double> h)
    {
        for (int i = 0; i < h.Length; i++)
        {
            ScaleRow(i, lambda);
            h[i] = LeadPart(i, inverse) + (inverse.SparseTail is { } sparse ? SparseTailPart(i, sparse) : TailPart(i, inverse.Tail));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScaleRow(int cell, RelativeCovarianceFactor lambda)
    {
        int width = _cells.Layout.LeadWidth;
        RelativeCovarianceFactor.MultiplyLevelTransposed(lambda.Lead, width, _cells.LeadZ.AsSpan(cell * width, width), _lead);
        for (int a = 0; a < _tailTerms.Length; a++)
        {
            int t = _tailTerms[a], k = _cells.Layout.Terms[t].Width;
            RelativeCovarianceFactor.MultiplyLevelTransposed(lambda.Blocks[t], k, _cells.Z[t].AsSpan(cell * k, k), _tail.AsSpan(_start[a]));
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double TailPart(int cell, Matrix tail)
    {
        double sum = 0;
        for (int a = 0; a < _tailTerms.Length; a++)
        {
            int first = TailIndex(_tailTerms[a], cell);
            for (int j = _start[a]; j < _start[a + 1]; j++)
            {
                var column = tail.Column(first + j - _start[a]);
                double row = 0;
                for (int k = _start[a]; k < _start[a + 1]; k++) row += column[first + k - _start[a]] * _tail[k];
                for (int b = a + 1; b < _tailTerms.Length; b++)
                {
                    int other = TailIndex(_tailTerms[b], cell);
                    for (int k = _start[b]; k < _start[b + 1]; k++) row += 2 * column[other + k - _start[b]] * _tail[k];
                }
                sum += row * _tail[j];
            }
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

    private int TailIndex(int t, int cell) => _cells.Layout.Terms[t].Index(_cells.Codes[t][cell], 0) - _cells.Layout.LeadColumns;
}
