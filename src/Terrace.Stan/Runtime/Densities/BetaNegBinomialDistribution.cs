using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The beta negative binomial distribution: Γ(n + r)/(n! Γ(r)) B(β + n, α + r)/B(β, α), a negative binomial (r successes) whose chance of success is Beta(α, β). Arguments: n, r, α, β.
/// </summary>
internal static unsafe class BetaNegBinomialDistribution
{
    private const double LightTail = 4;

    /// <summary>
    /// log Γ(n + r)/Γ(r) (of n, r) − log n! (of n) + log B(β + n, α + r)/B(β, α) (of all).
    /// </summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double n = x[0], r = x[1], a = x[2], b = x[3];
        DiscreteDomain.Count("beta_neg_binomial_lpmf", "outcome", n);
        Check("beta_neg_binomial_lpmf", r, a, b);
        if ((wanted & 14) != 0)
        {
            double all = GammaFunction.Digamma(a + b + r + n), shape = GammaFunction.Digamma(a + r), sum = GammaFunction.Digamma(a + b);
            if ((wanted & 2) != 0) d[1] = RisingFactorial.First(r, n) + shape - all;
            if ((wanted & 4) != 0) d[2] = shape - GammaFunction.Digamma(a) + sum - all;
            if ((wanted & 8) != 0) d[3] = RisingFactorial.First(b, n) + sum - all;
        }
        double value = 0;
        if ((terms & 3) != 0) value += RisingFactorial.Log(r, n);
        if ((terms & 1) != 0) value -= LogFactorial.Of(n);
        if ((terms & 15) != 0) value += GammaFunction.LogBeta(b + n, a + r) - GammaFunction.LogBeta(b, a);
        return value;
    }

    /// <summary>log P(Y ≤ n).</summary>
    public static double LogCdf(double* x, double* d, int wanted) => LogTail("beta_neg_binomial_lcdf", x, d, wanted, false);

    /// <summary>log P(Y &gt; n).</summary>
    public static double LogCcdf(double* x, double* d, int wanted) => LogTail("beta_neg_binomial_lccdf", x, d, wanted, true);

    /// <summary>A negative binomial whose odds of failure are those of a Beta(α, β) chance.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("beta_neg_binomial_rng", x[1], x[2], x[3]);
        double failure = Math.Exp(LogGammaVariate.Draw(x[3], rng) - LogGammaVariate.Draw(x[2], rng));
        return NegBinomialDistribution.DrawMixture("beta_neg_binomial_rng", x[1], failure, rng);
    }

    /// <summary>The upper tail is a power law: it is summed only where it is light, else the n + 1 masses below are.</summary>
    private static double LogTail(string function, double* x, double* d, int wanted, bool upper)
    {
        double n = x[0], r = x[1], a = x[2], b = x[3];
        Check(function, r, a, b);
        for (int k = 1; k <= 3; k++)
            if ((wanted & (1 << k)) != 0) d[k] = 0;
        if (n < 0) return upper ? 0 : double.NegativeInfinity;
        bool sumBelow = a < LightTail || n <= r * b / (a - 1);
        return CumulatedMass.Log(&Log, new Ratio(r, a, b), x, d, wanted, 4, 0, double.PositiveInfinity, sumBelow, upper);
    }

    private static void Check(string function, double r, double a, double b)
    {
        DiscreteDomain.Positive(function, "number of successes", r);
        DiscreteDomain.Positive(function, "prior success count", a);
        DiscreteDomain.Positive(function, "prior failure count", b);
    }

    /// <summary>p(k + 1)/p(k) = (k + r)(k + β)/((k + 1)(k + r + α + β)); p(k) falls as k^−(α + 1), so that about p(k) k/α lies beyond k.</summary>
    private readonly struct Ratio(double r, double a, double b) : IMassRatio
    {
        public double Up(double k, double* slopes)
        {
            double all = 1 / (k + r + a + b);
            slopes[1] = (1 / (k + r)) - all;
            slopes[2] = -all;
            slopes[3] = (1 / (k + b)) - all;
            return (k + r) * (k + b) / (k + 1) * all;
        }

        public double Beyond(double k, double mass) => mass * (k + r + b) / a;
    }
}
