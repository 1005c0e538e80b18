using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Runtime.Scalars;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The double exponential (Laplace) distribution: outcome y, location μ, scale σ. Formula: log p = −|z| − log σ − log 2, z = (y − μ)/σ; cdf ½eᶻ below μ, 1 − ½e⁻ᶻ above.</summary>
internal static unsafe class DoubleExponentialDistribution
{
    private const double LogTwo = 0.6931471805599453;

    /// <summary>The log density; its slope at y = μ is taken as 0.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], mu = x[1], sigma = x[2];
        ContinuousDomain.LocationAndScale("double_exponential_lpdf", y, mu, sigma);
        double inverse = 1 / sigma, z = (y - mu) * inverse, log = terms == 0 ? 0 : -Math.Abs(z);
        if ((terms & 4) != 0) log -= Math.Log(sigma);
        if (terms < 0) log -= LogTwo;
        if (wanted != 0) LocationScale.Density(d, z > 0 ? -1 : z < 0 ? 1 : 0, z, inverse);
        return log;
    }

    /// <summary>The log of the lower tail.</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        ContinuousDomain.LocationAndScale("double_exponential_lcdf", x[0], x[1], x[2]);
        return Tail(x, d, 1);
    }

    /// <summary>The log of the upper tail.</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        ContinuousDomain.LocationAndScale("double_exponential_lccdf", x[0], x[1], x[2]);
        return Tail(x, d, -1);
    }

    /// <summary>A draw: an exponential with a random sign.</summary>
    public static double Draw(double* x, Rng rng)
    {
        ContinuousDomain.LocationAndScale("double_exponential_rng", 0, x[1], x[2]);
        double size = x[2] * rng.NextExponential();
        return x[1] + (rng.NextDouble() < 0.5 ? -size : size);
    }

    private static double Tail(double* x, double* d, double sign)
    {
        double inverse = 1 / x[2], z = (x[0] - x[1]) * inverse, t = sign * z, far = 0.5 * Math.Exp(-Math.Abs(t));
        LocationScale.Tail(d, sign * (t < 0 ? 1 : far / (1 - far)), z, inverse);
        return t < 0 ? t - LogTwo : Logarithms.Log1m(far);
    }
}
