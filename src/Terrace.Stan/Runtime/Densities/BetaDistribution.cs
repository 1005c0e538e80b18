using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;
using Terrace.Stan.Runtime.Scalars;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The beta distribution: outcome θ in 0 … 1, shapes α and β. Formula: log p = (α − 1) log θ + (β − 1) log(1 − θ) − log B(α, β); cdf I_θ(α, β).</summary>
internal static unsafe class BetaDistribution
{
    /// <summary>The log density. Where one shape is constant, its log Γ is dropped and that of the sum kept.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double theta = x[0], a = x[1], b = x[2];
        Check("beta_lpdf", theta, a, b);
        double logTheta = Math.Log(theta), logRest = Logarithms.Log1m(theta), log = 0;
        if ((terms & 6) == 6) log -= GammaFunction.LogBeta(a, b);
        else if ((terms & 6) != 0) log += GammaFunction.LogGamma(a + b) - GammaFunction.LogGamma((terms & 2) != 0 ? a : b);
        if ((terms & 3) != 0 && a != 1) log += (a - 1) * logTheta;
        if ((terms & 5) != 0 && b != 1) log += (b - 1) * logRest;
        if (wanted == 0) return log;
        d[0] = (a == 1 ? 0 : (a - 1) / theta) - (b == 1 ? 0 : (b - 1) / (1 - theta));
        if ((wanted & 6) == 0) return log;
        double sum = GammaFunction.Digamma(a + b);
        if ((wanted & 2) != 0) d[1] = logTheta - GammaFunction.Digamma(a) + sum;
        if ((wanted & 4) != 0) d[2] = logRest - GammaFunction.Digamma(b) + sum;
        return log;
    }

    /// <summary>log I_θ(α, β).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        Check("beta_lcdf", x[0], x[1], x[2]);
        LogTails tails = IncompleteBetas.Tails(x[1], x[2], x[0], 1 - x[0], (wanted & 6) != 0);
        d[0] = tails.LowerByPoint;
        d[1] = tails.LowerByFirst;
        d[2] = tails.LowerBySecond;
        return tails.Lower;
    }

    /// <summary>log(1 − I_θ(α, β)).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        Check("beta_lccdf", x[0], x[1], x[2]);
        LogTails tails = IncompleteBetas.Tails(x[1], x[2], x[0], 1 - x[0], (wanted & 6) != 0);
        d[0] = tails.UpperByPoint;
        d[1] = tails.UpperByFirst;
        d[2] = tails.UpperBySecond;
        return tails.Upper;
    }

    /// <summary>A draw.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("beta_rng", 0, x[1], x[2]);
        return Draw(x[1], x[2], rng);
    }

    /// <summary>G(α) / (G(α) + G(β)) of two gamma draws, in logarithms so that tiny shapes do not give 0/0.</summary>
    internal static double Draw(double a, double b, Rng rng) => LogisticFunction.Logistic(LogGamma(a, rng) - LogGamma(b, rng));

    private static double LogGamma(double shape, Rng rng) => shape >= 1 ? Math.Log(rng.NextGamma(shape)) : Math.Log(rng.NextGamma(shape + 1)) - (rng.NextExponential() / shape);

    private static void Check(string function, double theta, double a, double b)
    {
        ContinuousDomain.Share(function, "outcome", theta);
        ContinuousDomain.Positive(function, "first shape", a);
        ContinuousDomain.Positive(function, "second shape", b);
    }
}
