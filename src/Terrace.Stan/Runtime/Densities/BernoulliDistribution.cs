using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The Bernoulli distribution: P(1) = θ, P(0) = 1 − θ. Arguments: y, θ.</summary>
internal static unsafe class BernoulliDistribution
{
    /// <summary>log θ for y = 1, log(1 − θ) for y = 0.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], p = x[1];
        DiscreteDomain.Binary("bernoulli_lpmf", y);
        DiscreteDomain.Probability("bernoulli_lpmf", "chance of success", p);
        if ((terms & 3) == 0) return Zero(d, wanted);
        double own = y != 0 ? p : 1 - p;
        if ((wanted & 2) != 0) d[1] = own == 0 ? 0 : y != 0 ? 1 / own : -1 / own;
        return y != 0 ? Math.Log(p) : LogMiss(p);
    }

    /// <summary>log P(Y ≤ y): log(1 − θ) at 0.</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        DiscreteDomain.Probability("bernoulli_lcdf", "chance of success", x[1]);
        if (x[0] is < 0 or >= 1) return Zero(d, wanted, x[0] < 0 ? double.NegativeInfinity : 0);
        if ((wanted & 2) != 0) d[1] = -1 / (1 - x[1]);
        return LogMiss(x[1]);
    }

    /// <summary>log P(Y &gt; y): log θ at 0.</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        DiscreteDomain.Probability("bernoulli_lccdf", "chance of success", x[1]);
        if (x[0] is < 0 or >= 1) return Zero(d, wanted, x[0] < 0 ? 0 : double.NegativeInfinity);
        if ((wanted & 2) != 0) d[1] = 1 / x[1];
        return Math.Log(x[1]);
    }

    /// <summary>1 with probability θ.</summary>
    public static double Draw(double* x, Rng rng)
    {
        DiscreteDomain.Probability("bernoulli_rng", "chance of success", x[1]);
        return rng.NextDouble() < x[1] ? 1 : 0;
    }

    /// <summary>log(1 − θ); beyond 1/2 the difference is exact, and −∞ at 1.</summary>
    internal static double LogMiss(double p) => p > 0.5 ? Math.Log(1 - p) : LogisticFunction.Log1p(-p);

    private static double Zero(double* d, int wanted, double value = 0)
    {
        if ((wanted & 2) != 0) d[1] = 0;
        return value;
    }
}
