using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The uniform distribution: outcome y, bounds α &lt; β. Formula: log p = −log(β − α) within the bounds, −∞ outside; cdf (y − α)/(β − α).</summary>
internal static unsafe class UniformDistribution
{
    /// <summary>The log density.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], lower = x[1], upper = x[2], width = upper - lower;
        Check("uniform_lpdf", y, lower, upper);
        d[0] = d[1] = d[2] = 0;
        if (y < lower || y > upper) return double.NegativeInfinity;
        d[1] = 1 / width;
        d[2] = -d[1];
        return (terms & 6) != 0 ? -Math.Log(width) : 0;
    }

    /// <summary>log of (y − α)/(β − α).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        double y = x[0], lower = x[1], upper = x[2], width = upper - lower;
        Check("uniform_lcdf", y, lower, upper);
        d[0] = d[1] = d[2] = 0;
        if (y <= lower) return double.NegativeInfinity;
        if (y >= upper) return 0;
        d[0] = 1 / (y - lower);
        d[1] = (1 / width) - d[0];
        d[2] = -1 / width;
        return Math.Log((y - lower) / width);
    }

    /// <summary>log of (β − y)/(β − α).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        double y = x[0], lower = x[1], upper = x[2], width = upper - lower;
        Check("uniform_lccdf", y, lower, upper);
        d[0] = d[1] = d[2] = 0;
        if (y <= lower) return 0;
        if (y >= upper) return double.NegativeInfinity;
        d[0] = -1 / (upper - y);
        d[1] = 1 / width;
        d[2] = -d[0] - d[1];
        return Math.Log((upper - y) / width);
    }

    /// <summary>A draw.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("uniform_rng", 0, x[1], x[2]);
        return x[1] + ((x[2] - x[1]) * rng.NextDouble());
    }

    private static void Check(string function, double y, double lower, double upper)
    {
        ContinuousDomain.Number(function, y);
        ContinuousDomain.Finite(function, "lower bound", lower);
        if (!(upper > lower && upper < double.PositiveInfinity)) ContinuousDomain.Refuse(function, "upper bound", upper, "finite and greater than the lower bound");
    }
}
