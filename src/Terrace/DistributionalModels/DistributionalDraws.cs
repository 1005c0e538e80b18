using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.DistributionalModels;

/// <summary>
/// Draws responses from a fitted distributional model, with the modes b = b̂ kept (lme4's <c>use.u = TRUE</c>) or new effects b* ~ N(0, Σ̂) for every draw. A workspace of one thread.
/// </summary>
/// <remarks>Bates, Mächler, Bolker and Walker (2015), section 5.2. Effects come before responses in the stream of random numbers. Check: DistributionalSimulationTests.</remarks>
internal sealed class DistributionalDraws
{
    private readonly DistributionalModelFit _fit;
    private readonly ResponseLikelihood _likelihood;
    private readonly MixedModelCells? _cells;
    private readonly double[] _coefficients = [];
    private readonly double[] _eta;
    private readonly double[] _psi;
    private readonly bool _hasZeroPart;
    private readonly bool _keepGroupEffects;

    /// <exception cref="ModelException">Rows have prior weights, which say how often a row counts, not how it varies.</exception>
    public DistributionalDraws(DistributionalModelFit fit, bool keepGroupEffects)
    {
        _fit = fit;
        _keepGroupEffects = keepGroupEffects || fit.Terms.Count == 0;
        OutcomeValues outcomes = OutcomeValues.Resolve(fit.Data.Rows.Conditional, fit.Family);
        if (Array.Exists(outcomes.Weight, weight => weight is not (0 or 1)))
            throw new ModelException($"Rows with prior weights cannot be simulated in the {fit.Family.Name} family, as a weight says how often a row counts; repeat such rows, leave the weights out, or choose intervals that are not simulated.");
        DistributionalCells cells = DistributionalCells.Of(fit.Data.Rows, outcomes, fit.Family);
        _likelihood = new ResponseLikelihood(fit.Family, cells);
        var basis = FixedEffectsBasis.Of(cells.Conditional.X, cells.Weight);
        double[] natural = fit.Data.Natural;
        int thetas = fit.Theta.Length;
        _likelihood.SetParameters(natural.AsSpan(thetas + basis.Rank));
        _psi = new double[_likelihood.Parameters.Length];
        _hasZeroPart = cells.ZeroInflation is not null || fit.Family.IsHurdle;
        _eta = new double[cells.Count];
        for (int row = 0; row < cells.RowToCell.Length; row++) _eta[cells.RowToCell[row]] = fit.LinearPredictor[row];
        if (_keepGroupEffects) return;
        _cells = new MixedModelCells(cells.Conditional, basis, fit.Data.Options.Factorisation);
        _coefficients = new double[_cells.Coefficients];
        natural.AsSpan(thetas, basis.Rank).CopyTo(_coefficients.AsSpan(_cells.Layout.Columns));
    }

    /// <summary>Draws the response of each row in the units of <see cref="DistributionalModelFit.Response"/>; rows of weight 0 keep theirs.</summary>
    public void DrawRows(Rng rng, Span<double> rows)
    {
        DistributionalCells cells = _likelihood.Cells;
        if (!_keepGroupEffects) DrawPredictor(rng);
        for (int row = 0; row < rows.Length; row++)
        {
            int cell = cells.RowToCell[row];
            if (_fit.Data.Rows.Conditional.Weights is { } weights && weights[row] == 0)
            {
                rows[row] = _fit.Response[row];
                continue;
            }
            for (int k = 0; k < _psi.Length; k++) _psi[k] = _likelihood.Parameters[k].Values[cell];
            double trials = cells.Outcomes.Trials?[cell] ?? 1, draw = OutcomeSimulation.Draw(_fit.Family, _eta[cell], _psi, _hasZeroPart, trials, rng);
            rows[row] = _fit.Family.IsOrdered ? draw + 1 : cells.Outcomes.Trials is null ? draw : trials > 0 ? draw / trials : 0;
        }
    }

    private void DrawPredictor(Rng rng)
    {
        foreach (RandomTermFit term in _fit.TermsInFormulaOrder) term.DrawEffects(1, _coefficients, rng);
        _cells!.LinearPredictor(_coefficients, _eta);
    }
}
