using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The Fréchet distribution: outcome y &gt; 0, shape α, scale σ. Formula: log p = log α + α log σ − (α + 1) log y − G, G = (σ/y)^α; lower tail e^(−G).</summary>
internal static unsafe class FrechetDistribution
{
    /// <summary>The log density.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], alpha = x[1], sigma = x[2];
        Check("frechet_lpdf", y, alpha, sigma);
        double logY = Math.Log(y), logSigma = Math.Log(sigma), g = Math.Pow(sigma / y, alpha), log = 0;
        if ((terms & 2) != 0) log += Math.Log(alpha);
        if ((terms & 3) != 0) log -= (alpha + 1) * logY;
        if ((terms & 6) != 0) log += alpha * logSigma;
        if (terms != 0) log -= g;
        d[0] = ((alpha * g) - alpha - 1) / y;
        d[1] = (1 / alpha) + ((logSigma - logY) * (1 - g));
        d[2] = alpha * (1 - g) / sigma;
        return log;
    }

    /// <summary>−G.</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        Check("frechet_lcdf", x[0], x[1], x[2]);
        return -Power(x, d, -1);
    }

    /// <summary>log(1 − e^(−G)).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        Check("frechet_lccdf", x[0], x[1], x[2]);
        double log = OneMinusExp.Log(Power(x, d, 1), out double slope);
        for (int k = 0; k < 3; k++) d[k] = slope == 0 ? 0 : d[k] * slope;
        return log;
    }

    /// <summary>A draw by inversion.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("frechet_rng", 1, x[1], x[2]);
        return x[2] * Math.Pow(rng.NextExponential(), -1 / x[1]);
    }

    /// <summary>G, and its partials times a sign.</summary>
    private static double Power(double* x, double* d, double sign)
    {
        double y = x[0], alpha = x[1], sigma = x[2], g = Math.Pow(sigma / y, alpha);
        d[0] = -sign * alpha * g / y;
        d[1] = g == 0 ? 0 : sign * g * Math.Log(sigma / y);
        d[2] = sign * alpha * g / sigma;
        return g;
    }

    private static void Check(string function, double y, double alpha, double sigma)
    {
        if (!(y > 0)) ContinuousDomain.Refuse(function, "outcome", y, "positive");
        ContinuousDomain.Positive(function, "shape", alpha);
        ContinuousDomain.Positive(function, "scale", sigma);
    }
}
