using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The negative binomial distribution by its mean μ and precision φ: Γ(n + φ)/(Γ(φ) n!) (μ/(μ + φ))ⁿ (φ/(μ + φ))^φ, variance μ + μ²/φ. Arguments: n, μ, φ.
/// </summary>
internal static unsafe class NegBinomial2Distribution
{
    /// <summary>log Γ(n + φ)/Γ(φ) (of n, φ) − log n! (of n) + n log(μ/(μ + φ)) − φ log(1 + μ/φ) (of all); this grouping stays accurate as φ grows.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double n = x[0], mean = x[1], phi = x[2];
        DiscreteDomain.Count("neg_binomial_2_lpmf", "outcome", n);
        Check("neg_binomial_2_lpmf", mean, phi);
        double sum = mean + phi, log = LogisticFunction.Log1p(mean / phi);
        if ((wanted & 2) != 0) d[1] = (n - mean) / mean * (phi / sum);
        if ((wanted & 4) != 0) d[2] = RisingFactorial.First(phi, n) - log + ((mean - n) / sum);
        double value = 0;
        if ((terms & 5) != 0) value += RisingFactorial.Log(phi, n);
        if ((terms & 1) != 0) value -= LogFactorial.Of(n);
        if ((terms & 7) != 0) value += (n * (Math.Log(mean / phi) - log)) - (phi * log);
        return value;
    }

    /// <summary>log P(Y ≤ n).</summary>
    public static double LogCdf(double* x, double* d, int wanted) => LogTail("neg_binomial_2_lcdf", x, d, wanted, false);

    /// <summary>log P(Y &gt; n).</summary>
    public static double LogCcdf(double* x, double* d, int wanted) => LogTail("neg_binomial_2_lccdf", x, d, wanted, true);

    /// <summary>A Poisson whose mean is Gamma(φ, φ/μ).</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("neg_binomial_2_rng", x[1], x[2]);
        return NegBinomialDistribution.DrawMixture("neg_binomial_2_rng", x[2], x[1] / x[2], rng);
    }

    /// <summary>By shape α = φ and inverse scale β = φ/μ, with the chain rule.</summary>
    private static double LogTail(string function, double* x, double* d, int wanted, bool upper)
    {
        Check(function, x[1], x[2]);
        double* at = stackalloc double[3], slopes = stackalloc double[3];
        double mean = x[1], phi = x[2];
        at[0] = x[0];
        at[1] = phi;
        at[2] = phi / mean;
        slopes[1] = slopes[2] = 0;
        double value = NegBinomialDistribution.LogTail(at, slopes, (wanted & 6) != 0 ? 6 : 0, upper);
        if ((wanted & 2) != 0) d[1] = -slopes[2] * at[2] / mean;
        if ((wanted & 4) != 0) d[2] = slopes[1] + (slopes[2] / mean);
        return value;
    }

    private static void Check(string function, double mean, double phi)
    {
        DiscreteDomain.Positive(function, "location", mean);
        DiscreteDomain.Positive(function, "precision", phi);
    }
}
