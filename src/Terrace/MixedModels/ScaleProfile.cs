using Terrace.Families;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.MixedModels;

/// <summary>
/// −2 log likelihood of the rows given the modes, as a function of their deviance alone: with a known dispersion the deviance and a constant, otherwise with φ = deviance / Σw
/// put in, which is how lme4 treats families with a dispersion.
/// </summary>
/// <remarks>
/// <para>S(D) = −2 log L(D, φ(D)). Known φ: S' = 1. Gaussian and inverse Gaussian: S' = Σw / D. Gamma: S' = −(2/φ²)(log φ + ψ(1/φ)).</para>
/// <para>lme4's <c>aic</c> of the families; McCullagh and Nelder (1989), section 8.3.6 for the gamma's φ. Check: LaplaceDevianceTests (finite differences).</para>
/// </remarks>
internal static class ScaleProfile
{
    /// <summary>φ for the deviance D of the rows.</summary>
    public static double Dispersion(Observations observations, double deviance) =>
        observations.Family.HasKnownDispersion ? 1 : deviance / Count(observations);

    /// <summary>S(D).</summary>
    public static double MinusTwoLogLikelihood(Observations observations, double deviance) =>
        -2 * observations.LogLikelihood(deviance, Dispersion(observations, deviance));

    /// <summary>S'(D).</summary>
    public static double Slope(Observations observations, double deviance)
    {
        if (observations.Family.HasKnownDispersion) return 1;
        if (observations.Family.Distribution != Distribution.Gamma) return Count(observations) / deviance;
        double phi = Dispersion(observations, deviance);
        return -2 / (phi * phi) * (Math.Log(phi) + GammaFunction.Digamma(1 / phi));
    }

    private static double Count(Observations observations) =>
        observations.Family.Distribution == Distribution.Gaussian ? observations.WeightedRows : observations.WeightSum;
}
