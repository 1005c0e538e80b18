using Terrace.Numerics.Distributions;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The Poisson distribution: λⁿ e^−λ / n!. Arguments: n, λ.</summary>
internal static unsafe class PoissonDistribution
{
    /// <summary>The largest mean whose draws surely fit an int, as Stan has it.</summary>
    public const double LargestMean = 1 << 30;

    /// <summary>n log λ − λ (a summand of both) − log n! (of n).</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double n = x[0], mean = x[1];
        DiscreteDomain.Count("poisson_lpmf", "outcome", n);
        DiscreteDomain.Nonnegative("poisson_lpmf", "rate", mean);
        if ((wanted & 2) != 0) d[1] = 0;
        if ((terms & 3) == 0) return 0;
        if (double.IsInfinity(mean) || (mean == 0 && n != 0)) return double.NegativeInfinity;
        if ((wanted & 2) != 0) d[1] = n == 0 ? -1 : (n / mean) - 1;
        double value = (n == 0 ? 0 : n * Math.Log(mean)) - mean;
        return (terms & 1) != 0 ? value - LogFactorial.Of(n) : value;
    }

    /// <summary>log P(Y ≤ n), derivative −P(Y = n)/P(Y ≤ n).</summary>
    public static double LogCdf(double* x, double* d, int wanted) => LogTail("poisson_lcdf", x, d, wanted, false);

    /// <summary>log P(Y &gt; n), derivative P(Y = n)/P(Y &gt; n).</summary>
    public static double LogCcdf(double* x, double* d, int wanted) => LogTail("poisson_lccdf", x, d, wanted, true);

    /// <summary>Poisson with mean λ.</summary>
    public static double Draw(double* x, Rng rng)
    {
        if (!(x[1] >= 0 && x[1] < LargestMean)) DiscreteDomain.Refuse("poisson_rng", "rate", x[1], "nonnegative and less than 2^30");
        return rng.NextPoisson(x[1]);
    }

    private static double LogTail(string function, double* x, double* d, int wanted, bool upper)
    {
        double n = x[0], mean = x[1];
        DiscreteDomain.Nonnegative(function, "rate", mean);
        if ((wanted & 2) != 0) d[1] = 0;
        if (n < 0) return upper ? 0 : double.NegativeInfinity;
        double below = Poisson.Cdf(n, mean), above = Poisson.UpperTail(n, mean);
        double value = upper ? CumulatedMass.LogOf(above, below) : CumulatedMass.LogOf(below, above);
        if ((wanted & 2) != 0 && !double.IsInfinity(value))
        {
            double slope = Math.Exp(Poisson.LogDensity(n, mean) - value);
            d[1] = upper ? slope : -slope;
        }
        return value;
    }
}
