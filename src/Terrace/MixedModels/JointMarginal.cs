using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>
/// The Laplace approximation of the likelihood of θ with both the random and the fixed effects integrated out (flat prior on β): what the posterior of the variance parameters of a
/// generalised mixed model is drawn from.
/// </summary>
/// <remarks>
/// <para>−2 log p(y | θ) ≈ S(D) + û'û + log |H(θ)| at the joint mode (û, γ̂)(θ), up to a constant; H includes X. Tierney and Kadane (1986), <em>Accurate approximations for posterior
/// moments and marginal densities</em>, equation 2.1; The error of a mode enters in second order.</para>
/// <para>Check: VarianceParameterSamplerTests. A workspace of one thread.</para>
/// </remarks>
internal sealed class JointMarginal
{
    private const double ModeTolerance = 1e-6;
    private readonly PenalizedIrls _modes;
    private readonly Observations _observations;

    public JointMarginal(MixedModelCells cells, Observations observations)
    {
        _observations = observations;
        _modes = new PenalizedIrls(cells, observations, joint: true);
    }

    /// <summary>(u, γ): where the next search for the mode begins.</summary>
    public double[] Start => _modes.Spherical;

    /// <summary>−½ (S(D) + û'û + log |H|) at θ, NaN where there is no mode.</summary>
    public double LogDensity(ReadOnlySpan<double> theta) => _modes.Solve(theta, ModeTolerance)
        ? -0.5 * (ScaleProfile.MinusTwoLogLikelihood(_observations, _modes.Deviance) + _modes.Penalty + _modes.Factor.LogDeterminantRandom + _modes.Factor.LogDeterminantFixed)
        : double.NaN;
}
