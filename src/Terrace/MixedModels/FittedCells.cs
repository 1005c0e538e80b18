using Terrace.Design;
using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>The cells, weights and working responses of a fit at its estimates: what diagnostics recompute from the rows.</summary>
/// <remarks>Of a linear model the working weights are the prior weights and the working response is y; of a generalised one W and η + ℓ'/W at the estimates, so that one weighted least-squares step stays there. McCullagh and Nelder (1989), section 2.5.</remarks>
internal sealed class FittedCells
{
    public FittedCells(MixedModelFit fit, ModelRows rows)
    {
        FittedRows.Require(fit, rows);
        Observations = Observations.Resolve(rows, fit.Family);
        Cells = new MixedModelCells(rows.Design, FixedEffectsBasis.Of(rows.Design.X, Observations.Weight), fit.Joint.Factorisation);
        Score = new double[Cells.Count];
        Weights = new double[Cells.Count];
        if (QuadratureEngine.PointsOf(fit.Engine) is null) OfLinear(fit);
        else Observations.Family.Kernel.Evaluate(fit.LinearPredictor, Observations.Y, Observations.Weight, fit.Information, Score, Weights, []);
    }

    public Observations Observations { get; }

    public MixedModelCells Cells { get; }

    /// <summary>∂ℓ/∂η of each cell, σ left out.</summary>
    public double[] Score { get; }

    /// <summary>The working weights of each cell, σ left out.</summary>
    public double[] Weights { get; }

    /// <summary>The share of a row in its cell's weight.</summary>
    public double Share(int row)
    {
        double all = Observations.Weight[Observations.RowToCell[row]];
        return all > 0 ? Observations.RowWeight[row] / all : 0;
    }

    private void OfLinear(MixedModelFit fit)
    {
        for (int c = 0; c < Cells.Count; c++)
        {
            Weights[c] = Observations.Weight[c];
            Score[c] = Weights[c] * (Observations.Y[c] - fit.Fitted[c]);
        }
    }
}
