using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The Gumbel distribution of maxima: outcome y, location μ, scale β. Formula: log p = −z − e⁻ᶻ − log β, z = (y − μ)/β; lower tail exp(−e⁻ᶻ).</summary>
internal static unsafe class GumbelDistribution
{
    /// <summary>The log density.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        ContinuousDomain.LocationAndScale("gumbel_lpdf", x[0], x[1], x[2]);
        double inverse = 1 / x[2], z = (x[0] - x[1]) * inverse, e = Math.Exp(-z), log = terms == 0 ? 0 : -z - e;
        if ((terms & 4) != 0) log -= Math.Log(x[2]);
        LocationScale.Density(d, e - 1, z, inverse);
        return log;
    }

    /// <summary>−e⁻ᶻ.</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        ContinuousDomain.LocationAndScale("gumbel_lcdf", x[0], x[1], x[2]);
        double inverse = 1 / x[2], z = (x[0] - x[1]) * inverse, e = Math.Exp(-z);
        LocationScale.Tail(d, e, z, inverse);
        return -e;
    }

    /// <summary>log(1 − exp(−e⁻ᶻ)).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        ContinuousDomain.LocationAndScale("gumbel_lccdf", x[0], x[1], x[2]);
        double inverse = 1 / x[2], z = (x[0] - x[1]) * inverse, e = Math.Exp(-z), log = OneMinusExp.Log(e, out double slope);
        LocationScale.Tail(d, slope == 0 ? 0 : -e * slope, z, inverse);
        return log;
    }

    /// <summary>A draw by inversion.</summary>
    public static double Draw(double* x, Rng rng)
    {
        ContinuousDomain.LocationAndScale("gumbel_rng", 0, x[1], x[2]);
        return x[1] - (x[2] * Math.Log(rng.NextExponential()));
    }
}
