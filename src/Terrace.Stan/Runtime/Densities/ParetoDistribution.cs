using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The Pareto distribution: outcome y ≥ m, minimum m, shape α. Formula: log p = log α + α log m − (α + 1) log y; upper tail e^(−H), H = α log(y/m).</summary>
internal static unsafe class ParetoDistribution
{
    /// <summary>The log density; −∞ below the minimum.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], minimum = x[1], alpha = x[2];
        Check("pareto_lpdf", y, minimum, alpha);
        d[0] = d[1] = d[2] = 0;
        if (y < minimum) return double.NegativeInfinity;
        double logY = Math.Log(y), logMinimum = Math.Log(minimum), log = 0;
        if ((terms & 4) != 0) log += Math.Log(alpha);
        if ((terms & 6) != 0) log += alpha * logMinimum;
        if ((terms & 5) != 0) log -= (alpha + 1) * logY;
        d[0] = -(alpha + 1) / y;
        d[1] = alpha / minimum;
        d[2] = (1 / alpha) + logMinimum - logY;
        return log;
    }

    /// <summary>log(1 − (m/y)^α).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        Check("pareto_lcdf", x[0], x[1], x[2]);
        double log = OneMinusExp.Log(Hazard(x, d, 1), out double slope);
        for (int k = 0; k < 3; k++) d[k] = slope == 0 ? 0 : d[k] * slope;
        return log;
    }

    /// <summary>−α log(y/m).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        Check("pareto_lccdf", x[0], x[1], x[2]);
        return -Hazard(x, d, -1);
    }

    /// <summary>A draw by inversion.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("pareto_rng", 0, x[1], x[2]);
        return x[1] * Math.Exp(rng.NextExponential() / x[2]);
    }

    /// <summary>H, 0 below the minimum, and its partials times a sign.</summary>
    private static double Hazard(double* x, double* d, double sign)
    {
        d[0] = d[1] = d[2] = 0;
        if (x[0] <= x[1]) return 0;
        double log = Math.Log(x[0] / x[1]);
        d[0] = sign * x[2] / x[0];
        d[1] = -sign * x[2] / x[1];
        d[2] = sign * log;
        return x[2] * log;
    }

    private static void Check(string function, double y, double minimum, double alpha)
    {
        ContinuousDomain.Number(function, y);
        ContinuousDomain.Positive(function, "minimum", minimum);
        ContinuousDomain.Positive(function, "shape", alpha);
    }
}
