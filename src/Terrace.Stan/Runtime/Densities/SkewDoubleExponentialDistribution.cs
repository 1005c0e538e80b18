using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Runtime.Scalars;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The skew double exponential distribution: outcome y, location μ, scale σ, skewness τ in 0 … 1.
/// <para>Formula: with z = (y − μ)/σ, log p = log 2 + log τ + log(1 − τ) − log σ − 2(1 − τ)|z| below μ, −2τz above; lower tail τ e^(2(1 − τ)z) below μ, upper tail (1 − τ) e^(−2τz) above.</para>
/// </summary>
internal static unsafe class SkewDoubleExponentialDistribution
{
    private const double LogTwo = 0.6931471805599453;

    /// <summary>The log density.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double tau = x[3];
        Check("skew_double_exponential_lpdf", x[0], x[1], x[2], tau);
        double inverse = 1 / x[2], z = (x[0] - x[1]) * inverse, slope = z < 0 ? 2 * (1 - tau) : z > 0 ? -2 * tau : 0, log = terms == 0 ? 0 : slope == 0 ? 0 : slope * z;
        if ((terms & 4) != 0) log -= Math.Log(x[2]);
        if ((terms & 8) != 0) log += Math.Log(tau) + Logarithms.Log1m(tau);
        if (terms < 0) log += LogTwo;
        LocationScale.Density(d, slope, z, inverse);
        d[3] = (1 / tau) - (1 / (1 - tau)) - (2 * z);
        return log;
    }

    /// <summary>The log of the lower tail.</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        Check("skew_double_exponential_lcdf", x[0], x[1], x[2], x[3]);
        return Tail(d, (x[0] - x[1]) / x[2], 1 / x[2], x[3], 1);
    }

    /// <summary>The log of the upper tail.</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        Check("skew_double_exponential_lccdf", x[0], x[1], x[2], x[3]);
        return Tail(d, (x[0] - x[1]) / x[2], 1 / x[2], 1 - x[3], -1);
    }

    /// <summary>A draw: below μ with probability τ.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("skew_double_exponential_rng", 0, x[1], x[2], x[3]);
        double tau = x[3], size = 0.5 * x[2] * rng.NextExponential();
        return rng.NextDouble() < tau ? x[1] - (size / (1 - tau)) : x[1] + (size / tau);
    }

    /// <summary>The tail that holds <paramref name="share"/> of the probability on its side of μ, in its own direction t = sign·z: share e^(2(1 − share)t) for t &lt; 0, else one minus the other side's.</summary>
    private static double Tail(double* d, double z, double inverse, double share, double sign)
    {
        double t = sign * z;
        if (t < 0)
        {
            double rate = 2 * (1 - share);
            LocationScale.Tail(d, sign * rate, z, inverse);
            d[3] = sign * ((1 / share) - (2 * t));
            return Math.Log(share) + (rate * t);
        }
        double other = (1 - share) * Math.Exp(-2 * share * t), rest = 1 - other;
        LocationScale.Tail(d, sign * 2 * share * other / rest, z, inverse);
        d[3] = other == 0 ? 0 : sign * ((1 / (1 - share)) + (2 * t)) * other / rest;
        return Logarithms.Log1m(other);
    }

    private static void Check(string function, double y, double mu, double sigma, double tau)
    {
        ContinuousDomain.LocationAndScale(function, y, mu, sigma);
        ContinuousDomain.Share(function, "skewness", tau);
    }
}
