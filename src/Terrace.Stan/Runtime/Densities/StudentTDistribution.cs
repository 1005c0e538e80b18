using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;
using Terrace.Stan.Runtime.Scalars;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// Student's t distribution: outcome y, degrees of freedom ν, location μ, scale σ.
/// <para>Formula: log p = −(ν + 1)/2 log(1 + z²/ν) − log σ − log B(½, ν/2) − ½ log ν, z = (y − μ)/σ; the lower tail for z &lt; 0 is ½ I_{ν/(ν + z²)}(ν/2, ½) (Abramowitz and Stegun 1964, 26.7.1).</para>
/// </summary>
internal static unsafe class StudentTDistribution
{
    private const double HalfLogPi = 0.5723649429247001;

    /// <summary>The log density.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double y = x[0], nu = x[1], mu = x[2], sigma = x[3];
        Check("student_t_lpdf", y, nu, mu, sigma);
        double inverse = 1 / sigma, z = (y - mu) * inverse, square = z * z, log1p = LogisticFunction.Log1p(square / nu);
        double log = terms == 0 ? 0 : -0.5 * (nu + 1) * log1p;
        if ((terms & 8) != 0) log -= Math.Log(sigma);
        if ((terms & 2) != 0) log += (terms < 0 ? 0 : HalfLogPi) - GammaFunction.LogBeta(0.5, 0.5 * nu) - (0.5 * Math.Log(nu));
        if (wanted == 0) return log;
        double weight = (nu + 1) / (nu + square), slope = -weight * z;
        d[0] = slope * inverse;
        d[2] = -d[0];
        d[3] = -((slope * z) + 1) * inverse;
        if ((wanted & 2) != 0) d[1] = 0.5 * (GammaFunction.Digamma(0.5 * (nu + 1)) - GammaFunction.Digamma(0.5 * nu) - log1p + (((weight * square) - 1) / nu));
        return log;
    }

    /// <summary>The log of the lower tail.</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        Check("student_t_lcdf", x[0], x[1], x[2], x[3]);
        return Tail(x, d, wanted, 1);
    }

    /// <summary>The log of the upper tail.</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        Check("student_t_lccdf", x[0], x[1], x[2], x[3]);
        return Tail(x, d, wanted, -1);
    }

    /// <summary>A draw.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("student_t_rng", 0, x[1], x[2], x[3]);
        return x[2] + (x[3] * rng.NextStudentT(x[1]));
    }

    /// <summary>The lower tail for sign 1, the upper for −1: P(T ≤ t), t = sign·z, is half of the outside for t &lt; 0, else one minus it.</summary>
    private static double Tail(double* x, double* d, int wanted, double sign)
    {
        double nu = x[1], inverse = 1 / x[3], t = sign * (x[0] - x[2]) * inverse, ratio = t * t / nu, outsideShare = 1 / (1 + ratio), insideShare = double.IsInfinity(ratio) ? 1 : ratio / (1 + ratio);
        if (double.IsInfinity(t))
        {
            d[0] = d[1] = d[2] = d[3] = 0;
            return t > 0 ? 0 : double.NegativeInfinity;
        }
        LogTails tails = IncompleteBetas.Tails(0.5 * nu, 0.5, outsideShare, insideShare, (wanted & 2) != 0);
        const double logTwo = 0.6931471805599453;
        double half = tails.Lower - logTwo, log = t < 0 ? half : Logarithms.Log1p(-Math.Exp(half));
        // d half / dν: by the first shape ν/2, and by the share, with d share/dν = share·(1 − share)/ν.
        double byShape = 0.5 * tails.LowerByFirst, byShare = t == 0 ? 0 : Math.Exp(tails.LogDensity - tails.Lower) * outsideShare * insideShare / nu;
        double byNu = byShape + byShare, density = -GammaFunction.LogBeta(0.5, 0.5 * nu) - (0.5 * Math.Log(nu)) - (0.5 * (nu + 1) * LogisticFunction.Log1p(ratio));
        double slope = Math.Exp(density - log);
        d[0] = sign * slope * inverse;
        d[1] = t < 0 ? byNu : -byNu * Math.Exp(half - log);
        d[2] = -d[0];
        d[3] = -slope * t * inverse;
        return log;
    }

    private static void Check(string function, double y, double nu, double mu, double sigma)
    {
        ContinuousDomain.Number(function, y);
        ContinuousDomain.Positive(function, "degrees of freedom", nu);
        ContinuousDomain.Finite(function, "location", mu);
        ContinuousDomain.Positive(function, "scale", sigma);
    }
}
