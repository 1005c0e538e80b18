using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The Poisson distribution by its log rate α. Arguments: n, α.</summary>
internal static unsafe class PoissonLogDistribution
{
    /// <summary>n α − e^α (a summand of both) − log n! (of n); derivative n − e^α.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double n = x[0], a = x[1];
        DiscreteDomain.Count("poisson_log_lpmf", "outcome", n);
        DiscreteDomain.Number("poisson_log_lpmf", "log rate", a);
        if ((wanted & 2) != 0) d[1] = 0;
        if ((terms & 3) == 0) return 0;
        if (double.IsPositiveInfinity(a) || (double.IsNegativeInfinity(a) && n != 0)) return double.NegativeInfinity;
        double mean = Math.Exp(a);
        if ((wanted & 2) != 0) d[1] = n - mean;
        double value = (n == 0 ? 0 : n * a) - mean;
        return (terms & 1) != 0 ? value - LogFactorial.Of(n) : value;
    }

    /// <summary>Poisson with mean e^α.</summary>
    public static double Draw(double* x, Rng rng)
    {
        double mean = Math.Exp(x[1]);
        if (!(mean < PoissonDistribution.LargestMean)) DiscreteDomain.Refuse("poisson_log_rng", "log rate", x[1], "less than 30 log 2");
        return rng.NextPoisson(mean);
    }
}
