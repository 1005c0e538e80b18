using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The Cauchy distribution: outcome y, location μ, scale σ. Formula: log p = −log(1 + z²) − log σ − log π, z = (y − μ)/σ; cdf atan2(1, −z)/π, without cancellation in either tail.</summary>
internal static unsafe class CauchyDistribution
{
    private const double LogPi = 1.1447298858494002;

    /// <summary>The log density.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], mu = x[1], sigma = x[2];
        ContinuousDomain.LocationAndScale("cauchy_lpdf", y, mu, sigma);
        double inverse = 1 / sigma, z = (y - mu) * inverse, square = z * z, log = terms == 0 ? 0 : -LogisticFunction.Log1p(square);
        if ((terms & 4) != 0) log -= Math.Log(sigma);
        if (terms < 0) log -= LogPi;
        if (wanted != 0) LocationScale.Density(d, -2 * z / (1 + square), z, inverse);
        return log;
    }

    /// <summary>The log of the lower tail.</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        ContinuousDomain.LocationAndScale("cauchy_lcdf", x[0], x[1], x[2]);
        return Tail(x, d, 1);
    }

    /// <summary>The log of the upper tail.</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        ContinuousDomain.LocationAndScale("cauchy_lccdf", x[0], x[1], x[2]);
        return Tail(x, d, -1);
    }

    /// <summary>A draw by inversion.</summary>
    public static double Draw(double* x, Rng rng)
    {
        ContinuousDomain.LocationAndScale("cauchy_rng", 0, x[1], x[2]);
        return x[1] + (x[2] * double.TanPi(rng.NextDouble() - 0.5));
    }

    private static double Tail(double* x, double* d, double sign)
    {
        double inverse = 1 / x[2], z = (x[0] - x[1]) * inverse, angle = Math.Atan2(1, -sign * z);
        LocationScale.Tail(d, sign / (angle * (1 + (z * z))), z, inverse);
        return Math.Log(angle) - LogPi;
    }
}
