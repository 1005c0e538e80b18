using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The uniform distribution on the integers l … u. Arguments, all integers: y, l, u.</summary>
internal static unsafe class DiscreteRangeDistribution
{
    /// <summary>−log(u − l + 1), a summand of l and u; −∞ outside.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        Check("discrete_range_lpmf", x[1], x[2]);
        if ((terms & 7) == 0) return 0;
        if (x[0] < x[1] || x[0] > x[2]) return double.NegativeInfinity;
        return (terms & 6) == 0 ? 0 : -Math.Log(x[2] - x[1] + 1);
    }

    /// <summary>log((y − l + 1)/(u − l + 1)).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        Check("discrete_range_lcdf", x[1], x[2]);
        if (x[0] < x[1]) return double.NegativeInfinity;
        return x[0] >= x[2] ? 0 : LogisticFunction.Log1p((x[0] - x[2]) / (x[2] - x[1] + 1));
    }

    /// <summary>log((u − y)/(u − l + 1)).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        Check("discrete_range_lccdf", x[1], x[2]);
        if (x[0] < x[1]) return 0;
        return x[0] >= x[2] ? double.NegativeInfinity : Math.Log((x[2] - x[0]) / (x[2] - x[1] + 1));
    }

    /// <summary>Each of l … u alike.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("discrete_range_rng", x[1], x[2]);
        double size = x[2] - x[1] + 1;
        return size <= int.MaxValue ? x[1] + rng.NextInt((int)size) : x[1] + Math.Floor(rng.NextDouble() * size);
    }

    private static void Check(string function, double lower, double upper)
    {
        if (!(upper >= lower)) DiscreteDomain.Refuse(function, "upper bound", upper, FormattableString.Invariant($"at least the lower bound {lower}"));
    }
}
