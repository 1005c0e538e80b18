namespace Terrace.Families.Densities;

/// <summary>How much of a density is evaluated.</summary>
internal enum DensityDetail
{
    /// <summary>The log density and its first two derivatives in η: what the search for conditional modes needs.</summary>
    Modes,

    /// <summary>The third derivative and those in the other parameters too: what the gradient of the Laplace approximation needs.</summary>
    Gradient,
}

/// <summary>
/// The log density of every cell's response as a function of the conditional linear predictor η and of further parameters ψ₁ … ψ_K on scales without bounds (log φ, the logit of the
/// probability of a structural zero, thresholds): ℓ(η, ψ) with its derivatives. A density knows its cells' responses; it has no weights.
/// </summary>
internal abstract class ResponseDensity
{
    /// <summary>K.</summary>
    public abstract int Parameters { get; }

    /// <summary>Takes the parameters, one array of cells for each; false where they are impossible (thresholds out of order).</summary>
    public abstract bool SetParameters(ReadOnlySpan<double[]> psi);

    /// <summary>Evaluates every cell at <paramref name="eta"/> and the parameters set last; a value that is not finite means that η is impossible.</summary>
    public abstract void Evaluate(ReadOnlySpan<double> eta, DensityDetail detail, DensityDerivatives into);

    /// <summary>Whether <see cref="ExpectedInformation"/> is known.</summary>
    public virtual bool HasExpectedInformation => false;

    /// <summary>The expected information E(−∂²ℓ/∂η²) of every cell, and its derivatives in η and in each ψ.</summary>
    public virtual void ExpectedInformation(ReadOnlySpan<double> eta, double[] information, double[] slope, double[][] own) =>
        throw new NotSupportedException("This density knows no expected information.");
}
