using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;
using Terrace.Stan.Runtime.Scalars;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The inverse chi-square distribution: outcome y &gt; 0, degrees of freedom ν. Formula: log p = −(ν/2) log 2 − log Γ(ν/2) − (ν/2 + 1) log y − 1/(2y); cdf Q(ν/2, 1/(2y)).</summary>
internal static unsafe class InvChiSquareDistribution
{
    private const double LogTwo = 0.6931471805599453;

    /// <summary>The log density; −∞ up to 0.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], half = 0.5 * x[1];
        ContinuousDomain.Number("inv_chi_square_lpdf", y);
        ContinuousDomain.Positive("inv_chi_square_lpdf", "degrees of freedom", x[1]);
        d[0] = d[1] = 0;
        if (y <= 0) return double.NegativeInfinity;
        double logY = Math.Log(y), log = 0;
        if ((terms & 2) != 0) log -= (half * LogTwo) + GammaFunction.LogGamma(half);
        if (terms != 0) log -= (half + 1) * logY;
        if ((terms & 1) != 0) log -= 0.5 / y;
        d[0] = ((0.5 / y) - half - 1) / y;
        if ((wanted & 2) != 0) d[1] = -0.5 * (logY + LogTwo + GammaFunction.Digamma(half));
        return log;
    }

    /// <summary>log Q(ν/2, 1/(2y)).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        ContinuousDomain.Positive("inv_chi_square_lcdf", "degrees of freedom", x[1]);
        LogTails tails = InverseGammaTails.Of("inv_chi_square_lcdf", x[0], 0.5 * x[1], 0.5, (wanted & 2) != 0);
        InverseGammaTails.Lower(tails, x[0], 0.5, out d[0], out double byShape, out _);
        d[1] = 0.5 * byShape;
        return tails.Lower;
    }

    /// <summary>log P(ν/2, 1/(2y)).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        ContinuousDomain.Positive("inv_chi_square_lccdf", "degrees of freedom", x[1]);
        LogTails tails = InverseGammaTails.Of("inv_chi_square_lccdf", x[0], 0.5 * x[1], 0.5, (wanted & 2) != 0);
        InverseGammaTails.Upper(tails, x[0], 0.5, out d[0], out double byShape, out _);
        d[1] = 0.5 * byShape;
        return tails.Upper;
    }

    /// <summary>A draw.</summary>
    public static double Draw(double* x, Rng rng)
    {
        ContinuousDomain.Positive("inv_chi_square_rng", "degrees of freedom", x[1]);
        return 0.5 / rng.NextGamma(0.5 * x[1]);
    }
}
