using Terrace.Families;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.Quadrature;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.MixedModels;

/// <summary>The variance that a distribution itself adds to an observation on the scale of the linear predictor.</summary>
/// <remarks>
/// <para>Gaussian: σ². Binomial, of one trial: theoretical π²/3 (logit), 1 (probit), π²/6 (cloglog); delta method p(1 − p)/(dp/dη)² at the mean p. Log link, with ω = 1/λ (Poisson of mean λ) or φ (gamma): lognormal log(1 + ω), delta ω,
/// trigamma ψ₁(1/ω). Means from intercept b and random variance τ²: λ = exp(b + τ²/2); p = Φ(b/√(1 + τ²)) (probit), logit⁻¹(b − ½τ² tanh(b(1 + 2e^(−τ²/2))/6)) (logit), the integral itself by Gauss–Hermite quadrature (cloglog).</para>
/// <para>Nakagawa, Johnson and Schielzeth (2017), tables 1 and 2 and equations 5.8 and 6.8 (McCulloch, Searle and Neuhaus 2008). Symbols: b, τ² -> intercept, random. Check: ExplainedVarianceTests.</para>
/// </remarks>
internal static class DistributionVariance
{
    /// <summary>The variances by each method, the recommended one first; none where nothing is published for family and link.</summary>
    public static IReadOnlyList<(string Method, double Variance)> Of(Family family, double dispersion, double intercept, double random) => (family.Name, family.Link.Name) switch
    {
        ("gaussian", "identity") => [("residual", dispersion)],
        ("binomial", "logit") => [("theoretical", Math.PI * Math.PI / 3), ("delta", Delta(family.Link, LogitMean(intercept, random)))],
        ("binomial", "probit") => [("theoretical", 1), ("delta", Delta(family.Link, Normal.Cdf(intercept / Math.Sqrt(1 + random))))],
        ("binomial", "cloglog") => [("theoretical", Math.PI * Math.PI / 6), ("delta", Delta(family.Link, Mean(family.Link, intercept, random)))],
        ("poisson", "log") => OfLog(Math.Exp(-intercept - 0.5 * random)),
        ("gamma", "log") => OfLog(dispersion),
        _ => [],
    };

    private static (string, double)[] OfLog(double variation) =>
        [("lognormal", Math.Log(1 + variation)), ("delta", variation), ("trigamma", GammaFunction.Trigamma(1 / variation))];

    private static double Delta(Link link, double mean)
    {
        double slope = link.Slope(link.Eta(mean));
        return mean * (1 - mean) / (slope * slope);
    }

    private static double LogitMean(double intercept, double random) =>
        Link.Logit.Mean(intercept - 0.5 * random * Math.Tanh(intercept * (1 + 2 * Math.Exp(-0.5 * random)) / 6));

    private static double Mean(Link link, double intercept, double random)
    {
        var rule = new GaussHermite(60);
        double sum = 0;
        for (int k = 0; k < rule.Nodes.Count; k++) sum += rule.Weights[k] * link.Mean(intercept + Math.Sqrt(random) * rule.Nodes[k]);
        return sum;
    }
}
