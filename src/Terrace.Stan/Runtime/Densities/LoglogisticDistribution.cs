using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;
using Terrace.Stan.Runtime.Scalars;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The log-logistic distribution: outcome y ≥ 0, scale α, shape β. Formula: with z = β log(y/α), log p = log β − β log α + (β − 1) log y − 2 log(1 + eᶻ); cdf logistic(z).</summary>
internal static unsafe class LoglogisticDistribution
{
    /// <summary>The log density.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], alpha = x[1], beta = x[2];
        ContinuousDomain.Finite("loglogistic_lpdf", "outcome", y);
        Check("loglogistic_lpdf", y, alpha, beta);
        double logY = Math.Log(y), logAlpha = Math.Log(alpha), ratio = logY - logAlpha, z = beta * ratio, log = 0;
        if ((terms & 6) != 0) log += Math.Log(beta) - (beta * logAlpha);
        if ((terms & 5) != 0 && beta != 1) log += (beta - 1) * logY;
        if (terms != 0) log -= 2 * Logarithms.Log1pExp(z);
        double tanh = Math.Tanh(0.5 * z);
        d[0] = y == 0 ? 0 : -((beta * tanh) + 1) / y;
        d[1] = beta * tanh / alpha;
        d[2] = (1 / beta) - (ratio * tanh);
        return log;
    }

    /// <summary>log logistic(z).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        Check("loglogistic_lcdf", x[0], x[1], x[2]);
        return Tail(x, d, 1);
    }

    /// <summary>log logistic(−z).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        Check("loglogistic_lccdf", x[0], x[1], x[2]);
        return Tail(x, d, -1);
    }

    /// <summary>A draw by inversion.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("loglogistic_rng", 0, x[1], x[2]);
        return x[1] * Math.Exp(LogisticFunction.Logit(rng.NextDouble()) / x[2]);
    }

    private static double Tail(double* x, double* d, double sign)
    {
        double y = x[0], alpha = x[1], beta = x[2], ratio = Math.Log(y / alpha), z = beta * ratio, slope = sign * LogisticFunction.Logistic(-sign * z);
        bool end = y == 0 || double.IsInfinity(y);
        d[0] = end ? 0 : slope * beta / y;
        d[1] = end ? 0 : -slope * beta / alpha;
        d[2] = end ? 0 : slope * ratio;
        return Links.LogInvLogit(sign * z);
    }

    private static void Check(string function, double y, double alpha, double beta)
    {
        ContinuousDomain.NonNegative(function, "outcome", y);
        ContinuousDomain.Positive(function, "scale", alpha);
        ContinuousDomain.Positive(function, "shape", beta);
    }
}
