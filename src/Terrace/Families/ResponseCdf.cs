using Terrace.Numerics.Distributions;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Families;

/// <summary>
/// The cumulative probability of a response given its conditional predictor and the parameters beside the mean.
/// <code>
/// neg-binomial  P(y ≤ k) = I_p(r, k + 1): p = φ/(φ + μ), r = φ; neg-binomial-1: p = 1/(1 + φ), r = μ/φ
/// zero-inflated π + (1 − π) F(y)      hurdle π + (1 − π)(F(y) − f₀)/(1 − f₀)
/// </code>
/// A beta-binomial response is taken as a single trial. Abramowitz and Stegun (1964), 26.5.26, for the negative binomial. Checked against sums of probabilities in
/// <c>ResponseDensityTests</c>.
/// </summary>
internal static class ResponseCdf
{
    /// <summary>Whether responses are whole numbers.</summary>
    public static bool IsDiscrete(ResponseFamily family) => family.Kind is ResponseType.Count or ResponseType.Trials;

    /// <summary>P(response ≤ y); <paramref name="psi"/> are the parameters on the scales of their predictors, the zero part's last.</summary>
    public static double At(ResponseFamily family, double y, double eta, ReadOnlySpan<double> psi, bool hasZeroPart)
    {
        double mean = family.Link.Mean(eta);
        if (!hasZeroPart) return Plain(family, y, mean, psi);
        if (y < 0) return 0;
        double zero = LogisticFunction.Logistic(psi[^1]), below = Plain(family, y, mean, psi);
        if (family.IsHurdle)
        {
            double none = Plain(family, 0, mean, psi);
            below = none < 1 ? (below - none) / (1 - none) : 1;
        }
        return zero + (1 - zero) * below;
    }

    private static double Plain(ResponseFamily family, double y, double mean, ReadOnlySpan<double> psi)
    {
        double own = psi.Length > 0 ? Math.Exp(psi[0]) : 0;
        return family.Distribution switch
        {
            ResponseDistribution.Poisson => Poisson.Cdf(y, mean),
            ResponseDistribution.NegativeBinomial => y < 0 ? 0 : Beta.Cdf(own / (own + mean), own, Math.Floor(y) + 1),
            ResponseDistribution.LinearNegativeBinomial => y < 0 ? 0 : Beta.Cdf(1 / (1 + own), mean / own, Math.Floor(y) + 1),
            ResponseDistribution.Beta => y <= 0 ? 0 : y >= 1 ? 1 : Beta.Cdf(y, mean * own, (1 - mean) * own),
            ResponseDistribution.BetaBinomial => y < 0 ? 0 : y < 1 ? 1 - mean : 1,
            ResponseDistribution.Normal => Normal.Cdf(y, mean, own),
            ResponseDistribution.LogNormal => y <= 0 ? 0 : Normal.Cdf(Math.Log(y), mean, own),
            ResponseDistribution.Student => StudentT.Cdf((y - mean) / own, Math.Exp(psi[1])),
            _ => double.NaN,
        };
    }
}
