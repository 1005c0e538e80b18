using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The Weibull distribution: outcome y ≥ 0, shape α, scale σ. Formula: log p = log α − α log σ + (α − 1) log y − H, H = (y/σ)^α the cumulative hazard; upper tail e^(−H).</summary>
internal static unsafe class WeibullDistribution
{
    /// <summary>The log density; −∞ below 0.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], alpha = x[1], sigma = x[2];
        ContinuousDomain.Finite("weibull_lpdf", "outcome", y);
        Check("weibull_lpdf", alpha, sigma);
        d[0] = d[1] = d[2] = 0;
        if (y < 0) return double.NegativeInfinity;
        double logY = Math.Log(y), logSigma = Math.Log(sigma), hazard = Math.Pow(y / sigma, alpha), log = 0;
        if ((terms & 2) != 0) log += Math.Log(alpha);
        if ((terms & 3) != 0 && alpha != 1) log += (alpha - 1) * logY;
        if ((terms & 6) != 0) log -= alpha * logSigma;
        if (terms != 0) log -= hazard;
        if (wanted == 0) return log;
        d[0] = y == 0 ? 0 : (alpha - 1 - (alpha * hazard)) / y;
        d[1] = (1 / alpha) + (y == 0 ? double.NegativeInfinity : (logY - logSigma) * (1 - hazard));
        d[2] = alpha * (hazard - 1) / sigma;
        return log;
    }

    /// <summary>log(1 − e^(−H)).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        Check("weibull_lcdf", x[1], x[2]);
        double hazard = Hazard("weibull_lcdf", x, d), log = OneMinusExp.Log(hazard, out double slope);
        for (int k = 0; k < 3; k++) d[k] = slope == 0 ? 0 : d[k] * slope;
        return log;
    }

    /// <summary>−H.</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        Check("weibull_lccdf", x[1], x[2]);
        double hazard = Hazard("weibull_lccdf", x, d);
        for (int k = 0; k < 3; k++) d[k] = -d[k];
        return -hazard;
    }

    /// <summary>A draw by inversion.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("weibull_rng", x[1], x[2]);
        return x[2] * Math.Pow(rng.NextExponential(), 1 / x[1]);
    }

    /// <summary>H and its partials.</summary>
    private static double Hazard(string function, double* x, double* d)
    {
        double y = x[0], alpha = x[1], sigma = x[2];
        ContinuousDomain.NonNegative(function, "outcome", y);
        double ratio = y / sigma, hazard = Math.Pow(ratio, alpha);
        d[0] = y == 0 ? 0 : alpha * hazard / y;
        d[1] = y == 0 ? 0 : hazard * Math.Log(ratio);
        d[2] = -alpha * hazard / sigma;
        return hazard;
    }

    private static void Check(string function, double alpha, double sigma)
    {
        ContinuousDomain.Positive(function, "shape", alpha);
        ContinuousDomain.Positive(function, "scale", sigma);
    }
}
