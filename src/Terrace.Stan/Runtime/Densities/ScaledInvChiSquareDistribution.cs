using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;
using Terrace.Stan.Runtime.Scalars;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The scaled inverse chi-square distribution: outcome y &gt; 0, degrees of freedom ν, scale σ; with h = ν/2 the inverse gamma with shape h and scale hσ².
/// <para>Formula: log p = h log h − log Γ(h) + ν log σ − (h + 1) log y − hσ²/y; cdf Q(h, hσ²/y).</para>
/// </summary>
internal static unsafe class ScaledInvChiSquareDistribution
{
    /// <summary>The log density; −∞ up to 0.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], half = 0.5 * x[1], sigma = x[2];
        ContinuousDomain.Number("scaled_inv_chi_square_lpdf", y);
        Check("scaled_inv_chi_square_lpdf", x[1], sigma);
        d[0] = d[1] = d[2] = 0;
        if (y <= 0) return double.NegativeInfinity;
        double logY = Math.Log(y), logSigma = Math.Log(sigma), logHalf = Math.Log(half), ratio = sigma * sigma / y, log = 0;
        if ((terms & 2) != 0) log += (half * logHalf) - GammaFunction.LogGamma(half);
        if ((terms & 6) != 0) log += 2 * half * logSigma;
        if ((terms & 3) != 0) log -= (half + 1) * logY;
        if (terms != 0) log -= half * ratio;
        d[0] = ((half * ratio) - half - 1) / y;
        if ((wanted & 2) != 0) d[1] = 0.5 * (logHalf + 1 - GammaFunction.Digamma(half) + (2 * logSigma) - logY - ratio);
        d[2] = 2 * half * (1 - ratio) / sigma;
        return log;
    }

    /// <summary>log Q(h, hσ²/y).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        Check("scaled_inv_chi_square_lcdf", x[1], x[2]);
        double half = 0.5 * x[1], scale = half * x[2] * x[2];
        LogTails tails = InverseGammaTails.Of("scaled_inv_chi_square_lcdf", x[0], half, scale, (wanted & 2) != 0);
        InverseGammaTails.Lower(tails, x[0], scale, out d[0], out double byShape, out double byScale);
        Chain(x, d, byShape, byScale);
        return tails.Lower;
    }

    /// <summary>log P(h, hσ²/y).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        Check("scaled_inv_chi_square_lccdf", x[1], x[2]);
        double half = 0.5 * x[1], scale = half * x[2] * x[2];
        LogTails tails = InverseGammaTails.Of("scaled_inv_chi_square_lccdf", x[0], half, scale, (wanted & 2) != 0);
        InverseGammaTails.Upper(tails, x[0], scale, out d[0], out double byShape, out double byScale);
        Chain(x, d, byShape, byScale);
        return tails.Upper;
    }

    /// <summary>A draw.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("scaled_inv_chi_square_rng", x[1], x[2]);
        return 0.5 * x[1] * x[2] * x[2] / rng.NextGamma(0.5 * x[1]);
    }

    private static void Chain(double* x, double* d, double byShape, double byScale)
    {
        d[1] = 0.5 * (byShape + (byScale * x[2] * x[2]));
        d[2] = byScale * x[1] * x[2];
    }

    private static void Check(string function, double nu, double sigma)
    {
        ContinuousDomain.Positive(function, "degrees of freedom", nu);
        ContinuousDomain.Positive(function, "scale", sigma);
    }
}
