using Terrace.Families;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.MixedModels;

/// <summary>
/// Draws responses from a fitted mixed model: y* ~ p(y | g⁻¹(offset + Xβ̂ + Zb)), with the modes b = b̂ kept (lme4's <c>use.u = TRUE</c>) or new effects b* ~ N(0, Σ̂) for every draw
/// (<c>use.u = FALSE</c>). A workspace of one thread.
/// </summary>
/// <remarks>Bates, Mächler, Bolker and Walker (2015), section 5.2. Every draw takes all it needs from one stream of random numbers, effects before responses. Check: SimulateTests.</remarks>
internal sealed class OutcomeDraws
{
    private readonly RefitModel _model;
    private readonly ResponseSimulation _simulation;
    private readonly bool _keepGroupEffects;
    private readonly double[] _coefficients;
    private readonly double[] _means;
    private readonly double[] _rows;
    private readonly double[] _cells;

    /// <exception cref="ModelException">The family cannot be simulated.</exception>
    public OutcomeDraws(RefitModel model, bool keepGroupEffects)
    {
        _model = model;
        MixedModelFit fit = model.Fit;
        _simulation = new ResponseSimulation(model.Observations, fit.Sigma * fit.Sigma);
        _keepGroupEffects = keepGroupEffects;
        _coefficients = new double[model.Cells.Coefficients];
        model.Cells.Basis.FromCoefficients([.. fit.Estimated.Select(j => fit.Beta[j])]).CopyTo(_coefficients, model.Cells.Layout.Columns);
        _means = [.. fit.Fitted];
        _cells = new double[_means.Length];
        _rows = new double[_simulation.CellsSuffice ? 0 : model.Observations.Rows];
    }

    /// <summary>Draws the response of each row.</summary>
    public void DrawRows(Rng rng, Span<double> rows)
    {
        DrawMeans(rng);
        _simulation.DrawRows(_means, rng, rows);
    }

    /// <summary>Draws responses into a workspace's observations, by cells where that is all they need.</summary>
    public void DrawInto(Observations observations, Rng rng)
    {
        DrawMeans(rng);
        if (_simulation.CellsSuffice)
        {
            _simulation.DrawCells(_means, rng, _cells);
            observations.ReplaceCells(_cells);
        }
        else
        {
            _simulation.DrawRows(_means, rng, _rows);
            observations.ReplaceRows(_rows);
        }
    }

    private void DrawMeans(Rng rng)
    {
        if (_keepGroupEffects) return;
        foreach (RandomTermFit term in _model.Fit.TermsInFormulaOrder) term.DrawEffects(_model.Fit.Sigma, _coefficients, rng);
        _model.Cells.LinearPredictor(_coefficients, _means);
        _model.Fit.Family.Kernel.Means(_means, _means);
    }
}
