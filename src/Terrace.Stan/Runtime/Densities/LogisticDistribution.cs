using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;
using Terrace.Stan.Runtime.Scalars;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The logistic distribution: outcome y, location μ, scale σ. Formula: log p = −z − 2 log(1 + e⁻ᶻ) − log σ, z = (y − μ)/σ; cdf logistic(z).</summary>
internal static unsafe class LogisticDistribution
{
    /// <summary>The log density, as −|z| − 2 log(1 + e^(−|z|)) − log σ.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        ContinuousDomain.LocationAndScale("logistic_lpdf", x[0], x[1], x[2]);
        double inverse = 1 / x[2], z = (x[0] - x[1]) * inverse, size = Math.Abs(z), log = terms == 0 ? 0 : -size - (2 * LogisticFunction.Log1p(Math.Exp(-size)));
        if ((terms & 4) != 0) log -= Math.Log(x[2]);
        if (wanted != 0) LocationScale.Density(d, -Math.Tanh(0.5 * z), z, inverse);
        return log;
    }

    /// <summary>log logistic(z).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        ContinuousDomain.LocationAndScale("logistic_lcdf", x[0], x[1], x[2]);
        double inverse = 1 / x[2], z = (x[0] - x[1]) * inverse;
        LocationScale.Tail(d, LogisticFunction.Logistic(-z), z, inverse);
        return Links.LogInvLogit(z);
    }

    /// <summary>log logistic(−z).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        ContinuousDomain.LocationAndScale("logistic_lccdf", x[0], x[1], x[2]);
        double inverse = 1 / x[2], z = (x[0] - x[1]) * inverse;
        LocationScale.Tail(d, -LogisticFunction.Logistic(z), z, inverse);
        return Links.LogInvLogit(-z);
    }

    /// <summary>A draw by inversion.</summary>
    public static double Draw(double* x, Rng rng)
    {
        ContinuousDomain.LocationAndScale("logistic_rng", 0, x[1], x[2]);
        return x[1] + (x[2] * LogisticFunction.Logit(rng.NextDouble()));
    }
}
