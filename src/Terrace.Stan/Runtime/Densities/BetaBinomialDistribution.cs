using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The beta-binomial distribution: C(N, n) B(n + α, N − n + β)/B(α, β), a binomial whose chance is Beta(α, β). Arguments: n, N, α, β.</summary>
internal static unsafe class BetaBinomialDistribution
{
    /// <summary>log C(N, n) (of n, N) + log of the rising factorials α…(n), β…(N − n) over (α + β)…(N), whose ratio is B(n + α, N − n + β)/B(α, β) (of all). −∞ outside 0…N.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double n = x[0], trials = x[1], a = x[2], b = x[3], rest = trials - n;
        Check("beta_binomial_lpmf", trials, a, b);
        if ((wanted & 4) != 0) d[2] = 0;
        if ((wanted & 8) != 0) d[3] = 0;
        if ((terms & 15) == 0) return 0;
        if (!(n >= 0 && n <= trials)) return double.NegativeInfinity;
        if ((wanted & 12) != 0)
        {
            double both = RisingFactorial.First(a + b, trials);
            if ((wanted & 4) != 0) d[2] = RisingFactorial.First(a, n) - both;
            if ((wanted & 8) != 0) d[3] = RisingFactorial.First(b, rest) - both;
        }
        double value = RisingFactorial.Log(a, n) + RisingFactorial.Log(b, rest) - RisingFactorial.Log(a + b, trials);
        return (terms & 3) != 0 ? value + LogFactorial.Choose(trials, n) : value;
    }

    /// <summary>log P(Y ≤ n).</summary>
    public static double LogCdf(double* x, double* d, int wanted) => LogTail("beta_binomial_lcdf", x, d, wanted, false);

    /// <summary>log P(Y &gt; n).</summary>
    public static double LogCcdf(double* x, double* d, int wanted) => LogTail("beta_binomial_lccdf", x, d, wanted, true);

    /// <summary>A binomial whose chance is Beta(α, β).</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("beta_binomial_rng", x[1], x[2], x[3]);
        double logOdds = LogGammaVariate.Draw(x[2], rng) - LogGammaVariate.Draw(x[3], rng);
        return rng.NextBinomial((int)x[1], LogisticFunction.Logistic(logOdds));
    }

    private static double LogTail(string function, double* x, double* d, int wanted, bool upper)
    {
        double n = x[0], trials = x[1], a = x[2], b = x[3];
        Check(function, trials, a, b);
        if ((wanted & 4) != 0) d[2] = 0;
        if ((wanted & 8) != 0) d[3] = 0;
        if (n < 0 || n >= trials) return upper == (n < 0) ? 0 : double.NegativeInfinity;
        return CumulatedMass.Log(&Log, new Ratio(trials, a, b), x, d, wanted, 4, 0, trials, n <= trials * (a / (a + b)), upper);
    }

    private static void Check(string function, double trials, double a, double b)
    {
        DiscreteDomain.Count(function, "number of trials", trials);
        DiscreteDomain.Positive(function, "prior success count", a);
        DiscreteDomain.Positive(function, "prior failure count", b);
    }

    /// <summary>p(k + 1)/p(k) = (N − k)(k + α)/((k + 1)(N − k − 1 + β)).</summary>
    private readonly struct Ratio(double trials, double a, double b) : IMassRatio
    {
        public double Up(double k, double* slopes)
        {
            slopes[2] = 1 / (k + a);
            slopes[3] = -1 / (trials - k - 1 + b);
            return (trials - k) * (k + a) / ((k + 1) * (trials - k - 1 + b));
        }

        /// <summary>The masses may rise again at the end (β &lt; 1), so the sum goes to N.</summary>
        public double Beyond(double k, double mass) => k < trials ? double.PositiveInfinity : 0;
    }
}
