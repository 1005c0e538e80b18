using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;
using Terrace.Stan.Runtime.Scalars;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The chi-square distribution: outcome y ≥ 0, degrees of freedom ν. Formula: log p = −(ν/2) log 2 − log Γ(ν/2) + (ν/2 − 1) log y − y/2; cdf P(ν/2, y/2).</summary>
internal static unsafe class ChiSquareDistribution
{
    private const double LogTwo = 0.6931471805599453;

    /// <summary>The log density.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], half = 0.5 * x[1];
        Check("chi_square_lpdf", y, x[1]);
        double logY = Math.Log(y), log = 0;
        if ((terms & 2) != 0) log -= (half * LogTwo) + GammaFunction.LogGamma(half);
        if (terms != 0 && half != 1) log += (half - 1) * logY;
        if ((terms & 1) != 0) log -= 0.5 * y;
        d[0] = (half == 1 ? 0 : (half - 1) / y) - 0.5;
        if ((wanted & 2) != 0) d[1] = 0.5 * (logY - LogTwo - GammaFunction.Digamma(half));
        return log;
    }

    /// <summary>log P(ν/2, y/2).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        Check("chi_square_lcdf", x[0], x[1]);
        LogTails tails = IncompleteGammas.Tails(0.5 * x[1], 0.5 * x[0], (wanted & 2) != 0);
        d[0] = 0.5 * tails.LowerByPoint;
        d[1] = 0.5 * tails.LowerByFirst;
        return tails.Lower;
    }

    /// <summary>log Q(ν/2, y/2).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        Check("chi_square_lccdf", x[0], x[1]);
        LogTails tails = IncompleteGammas.Tails(0.5 * x[1], 0.5 * x[0], (wanted & 2) != 0);
        d[0] = 0.5 * tails.UpperByPoint;
        d[1] = 0.5 * tails.UpperByFirst;
        return tails.Upper;
    }

    /// <summary>A draw.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("chi_square_rng", 0, x[1]);
        return 2 * rng.NextGamma(0.5 * x[1]);
    }

    private static void Check(string function, double y, double nu)
    {
        ContinuousDomain.NonNegative(function, "outcome", y);
        ContinuousDomain.Positive(function, "degrees of freedom", nu);
    }
}
