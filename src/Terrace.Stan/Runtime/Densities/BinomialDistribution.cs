using Terrace.Numerics.Distributions;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The binomial distribution: C(N, n) θⁿ (1 − θ)^(N − n). Arguments: n, N, θ.</summary>
internal static unsafe class BinomialDistribution
{
    /// <summary>log C(N, n) (a summand of n and N) + n log θ + (N − n) log(1 − θ).</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double n = x[0], trials = x[1], p = x[2], rest = trials - n;
        DiscreteDomain.Count("binomial_lpmf", "number of trials", trials);
        DiscreteDomain.Range("binomial_lpmf", "outcome", n, 0, trials);
        DiscreteDomain.Probability("binomial_lpmf", "chance of success", p);
        if ((wanted & 4) != 0) d[2] = (terms & 7) == 0 ? 0 : (n == 0 ? 0 : n / p) - (rest == 0 ? 0 : rest / (1 - p));
        double value = 0;
        if ((terms & 3) != 0) value = LogFactorial.Choose(trials, n);
        if ((terms & 7) != 0) value += (n == 0 ? 0 : n * Math.Log(p)) + (rest == 0 ? 0 : rest * BernoulliDistribution.LogMiss(p));
        return value;
    }

    /// <summary>log P(Y ≤ n); its derivative by θ is −N·P(Y' = n)/P(Y ≤ n), Y' of N − 1 trials.</summary>
    public static double LogCdf(double* x, double* d, int wanted) => LogTail("binomial_lcdf", x, d, wanted, false);

    /// <summary>log P(Y &gt; n).</summary>
    public static double LogCcdf(double* x, double* d, int wanted) => LogTail("binomial_lccdf", x, d, wanted, true);

    /// <summary>Binomial with N trials.</summary>
    public static double Draw(double* x, Rng rng)
    {
        DiscreteDomain.Count("binomial_rng", "number of trials", x[1]);
        DiscreteDomain.Probability("binomial_rng", "chance of success", x[2]);
        return rng.NextBinomial((int)x[1], x[2]);
    }

    private static double LogTail(string function, double* x, double* d, int wanted, bool upper)
    {
        double n = x[0], trials = x[1], p = x[2];
        DiscreteDomain.Count(function, "number of trials", trials);
        DiscreteDomain.Probability(function, "chance of success", p);
        if ((wanted & 4) != 0) d[2] = 0;
        if (n < 0 || n >= trials) return upper == (n < 0) ? 0 : double.NegativeInfinity;
        double below = Binomial.Cdf(n, trials, p), above = Binomial.UpperTail(n, trials, p);
        double value = upper ? CumulatedMass.LogOf(above, below) : CumulatedMass.LogOf(below, above);
        if ((wanted & 4) != 0)
        {
            double slope = Math.Exp(Math.Log(trials) + Binomial.LogDensity(n, trials - 1, p) - value);
            d[2] = upper ? slope : -slope;
        }
        return value;
    }
}
