using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;
using Terrace.Stan.Runtime.Scalars;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The gamma distribution: outcome y &gt; 0, shape α, rate β. Formula: log p = α log β − log Γ(α) + (α − 1) log y − βy; cdf P(α, βy).</summary>
internal static unsafe class GammaDistribution
{
    /// <summary>The log density.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], alpha = x[1], beta = x[2];
        ContinuousDomain.Positive("gamma_lpdf", "outcome", y);
        Check("gamma_lpdf", alpha, beta);
        bool byShape = (wanted & 2) != 0;
        double log = 0, logY = (terms & 3) != 0 || byShape ? Math.Log(y) : 0, logBeta = (terms & 6) != 0 || byShape ? Math.Log(beta) : 0;
        if ((terms & 2) != 0) log -= GammaFunction.LogGamma(alpha);
        if ((terms & 6) != 0) log += alpha * logBeta;
        if ((terms & 3) != 0) log += (alpha - 1) * logY;
        if ((terms & 5) != 0) log -= beta * y;
        if (wanted == 0) return log;
        d[0] = ((alpha - 1) / y) - beta;
        if (byShape) d[1] = logBeta - GammaFunction.Digamma(alpha) + logY;
        d[2] = (alpha / beta) - y;
        return log;
    }

    /// <summary>log P(α, βy).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        ContinuousDomain.NonNegative("gamma_lcdf", "outcome", x[0]);
        Check("gamma_lcdf", x[1], x[2]);
        LogTails tails = IncompleteGammas.Tails(x[1], x[2] * x[0], (wanted & 2) != 0);
        d[0] = tails.LowerByPoint * x[2];
        d[1] = tails.LowerByFirst;
        d[2] = x[0] == 0 || double.IsInfinity(x[0]) ? 0 : tails.LowerByPoint * x[0];
        return tails.Lower;
    }

    /// <summary>log Q(α, βy).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        ContinuousDomain.NonNegative("gamma_lccdf", "outcome", x[0]);
        Check("gamma_lccdf", x[1], x[2]);
        LogTails tails = IncompleteGammas.Tails(x[1], x[2] * x[0], (wanted & 2) != 0);
        d[0] = tails.UpperByPoint * x[2];
        d[1] = tails.UpperByFirst;
        d[2] = x[0] == 0 || double.IsInfinity(x[0]) ? 0 : tails.UpperByPoint * x[0];
        return tails.Upper;
    }

    /// <summary>A draw.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("gamma_rng", x[1], x[2]);
        return rng.NextGamma(x[1]) / x[2];
    }

    private static void Check(string function, double alpha, double beta)
    {
        ContinuousDomain.Positive(function, "shape", alpha);
        ContinuousDomain.Positive(function, "rate", beta);
    }
}
