using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Runtime.Scalars;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The skew normal distribution: outcome y, location ξ, scale ω, skewness α.
/// <para>Formula: log p = −z²/2 + log 2Φ(αz) − log ω − ½ log 2π, z = (y − ξ)/ω; cdf Φ(z) − 2T(z, α), T Owen's function. For α ≥ 0 the lower tail at z ≤ 0 is the part of T beyond α,
/// and the upper tail at z &gt; 0 is 2Φ(−z) less that part, so that neither cancels; a negative α turns the tails round. ∂F/∂α = −exp(−z²(1 + α²)/2) / (π(1 + α²)).</para>
/// <para>Source: Azzalini (1985), "A class of distributions which includes the normal ones", eqs. 1, 4; Owen (1956) for T.</para>
/// </summary>
internal static unsafe class SkewNormalDistribution
{
    private const double LogTwo = 0.6931471805599453, LogPi = 1.1447298858494002;

    /// <summary>The log density.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        Check("skew_normal_lpdf", x[0], x[1], x[2], x[3]);
        double alpha = x[3], inverse = 1 / x[2], z = (x[0] - x[1]) * inverse, log = 0, logPhi = NormalTail.LogPhi(alpha * z, out double ratio);
        if (terms != 0) log += LogTwo + logPhi - (0.5 * z * z);
        if ((terms & 4) != 0) log -= Math.Log(x[2]);
        if (terms < 0) log -= NormalTail.HalfLogTwoPi;
        LocationScale.Density(d, (alpha * ratio) - z, z, inverse);
        d[3] = z * ratio;
        return log;
    }

    /// <summary>The log of the lower tail.</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        Check("skew_normal_lcdf", x[0], x[1], x[2], x[3]);
        LogTails tails = Tails(x, out double z);
        LocationScale.Tail(d, tails.LowerByPoint, z, 1 / x[2]);
        d[3] = tails.LowerByFirst;
        return tails.Lower;
    }

    /// <summary>The log of the upper tail.</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        Check("skew_normal_lccdf", x[0], x[1], x[2], x[3]);
        LogTails tails = Tails(x, out double z);
        LocationScale.Tail(d, tails.UpperByPoint, z, 1 / x[2]);
        d[3] = tails.UpperByFirst;
        return tails.Upper;
    }

    /// <summary>A draw: (α|N| + N′) / √(1 + α²) for two standard normals.</summary>
    public static double Draw(double* x, Rng rng)
    {
        Check("skew_normal_rng", 0, x[1], x[2], x[3]);
        double alpha = x[3];
        return x[1] + (x[2] * ((alpha * Math.Abs(rng.NextNormal())) + rng.NextNormal()) / double.Hypot(1, alpha));
    }

    /// <summary>The tails at z, with derivatives by z (point) and α (first shape).</summary>
    private static LogTails Tails(double* x, out double z)
    {
        double alpha = x[3];
        z = (x[0] - x[1]) / x[2];
        if (double.IsInfinity(z)) return LogTails.AtEnd(z < 0);
        double density = LogTwo - NormalTail.HalfLogTwoPi - (0.5 * z * z) + NormalTail.LogPhi(alpha * z, out _), byAlpha = (-0.5 * z * z * (1 + (alpha * alpha))) - LogPi - Math.Log(1 + (alpha * alpha));
        bool far = alpha >= 0 == z <= 0;
        double beyond = OwensT.LogBeyond(Math.Abs(z), Math.Abs(alpha)), both = LogTwo + NormalTail.LogPhi(-Math.Abs(z), out _), log = far ? beyond : both + Logarithms.Log1mExp(Math.Min(0, beyond - both));
        return z <= 0
            ? LogTails.FromLower(log, -Math.Exp(byAlpha - log), 0, density)
            : LogTails.FromUpper(log, Math.Exp(byAlpha - log), 0, density);
    }

    private static void Check(string function, double y, double xi, double omega, double alpha)
    {
        ContinuousDomain.LocationAndScale(function, y, xi, omega);
        ContinuousDomain.Finite(function, "skewness", alpha);
    }
}
