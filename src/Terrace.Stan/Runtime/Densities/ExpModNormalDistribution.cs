using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The exponentially modified normal distribution, of a normal (μ, σ) plus an exponential with rate λ: outcome y.
/// <para>Formula: with u = (y − μ)/σ, v = λσ, w = v − u and K = v²/2 − uv + log Φ(−w): log p = log λ + K; lower tail Φ(u) − e^K, upper Φ(−u) + e^K. Since φ(u) = e^(v²/2 − uv) φ(w), e^K = φ(u) M(w)
/// with Mills' ratio M, and the lower tail is φ(u) (M(−u) − M(w)), used far below. Derivatives: ∂K/∂u = 1/M(w) − v, ∂K/∂v = w − 1/M(w); ∂F/∂u = v e^K, ∂F/∂v = φ(u) − w e^K.</para>
/// <para>Source: Grushka (1972), "Characterization of exponentially modified Gaussian peaks in chromatography", for the density; the forms in M are ours.</para>
/// </summary>
internal static unsafe class ExpModNormalDistribution
{
    private const double LogTwo = 0.6931471805599453;

    /// <summary>The log density.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        Check("exp_mod_normal_lpdf", x[0], x[1], x[2], x[3]);
        double k = Core(x, out double u, out double v, out double ratio), inverse = 1 / x[2], byU = ratio - v, byV = v - u - ratio;
        d[0] = byU * inverse;
        d[1] = -d[0];
        d[2] = (-byU * u * inverse) + (byV * x[3]);
        d[3] = (1 / x[3]) + (byV * x[2]);
        return (terms == 0 ? 0 : k) + ((terms & 8) != 0 ? Math.Log(x[3]) : 0) + (terms > 0 ? LogTwo : 0);
    }

    /// <summary>The log of the lower tail.</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        Check("exp_mod_normal_lcdf", x[0], x[1], x[2], x[3]);
        if (IsEnd(x, d)) return x[0] > 0 ? 0 : double.NegativeInfinity;
        double k = Core(x, out double u, out double v, out double ratio), log;
        if (u < -5) log = (-0.5 * u * u) - NormalTail.HalfLogTwoPi + Math.Log(NormalTail.MillsRatio(-u) - NormalTail.MillsRatio(v - u));
        else if (u < 0) log = Scalars.LogScale.LogDiffExp(NormalTail.LogPhi(u, out _), k);
        else log = Scalars.Logarithms.Log1m(Math.Exp(Upper(u, k)));
        Partials(x, d, u, v, ratio, Math.Exp(k - log));
        return log;
    }

    /// <summary>The log of the upper tail.</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        Check("exp_mod_normal_lccdf", x[0], x[1], x[2], x[3]);
        if (IsEnd(x, d)) return x[0] < 0 ? 0 : double.NegativeInfinity;
        double k = Core(x, out double u, out double v, out double ratio), log = Upper(u, k);
        Partials(x, d, u, v, ratio, -Math.Exp(k - log));
        return log;
    }

    /// <summary>A draw.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("exp_mod_normal_rng", 0, x[1], x[2], x[3]);
        return x[1] + (x[2] * rng.NextNormal()) + (rng.NextExponential() / x[3]);
    }

    /// <summary>K, with u, v and 1/M(w).</summary>
    private static double Core(double* x, out double u, out double v, out double ratio)
    {
        u = (x[0] - x[1]) / x[2];
        v = x[3] * x[2];
        double w = v - u, logPhi = NormalTail.LogPhi(-w, out ratio);
        return w > 5 ? (-0.5 * u * u) - NormalTail.HalfLogTwoPi - Math.Log(ratio) : (v * ((0.5 * v) - u)) + logPhi;
    }

    private static double Upper(double u, double k) => LogSum.LogAddExp(NormalTail.LogPhi(-u, out _), k);

    /// <summary>Partials of a log tail, with <paramref name="share"/> = ±e^K over the tail: by u it is v·share, by v (1/M(w) − w)·share.</summary>
    private static void Partials(double* x, double* d, double u, double v, double ratio, double share)
    {
        double byU = v * share, byV = (ratio - (v - u)) * share;
        d[0] = byU / x[2];
        d[1] = -d[0];
        d[2] = (-byU * u / x[2]) + (byV * x[3]);
        d[3] = byV * x[2];
    }

    private static bool IsEnd(double* x, double* d)
    {
        if (!double.IsInfinity(x[0])) return false;
        d[0] = d[1] = d[2] = d[3] = 0;
        return true;
    }

    private static void Check(string function, double y, double mu, double sigma, double lambda)
    {
        ContinuousDomain.LocationAndScale(function, y, mu, sigma);
        ContinuousDomain.Positive(function, "rate", lambda);
    }
}
