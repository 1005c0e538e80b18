using Terrace.Numerics.Distributions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// log Φ(z), its slope φ(z)/Φ(z), and Mills' ratio M(t) = Φ(−t)/φ(t), accurate in the far tails.
/// <para>Formula: φ/Φ at z is 1/M(−z); M by Laplace's continued fraction 1/(t + 1/(t + 2/(t + …))) from 5 on, by its asymptotic series from 50 on. Source: Abramowitz and Stegun (1964), 26.2.12, 26.2.14.</para>
/// </summary>
internal static class NormalTail
{
    /// <summary>½ log 2π.</summary>
    public const double HalfLogTwoPi = 0.9189385332046727;

    private const double RootTwoPi = 2.5066282746310002;

    /// <summary>log Φ(z) and its derivative.</summary>
    public static double LogPhi(double z, out double slope)
    {
        if (z < -5)
        {
            double ratio = double.IsInfinity(z) ? 0 : MillsRatio(-z);
            slope = 1 / ratio;
            return (-0.5 * z * z) - HalfLogTwoPi + Math.Log(ratio);
        }
        double value = Normal.LogCdf(z);
        slope = Math.Exp((-0.5 * z * z) - value) / RootTwoPi;
        return value;
    }

    /// <summary>M(t) = (1 − Φ(t)) / φ(t).</summary>
    public static double MillsRatio(double t)
    {
        if (t < 5) return Normal.UpperTail(t) * Math.Exp(0.5 * t * t) * RootTwoPi;
        if (t > 50)
        {
            double s = 1 / (t * t);
            return (1 - (s * (1 - (3 * s * (1 - (5 * s * (1 - (7 * s * (1 - (9 * s * (1 - (11 * s)))))))))))) / t;
        }
        double fraction = t;
        for (int k = 60; k >= 1; k--) fraction = t + (k / fraction);
        return 1 / fraction;
    }
}
