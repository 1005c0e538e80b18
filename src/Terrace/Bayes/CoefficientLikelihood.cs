namespace Terrace.Bayes;

/// <summary>
/// log p(y | x, ψ) as a function of all coefficients x (fixed ones γ, then the effects of the group-level terms) and of the parameters ψ that are one number for all rows, with its gradient. A workspace of
/// one thread.
/// </summary>
internal abstract class CoefficientLikelihood
{
    /// <summary>The log likelihood, with constants; overwrites both gradients. Not finite where the parameters are impossible.</summary>
    public abstract double Evaluate(ReadOnlySpan<double> x, ReadOnlySpan<double> psi, Span<double> gradient, Span<double> psiGradient);
}
