using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;
using Terrace.Stan.Runtime.Scalars;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The inverse gamma distribution: outcome y &gt; 0, shape α, scale β. Formula: log p = α log β − log Γ(α) − (α + 1) log y − β/y; cdf Q(α, β/y).</summary>
internal static unsafe class InvGammaDistribution
{
    /// <summary>The log density; −∞ up to 0.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], alpha = x[1], beta = x[2];
        ContinuousDomain.Number("inv_gamma_lpdf", y);
        Check("inv_gamma_lpdf", alpha, beta);
        if (y <= 0)
        {
            d[0] = d[1] = d[2] = 0;
            return double.NegativeInfinity;
        }
        bool byShape = (wanted & 2) != 0;
        double log = 0, inverse = 1 / y, logY = (terms & 3) != 0 || byShape ? Math.Log(y) : 0, logBeta = (terms & 6) != 0 || byShape ? Math.Log(beta) : 0;
        if ((terms & 2) != 0) log -= GammaFunction.LogGamma(alpha);
        if ((terms & 6) != 0) log += alpha * logBeta;
        if ((terms & 3) != 0) log -= (alpha + 1) * logY;
        if ((terms & 5) != 0) log -= beta * inverse;
        if (wanted == 0) return log;
        d[0] = ((beta * inverse) - alpha - 1) * inverse;
        if (byShape) d[1] = logBeta - GammaFunction.Digamma(alpha) - logY;
        d[2] = (alpha / beta) - inverse;
        return log;
    }

    /// <summary>log Q(α, β/y).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        Check("inv_gamma_lcdf", x[1], x[2]);
        LogTails tails = InverseGammaTails.Of("inv_gamma_lcdf", x[0], x[1], x[2], (wanted & 2) != 0);
        InverseGammaTails.Lower(tails, x[0], x[2], out d[0], out d[1], out d[2]);
        return tails.Lower;
    }

    /// <summary>log P(α, β/y).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        Check("inv_gamma_lccdf", x[1], x[2]);
        LogTails tails = InverseGammaTails.Of("inv_gamma_lccdf", x[0], x[1], x[2], (wanted & 2) != 0);
        InverseGammaTails.Upper(tails, x[0], x[2], out d[0], out d[1], out d[2]);
        return tails.Upper;
    }

    /// <summary>A draw.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("inv_gamma_rng", x[1], x[2]);
        return x[2] / rng.NextGamma(x[1]);
    }

    private static void Check(string function, double alpha, double beta)
    {
        ContinuousDomain.Positive(function, "shape", alpha);
        ContinuousDomain.Positive(function, "scale", beta);
    }
}
