using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The negative binomial distribution by shape α and inverse scale β: Γ(n + α)/(Γ(α) n!) (β/(β + 1))^α (1/(β + 1))ⁿ, a Poisson whose mean is Gamma(α, β). Arguments: n, α, β.
/// </summary>
internal static unsafe class NegBinomialDistribution
{
    private const double LargestMean = 1 << 29;

    /// <summary>log Γ(n + α)/Γ(α) (of n, α) − log n! (of n) − α log(1 + 1/β) (of α, β) − n log(1 + β) (of n, β).</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double n = x[0], a = x[1], b = x[2];
        DiscreteDomain.Count("neg_binomial_lpmf", "outcome", n);
        Check("neg_binomial_lpmf", a, b);
        double logShare = LogisticFunction.Log1p(1 / b);
        if ((wanted & 2) != 0) d[1] = RisingFactorial.First(a, n) - logShare;
        if ((wanted & 4) != 0) d[2] = ((a / b) - n) / (1 + b);
        double value = 0;
        if ((terms & 3) != 0) value += RisingFactorial.Log(a, n);
        if ((terms & 1) != 0) value -= LogFactorial.Of(n);
        if ((terms & 6) != 0) value -= a * logShare;
        if ((terms & 5) != 0) value -= n * LogisticFunction.Log1p(b);
        return value;
    }

    /// <summary>log P(Y ≤ n).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        Check("neg_binomial_lcdf", x[1], x[2]);
        return LogTail(x, d, wanted, false);
    }

    /// <summary>log P(Y &gt; n).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        Check("neg_binomial_lccdf", x[1], x[2]);
        return LogTail(x, d, wanted, true);
    }

    /// <summary>A Poisson whose mean is Gamma(α, β).</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("neg_binomial_rng", x[1], x[2]);
        return DrawMixture("neg_binomial_rng", x[1], 1 / x[2], rng);
    }

    /// <summary>A Poisson whose mean is Gamma(shape, 1)·scale.</summary>
    internal static double DrawMixture(string function, double shape, double scale, Rng rng)
    {
        if (!(shape * scale < LargestMean)) DiscreteDomain.Refuse(function, "mean", shape * scale, "less than 2^29");
        double mean = rng.NextGamma(shape) * scale;
        if (!(mean < PoissonDistribution.LargestMean)) DiscreteDomain.Refuse(function, "drawn rate", mean, "less than 2^30");
        return rng.NextPoisson(mean);
    }

    /// <summary>The tails with derivatives by α and β, after the checks; shared with the parametrisation by the mean.</summary>
    internal static double LogTail(double* x, double* d, int wanted, bool upper)
    {
        for (int k = 1; k <= 2; k++)
            if ((wanted & (1 << k)) != 0) d[k] = 0;
        if (x[0] < 0) return upper ? 0 : double.NegativeInfinity;
        return CumulatedMass.Log(&Log, new Ratio(x[1], x[2]), x, d, wanted, 3, 0, double.PositiveInfinity, x[0] <= x[1] / x[2], upper);
    }

    private static void Check(string function, double a, double b)
    {
        DiscreteDomain.Positive(function, "shape", a);
        DiscreteDomain.Positive(function, "inverse scale", b);
    }

    /// <summary>p(k + 1)/p(k) = (k + α)/((k + 1)(1 + β)).</summary>
    private readonly struct Ratio(double a, double b) : IMassRatio
    {
        public double Up(double k, double* slopes)
        {
            slopes[1] = 1 / (k + a);
            slopes[2] = -1 / (1 + b);
            return (k + a) / ((k + 1) * (1 + b));
        }

        public double Beyond(double k, double mass)
        {
            double up = Math.Max((k + a) / (k + 1), 1) / (1 + b);
            return up < 1 ? mass * up / (1 - up) : double.PositiveInfinity;
        }
    }
}
