namespace Terrace.Bayes;

/// <summary>
/// The log density of all cells' responses as a function of their linear predictors, one array of cells for each, and of the parameters ψ that are one number, on the scales of the densities (log σ, log φ,
/// the logit of a probability, thresholds). A workspace of one thread.
/// </summary>
internal abstract class ResponseModel
{
    /// <summary>The log likelihood with constants; overwrites <paramref name="score"/> (∂ℓ/∂η per predictor and cell) and <paramref name="psiScore"/>.</summary>
    public abstract double Evaluate(double[][] eta, ReadOnlySpan<double> psi, double[][] score, Span<double> psiScore);

    /// <summary>
    /// The observed information −∂²ℓ/∂η² of the conditional predictor per cell, or its expectation where that is asked for and known; false where neither is available (several predictors at once).
    /// </summary>
    public virtual bool TryInformation(double[][] eta, ReadOnlySpan<double> psi, Span<double> information) => false;

    /// <summary>The information −∂²ℓ/∂η_k∂η_l of every pair of linear predictors k ≤ l per cell, in <c>information[k][l]</c>; false where it is not available.</summary>
    public virtual bool TryJointInformation(double[][] eta, ReadOnlySpan<double> psi, double[][][] information) => eta.Length == 1 && TryInformation(eta, psi, information[0][0]);
}
