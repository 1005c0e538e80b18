using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;
using Terrace.Stan.Runtime.Scalars;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The beta distribution by mean μ and precision κ: outcome θ in 0 … 1, shapes α = μκ and β = (1 − μ)κ. Formulas as for <see cref="BetaDistribution"/>; ∂/∂μ = κ(∂/∂α − ∂/∂β), ∂/∂κ = μ ∂/∂α + (1 − μ) ∂/∂β.</summary>
internal static unsafe class BetaProportionDistribution
{
    /// <summary>The log density.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double theta = x[0], mu = x[1], kappa = x[2];
        Check("beta_proportion_lpdf", theta, mu, kappa);
        double a = mu * kappa, b = kappa - a, logTheta = Math.Log(theta), logRest = Logarithms.Log1m(theta), log = 0;
        if ((terms & 4) != 0) log -= GammaFunction.LogBeta(a, b);
        else if ((terms & 2) != 0) log -= GammaFunction.LogGamma(a) + GammaFunction.LogGamma(b);
        if (terms != 0) log += (a == 1 ? 0 : (a - 1) * logTheta) + (b == 1 ? 0 : (b - 1) * logRest);
        if (wanted == 0) return log;
        d[0] = ((a - 1) / theta) - ((b - 1) / (1 - theta));
        if ((wanted & 6) == 0) return log;
        double sum = GammaFunction.Digamma(kappa);
        Chain(d, mu, kappa, logTheta - GammaFunction.Digamma(a) + sum, logRest - GammaFunction.Digamma(b) + sum);
        return log;
    }

    /// <summary>log I_θ(μκ, (1 − μ)κ).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        Check("beta_proportion_lcdf", x[0], x[1], x[2]);
        LogTails tails = Tails(x, wanted);
        d[0] = tails.LowerByPoint;
        Chain(d, x[1], x[2], tails.LowerByFirst, tails.LowerBySecond);
        return tails.Lower;
    }

    /// <summary>log(1 − I_θ(μκ, (1 − μ)κ)).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        Check("beta_proportion_lccdf", x[0], x[1], x[2]);
        LogTails tails = Tails(x, wanted);
        d[0] = tails.UpperByPoint;
        Chain(d, x[1], x[2], tails.UpperByFirst, tails.UpperBySecond);
        return tails.Upper;
    }

    /// <summary>A draw.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("beta_proportion_rng", 0, x[1], x[2]);
        return BetaDistribution.Draw(x[1] * x[2], (1 - x[1]) * x[2], rng);
    }

    private static LogTails Tails(double* x, int wanted) => IncompleteBetas.Tails(x[1] * x[2], (1 - x[1]) * x[2], x[0], 1 - x[0], (wanted & 6) != 0);

    private static void Chain(double* d, double mu, double kappa, double byA, double byB)
    {
        d[1] = kappa * (byA - byB);
        d[2] = (mu * byA) + ((1 - mu) * byB);
    }

    private static void Check(string function, double theta, double mu, double kappa)
    {
        ContinuousDomain.Share(function, "outcome", theta);
        if (!(mu > 0 && mu < 1)) ContinuousDomain.Refuse(function, "mean", mu, "in the interval (0, 1)");
        ContinuousDomain.Positive(function, "precision", kappa);
    }
}
