namespace Terrace.Families;

/// <summary>
/// The likelihood of a family with a link for many rows at once, as a function of the linear predictor: one virtual call a pass, none a row. All passes take the
/// linear predictors η, the responses y (means of cells) and the prior weights w (sums over cells), all of one length, and dispersion φ = 1: divide the
/// score and the information by φ where it is not. They allocate nothing.
/// </summary>
internal interface IFamilyKernel
{
    /// <summary>μ = g⁻¹(η) of every row into <paramref name="mean"/>.</summary>
    void Means(ReadOnlySpan<double> eta, Span<double> mean);

    /// <summary>Σ w d(y, μ) less <see cref="DevianceConstant"/>; infinite where η is outside the range of the link.</summary>
    double Deviance(ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight);

    /// <summary>
    /// The part of the deviance Σ w d(y, μ) that does not depend on η and that the other two methods leave out: deviance = their value + this. −2 log likelihood
    /// (φ = 1) is the deviance less twice the saturated log likelihood.
    /// </summary>
    double DevianceConstant(ReadOnlySpan<double> y, ReadOnlySpan<double> weight);

    /// <summary>
    /// The value of <see cref="Deviance"/> and, row by row, the derivatives of the log likelihood ℓ: <paramref name="score"/> = ∂ℓ/∂η,
    /// <paramref name="information"/> = W, the expected information of η or the observed −∂²ℓ/∂η², and, unless it is empty,
    /// <paramref name="slope"/> = dW/dη (of the kind chosen). With a canonical link the two kinds are the same.
    /// </summary>
    double Evaluate(ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight, Information kind, Span<double> score, Span<double> information, Span<double> slope);
}

/// <summary>Which information about the linear predictor a method uses.</summary>
public enum Information
{
    /// <summary>The second derivative of the log likelihood at the data (Newton); may be negative with a non-canonical link.</summary>
    Observed,

    /// <summary>Its expectation (Fisher scoring, IRLS); never negative.</summary>
    Expected,
}
