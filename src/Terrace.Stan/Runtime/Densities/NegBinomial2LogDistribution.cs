using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The negative binomial distribution by its log mean η and precision φ. Arguments: n, η, φ.</summary>
internal static unsafe class NegBinomial2LogDistribution
{
    /// <summary>
    /// With t = η − log φ: log Γ(n + φ)/Γ(φ) (of n, φ) − log n! (of n) + n (t − log(1 + e^t)) − φ log(1 + e^t) (of all). Derivatives with s = 1/(1 + e^−t): n − (n + φ) s by η and
    /// ψ(n + φ) − ψ(φ) − log(1 + e^t) + s − n (1 − s)/φ by φ.
    /// </summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double n = x[0], eta = x[1], phi = x[2];
        DiscreteDomain.Count("neg_binomial_2_log_lpmf", "outcome", n);
        DiscreteDomain.Finite("neg_binomial_2_log_lpmf", "log location", eta);
        DiscreteDomain.Positive("neg_binomial_2_log_lpmf", "precision", phi);
        double t = eta - Math.Log(phi);
        LogisticCore<double> core = LogisticParts.Of(t);
        double larger = core.Larger, smaller = core.Exponential * larger, log = core.Log1p;
        double share = SignSelect.Negative(t, smaller, larger), logSum = SignSelect.Negative(t, 0, t) + log, logShare = SignSelect.Negative(t, t, 0) - log;
        if ((wanted & 2) != 0) d[1] = n - ((n + phi) * share);
        if ((wanted & 4) != 0) d[2] = RisingFactorial.First(phi, n) - logSum + share - (n * SignSelect.Negative(t, larger, smaller) / phi);
        double value = 0;
        if ((terms & 5) != 0) value += RisingFactorial.Log(phi, n);
        if ((terms & 1) != 0) value -= LogFactorial.Of(n);
        if ((terms & 7) != 0) value += (n * logShare) - (phi * logSum);
        return value;
    }

    /// <summary>A Poisson whose mean is Gamma(φ, φ e^−η).</summary>
    public static double Draw(double* x, Rng rng)
    {
        DiscreteDomain.Finite("neg_binomial_2_log_rng", "log location", x[1]);
        DiscreteDomain.Positive("neg_binomial_2_log_rng", "precision", x[2]);
        return NegBinomialDistribution.DrawMixture("neg_binomial_2_log_rng", x[2], Math.Exp(x[1]) / x[2], rng);
    }
}
