using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The Rayleigh distribution: outcome y ≥ 0, scale σ. Formula: log p = log y − 2 log σ − H, H = y²/(2σ²); upper tail e^(−H).</summary>
internal static unsafe class RayleighDistribution
{
    /// <summary>The log density of a positive outcome.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], sigma = x[1], ratio = y / sigma;
        if (!(y > 0)) ContinuousDomain.Refuse("rayleigh_lpdf", "outcome", y, "positive");
        ContinuousDomain.Positive("rayleigh_lpdf", "scale", sigma);
        d[0] = (1 / y) - (ratio / sigma);
        d[1] = ((ratio * ratio) - 2) / sigma;
        return ((terms & 1) != 0 ? Math.Log(y) : 0) - ((terms & 2) != 0 ? 2 * Math.Log(sigma) : 0) - (terms != 0 ? 0.5 * ratio * ratio : 0);
    }

    /// <summary>log(1 − e^(−H)).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        double hazard = Hazard("rayleigh_lcdf", x, d, 1), log = OneMinusExp.Log(hazard, out double slope);
        d[0] = slope == 0 ? 0 : d[0] * slope;
        d[1] = slope == 0 ? 0 : d[1] * slope;
        return log;
    }

    /// <summary>−H.</summary>
    public static double LogCcdf(double* x, double* d, int wanted) => -Hazard("rayleigh_lccdf", x, d, -1);

    /// <summary>A draw by inversion.</summary>
    public static double Draw(double* x, Rng rng)
    {
        ContinuousDomain.Positive("rayleigh_rng", "scale", x[1]);
        return x[1] * Math.Sqrt(2 * rng.NextExponential());
    }

    private static double Hazard(string function, double* x, double* d, double sign)
    {
        ContinuousDomain.NonNegative(function, "outcome", x[0]);
        ContinuousDomain.Positive(function, "scale", x[1]);
        double ratio = x[0] / x[1];
        d[0] = sign * ratio / x[1];
        d[1] = -sign * ratio * ratio / x[1];
        return 0.5 * ratio * ratio;
    }
}
