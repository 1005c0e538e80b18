using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The standard normal distribution: outcome y. Formula: log p = −y²/2 − ½ log 2π; cdf Φ(y).</summary>
internal static unsafe class StdNormalDistribution
{
    /// <summary>The log density.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0];
        ContinuousDomain.Number("std_normal_lpdf", y);
        d[0] = -y;
        return terms == 0 ? 0 : (-0.5 * y * y) - (terms < 0 ? NormalTail.HalfLogTwoPi : 0);
    }

    /// <summary>log Φ(y).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        ContinuousDomain.Number("std_normal_lcdf", x[0]);
        double log = NormalTail.LogPhi(x[0], out double slope);
        d[0] = slope;
        return log;
    }

    /// <summary>log Φ(−y).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        ContinuousDomain.Number("std_normal_lccdf", x[0]);
        double log = NormalTail.LogPhi(-x[0], out double slope);
        d[0] = -slope;
        return log;
    }

    /// <summary>A draw.</summary>
    public static double Draw(double* x, Rng rng) => rng.NextNormal();
}
