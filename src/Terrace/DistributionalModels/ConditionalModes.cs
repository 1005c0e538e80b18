using Terrace.Families.Densities;
using Terrace.MixedModels;

namespace Terrace.DistributionalModels;

/// <summary>
/// The conditional modes û of the spherical random effects given (θ, γ, δ): the minimum of −2 Σ w ℓ(η, ψ) + u'u, η = offset + Xγ + ZΛu.
/// </summary>
/// <remarks>
/// <para>A <see cref="ModeSearch"/> with W = −w ℓ₂. Where H is not positive definite (a log density need not be concave) the negative W count as 0.</para>
/// <para>Symbols: ℓ₁, ℓ₂ -> <see cref="DensityDerivatives.First"/>, <see cref="DensityDerivatives.Second"/>.</para>
/// <para>Bates (2011), <em>Computational methods for mixed models</em>, section 5, with Newton's weights as in Brooks et al. (2017), <em>glmmTMB balances speed and flexibility</em>.
/// Check: DistributionalDevianceTests.</para>
/// </remarks>
internal sealed class ConditionalModes(MixedModelCells cells, ResponseLikelihood likelihood) : ModeSearch(cells, joint: false, MaximumSteps)
{
    private const int MaximumSteps = 200;
    private const double Tolerance = 1e-12;

    /// <summary>−2 Σ w ℓ at the mode.</summary>
    public double MinusTwoLogDensity { get; private set; }

    protected override ReadOnlySpan<double> Scores => likelihood.Derivatives.First;

    /// <summary>Searches at θ, with the fixed effects in <see cref="ModeSearch.Spherical"/> and the parameters set in the likelihood; false if no mode is found.</summary>
    public bool Solve(ReadOnlySpan<double> theta) => Solve(theta, Tolerance);

    protected override void SetPredictor(ReadOnlySpan<double> coefficients) => Cells.LinearPredictor(coefficients, Eta);

    protected override double EvaluateRows() => MinusTwoLogDensity = likelihood.Evaluate(Eta, DensityDetail.Modes);

    protected override void SetWeights()
    {
        double[] second = likelihood.Derivatives.Second;
        for (int i = 0; i < second.Length; i++) ObservedWeights[i] = -second[i];
    }

    /// <summary>The observed weights with the negative ones left out.</summary>
    protected override ReadOnlySpan<double> PositiveWeights()
    {
        for (int i = 0; i < ObservedWeights.Length; i++) ObservedWeights[i] = Math.Max(0, ObservedWeights[i]);
        return ObservedWeights;
    }
}
