namespace Terrace.MixedModels;

/// <summary>a'H⁻¹a of every cell, a = (Λ'z, x) its row in the joint problem of random and fixed effects, with the fixed effects' part of H⁻¹a, both from the selected inverse alone.</summary>
/// <remarks>
/// <para>With N = H⁻¹ and a = (s, t), s on the lead level and t on the tail (other effects, then fixed effects): a'Na = s'N_ll s + 2 s'N_lt t + t'N_tt t; only entries on the pattern of the cell occur.</para>
/// <para>Hoaglin and Welsch (1978), <em>The hat matrix in regression and ANOVA</em>; Demidenko and Stukel (2005) for mixed models. Symbols: s -> <c>_lead</c>; t -> <c>_tail</c> at the tail columns <c>_columns</c>, whose places in the
/// coupling block are <c>_places</c>. Check: RowDiagnosticsTests (dense inverse, lme4's hatvalues).</para>
/// </remarks>
internal sealed class JointLeverages
{
    private readonly MixedModelCells _cells;
    private readonly SelectedInverse _inverse;
    private readonly RelativeCovarianceFactor _lambda;
    private readonly double[] _lead;
    private readonly double[] _tail;
    private readonly int[] _columns;
    private readonly int[] _places;

    public JointLeverages(MixedModelCells cells, SelectedInverse inverse, RelativeCovarianceFactor lambda)
    {
        (_cells, _inverse, _lambda) = (cells, inverse, lambda);
        _lead = new double[cells.Layout.LeadWidth];
        int tail = cells.Layout.Terms.Where(t => !t.IsLead).Sum(t => t.Width) + cells.FixedColumns;
        (_tail, _columns, _places) = (new double[tail], new int[tail], new int[tail]);
    }

    /// <summary>a'H⁻¹a of a cell; <paramref name="gamma"/> receives the fixed effects' part of H⁻¹a.</summary>
    public double Compute(int cell, Span<double> gamma)
    {
        Gather(cell);
        int width = _lead.Length, level = _cells.LeadCodes[cell];
        var block = _inverse.Lead.AsSpan(level * width * width, width * width);
        double sum = 0;
        for (int r = 0; r < width; r++)
        {
            double row = 0;
            for (int c = 0; c < width; c++) row += block[r + c * width] * _lead[c];
            for (int k = 0; k < _tail.Length; k++) row += 2 * _inverse.Coupling[_places[k] * width + r] * _tail[k];
            sum += row * _lead[r];
        }
        for (int k = 0; k < _tail.Length; k++)
        {
            for (int m = 0; m < _tail.Length; m++) sum += _tail[k] * _inverse.TailEntry(_columns[m], _columns[k]) * _tail[m];
        }
        FixedPart(gamma);
        return sum;
    }

    private void FixedPart(Span<double> gamma)
    {
        int width = _lead.Length, first = _tail.Length - gamma.Length;
        for (int j = 0; j < gamma.Length; j++)
        {
            double sum = 0;
            for (int r = 0; r < width; r++) sum += _inverse.Coupling[_places[first + j] * width + r] * _lead[r];
            for (int m = 0; m < _tail.Length; m++) sum += _inverse.TailEntry(_columns[m], _columns[first + j]) * _tail[m];
            gamma[j] = sum;
        }
    }

    private void Gather(int cell)
    {
        var layout = _cells.Layout;
        int width = layout.LeadWidth, level = _cells.LeadCodes[cell], p = _cells.FixedColumns, shift = level * p, next = 0;
        RelativeCovarianceFactor.MultiplyLevelTransposed(_lambda.Lead, width, _cells.LeadZ.AsSpan(cell * width, width), _lead);
        for (int t = 0; t < layout.Terms.Count; t++)
        {
            var term = layout.Terms[t];
            if (term.IsLead) continue;
            RelativeCovarianceFactor.MultiplyLevelTransposed(_lambda.Blocks[t], term.Width, _cells.Z[t].AsSpan(cell * term.Width, term.Width), _tail.AsSpan(next));
            for (int j = 0; j < term.Width; j++, next++)
            {
                _columns[next] = term.Index(_cells.Codes[t][cell], j) - layout.LeadColumns;
                _places[next] = _cells.Positions[t][cell] + shift + j;
            }
        }
        for (int j = 0; j < p; j++, next++)
        {
            _tail[next] = _cells.X[cell * p + j];
            _columns[next] = layout.TailColumns + j;
            _places[next] = _cells.Pattern.Starts[level + 1] + shift + j;
        }
    }
}
