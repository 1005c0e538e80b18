using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The exponential distribution: outcome y ≥ 0, rate β. Formula: log p = log β − βy; upper tail e^(−βy).</summary>
internal static unsafe class ExponentialDistribution
{
    /// <summary>The log density.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], beta = x[1];
        Check("exponential_lpdf", y, beta);
        d[0] = -beta;
        d[1] = (1 / beta) - y;
        return ((terms & 2) != 0 ? Math.Log(beta) : 0) - (terms != 0 ? beta * y : 0);
    }

    /// <summary>log(1 − e^(−βy)).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        Check("exponential_lcdf", x[0], x[1]);
        double log = OneMinusExp.Log(x[0] * x[1], out double slope);
        d[0] = slope * x[1];
        d[1] = slope == 0 ? 0 : slope * x[0];
        return log;
    }

    /// <summary>−βy.</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        Check("exponential_lccdf", x[0], x[1]);
        d[0] = -x[1];
        d[1] = -x[0];
        return -x[0] * x[1];
    }

    /// <summary>A draw.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("exponential_rng", 0, x[1]);
        return rng.NextExponential() / x[1];
    }

    private static void Check(string function, double y, double beta)
    {
        ContinuousDomain.NonNegative(function, "outcome", y);
        ContinuousDomain.Positive(function, "rate", beta);
    }
}
