using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The Pareto distribution of type 2 (Lomax with location): outcome y ≥ μ, location μ, scale λ, shape α. Formula: with l = log(1 + (y − μ)/λ), log p = log α − log λ − (α + 1) l; upper tail e^(−αl).</summary>
internal static unsafe class ParetoType2Distribution
{
    /// <summary>The log density.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double lambda = x[2], alpha = x[3], log1p = Log1p("pareto_type_2_lpdf", x), log = terms == 0 ? 0 : -(alpha + 1) * log1p, sum = lambda + x[0] - x[1];
        if ((terms & 8) != 0) log += Math.Log(alpha);
        if ((terms & 4) != 0) log -= Math.Log(lambda);
        d[0] = -(alpha + 1) / sum;
        d[1] = -d[0];
        d[2] = ((alpha * (x[0] - x[1]) / sum) - (lambda / sum)) / lambda;
        d[3] = (1 / alpha) - log1p;
        return log;
    }

    /// <summary>log(1 − e^(−αl)).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        double log = OneMinusExp.Log(Hazard("pareto_type_2_lcdf", x, d, 1), out double slope);
        for (int k = 0; k < 4; k++) d[k] = slope == 0 ? 0 : d[k] * slope;
        return log;
    }

    /// <summary>−αl.</summary>
    public static double LogCcdf(double* x, double* d, int wanted) => -Hazard("pareto_type_2_lccdf", x, d, -1);

    /// <summary>A draw by inversion.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("pareto_type_2_rng", x[1], x[2], x[3]);
        return x[1] + (x[2] * LogisticFunction.Expm1(rng.NextExponential() / x[3]));
    }

    private static double Hazard(string function, double* x, double* d, double sign)
    {
        double log1p = Log1p(function, x), lambda = x[2], alpha = x[3], excess = x[0] - x[1], slope = sign * alpha / (lambda + excess);
        d[0] = slope;
        d[1] = -slope;
        d[2] = slope == 0 ? 0 : -slope * excess / lambda;
        d[3] = sign * log1p;
        return alpha * log1p;
    }

    private static double Log1p(string function, double* x)
    {
        Check(function, x[1], x[2], x[3]);
        if (!(x[0] >= x[1])) ContinuousDomain.Refuse(function, "outcome", x[0], "at least the location");
        return LogisticFunction.Log1p((x[0] - x[1]) / x[2]);
    }

    private static void Check(string function, double mu, double lambda, double alpha)
    {
        ContinuousDomain.Finite(function, "location", mu);
        ContinuousDomain.Positive(function, "scale", lambda);
        ContinuousDomain.Positive(function, "shape", alpha);
    }
}
