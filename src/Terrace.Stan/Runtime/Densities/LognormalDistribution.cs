using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The lognormal distribution: outcome y &gt; 0, location μ and scale σ of log y. Formula: log p = −z²/2 − log σ − log y − ½ log 2π, z = (log y − μ)/σ; cdf Φ(z).</summary>
internal static unsafe class LognormalDistribution
{
    /// <summary>The log density; −∞ at 0.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], mu = x[1], sigma = x[2];
        Check("lognormal_lpdf", y, mu, sigma);
        if (y == 0) return Zero(d);
        double inverse = 1 / sigma, logY = Math.Log(y), z = (logY - mu) * inverse, log = terms == 0 ? 0 : -0.5 * z * z;
        if ((terms & 4) != 0) log -= Math.Log(sigma);
        if ((terms & 1) != 0) log -= logY;
        if (terms < 0) log -= NormalTail.HalfLogTwoPi;
        if (wanted == 0) return log;
        LocationScale.Density(d, -z, z, inverse);
        d[0] = (d[0] - 1) / y;
        return log;
    }

    /// <summary>log Φ(z).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        Check("lognormal_lcdf", x[0], x[1], x[2]);
        return x[0] == 0 ? Zero(d) : Tail(x, d, 1);
    }

    /// <summary>log Φ(−z).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        Check("lognormal_lccdf", x[0], x[1], x[2]);
        if (x[0] != 0) return Tail(x, d, -1);
        Zero(d);
        return 0;
    }

    /// <summary>A draw.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("lognormal_rng", 0, x[1], x[2]);
        return Math.Exp(x[1] + (x[2] * rng.NextNormal()));
    }

    private static double Tail(double* x, double* d, double sign)
    {
        double inverse = 1 / x[2], z = (Math.Log(x[0]) - x[1]) * inverse, log = NormalTail.LogPhi(sign * z, out double slope);
        LocationScale.Tail(d, sign * slope, z, inverse);
        d[0] /= x[0];
        return log;
    }

    private static void Check(string function, double y, double mu, double sigma)
    {
        ContinuousDomain.NonNegative(function, "outcome", y);
        ContinuousDomain.Finite(function, "location", mu);
        ContinuousDomain.Positive(function, "scale", sigma);
    }

    private static double Zero(double* d)
    {
        d[0] = d[1] = d[2] = 0;
        return double.NegativeInfinity;
    }
}
