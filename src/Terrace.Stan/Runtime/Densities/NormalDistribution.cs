using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The normal distribution: outcome y, location μ, scale σ. Formula: log p = −z²/2 − log σ − ½ log 2π, z = (y − μ)/σ; cdf Φ(z).</summary>
internal static unsafe class NormalDistribution
{
    /// <summary>The log density.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], mu = x[1], sigma = x[2];
        ContinuousDomain.LocationAndScale("normal_lpdf", y, mu, sigma);
        double inverse = 1 / sigma, z = (y - mu) * inverse, log = terms == 0 ? 0 : -0.5 * z * z;
        if ((terms & 4) != 0) log -= Math.Log(sigma);
        if (terms < 0) log -= NormalTail.HalfLogTwoPi;
        if (wanted != 0) LocationScale.Density(d, -z, z, inverse);
        return log;
    }

    /// <summary>log Φ(z).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        ContinuousDomain.LocationAndScale("normal_lcdf", x[0], x[1], x[2]);
        double inverse = 1 / x[2], z = (x[0] - x[1]) * inverse, log = NormalTail.LogPhi(z, out double slope);
        if (wanted != 0) LocationScale.Tail(d, slope, z, inverse);
        return log;
    }

    /// <summary>log Φ(−z).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        ContinuousDomain.LocationAndScale("normal_lccdf", x[0], x[1], x[2]);
        double inverse = 1 / x[2], z = (x[0] - x[1]) * inverse, log = NormalTail.LogPhi(-z, out double slope);
        if (wanted != 0) LocationScale.Tail(d, -slope, z, inverse);
        return log;
    }

    /// <summary>A draw.</summary>
    public static double Draw(double* x, Rng rng)
    {
        ContinuousDomain.LocationAndScale("normal_rng", 0, x[1], x[2]);
        return x[1] + (x[2] * rng.NextNormal());
    }
}
