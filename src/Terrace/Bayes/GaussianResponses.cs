using Terrace.Families;

namespace Terrace.Bayes;

/// <summary>
/// Gaussian responses with identity link, from cell means: ψ₀ = log σ.
/// <code>ℓ = −½ [Σ W (Y − η)² + within]/σ² − n log σ + ½ Σ log w − ½ n log 2π</code>
/// Gelman and Hill (2007), section 11.3, for rows summed to cells. Checked in <c>BayesianDensityTests</c>.
/// </summary>
internal sealed class GaussianResponses : ResponseModel
{
    private readonly Observations _observations;
    private readonly double _constant;

    public GaussianResponses(Observations observations)
    {
        _observations = observations;
        _constant = 0.5 * observations.SumLogWeight - 0.5 * observations.WeightedRows * Math.Log(2 * Math.PI);
    }

    /// <summary>The number of rows with a positive weight.</summary>
    public double WeightedRows => _observations.WeightedRows;

    public override double Evaluate(double[][] eta, ReadOnlySpan<double> psi, double[][] score, Span<double> psiScore)
    {
        double precision = Math.Exp(-2 * psi[0]), squares = _observations.WithinDeviance;
        double[] y = _observations.Y, weight = _observations.Weight, predictor = eta[0], slope = score[0];
        for (int i = 0; i < y.Length; i++)
        {
            double residual = y[i] - predictor[i], weighted = weight[i] * residual;
            squares += weighted * residual;
            slope[i] = weighted * precision;
        }
        psiScore[0] = squares * precision - _observations.WeightedRows;
        return _constant - 0.5 * squares * precision - _observations.WeightedRows * psi[0];
    }

    public override bool TryInformation(double[][] eta, ReadOnlySpan<double> psi, Span<double> information)
    {
        double precision = Math.Exp(-2 * psi[0]);
        for (int i = 0; i < information.Length; i++) information[i] = _observations.Weight[i] * precision;
        return true;
    }
}
