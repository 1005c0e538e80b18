using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Numerics.Distributions;

/// <summary>
/// The beta distribution: log density, tails and quantile.
/// <para>Formula: x^(a-1) (1 - x)^(b-1) / B(a, b) on (0, 1); cdf I_x(a, b).</para>
/// <para>Source: Loader (2000) for the density; Abramowitz and Stegun (1964), 26.5, for the tails. Tests: BetaTests (against R).</para>
/// </summary>
public static class Beta
{
    /// <summary>The log density at <paramref name="x"/>; -infinity outside [0, 1].</summary>
    public static double LogDensity(double x, double a, double b)
    {
        if (!(x >= 0 && x <= 1)) return double.IsNaN(x) ? double.NaN : double.NegativeInfinity;
        if (x == 0) return AtEnd(a, b);
        if (x == 1) return AtEnd(b, a);
        return IncompleteBeta.LogPower(a, b, x, 1 - x) - Math.Log(x) - LogisticFunction.Log1p(-x);
    }

    /// <summary>P(X &lt;= x).</summary>
    public static double Cdf(double x, double a, double b) => IncompleteBeta.Tails(a, b, x, 1 - x).Lower;

    /// <summary>P(X &gt; x), accurate far in the tail.</summary>
    public static double UpperTail(double x, double a, double b) => IncompleteBeta.Tails(a, b, x, 1 - x).Upper;

    /// <summary>The quantile: x with P(X &lt;= x) = p. NaN outside 0 ... 1.</summary>
    public static double Quantile(double p, double a, double b)
    {
        if (!(p >= 0 && p <= 1)) return double.NaN;
        if (p == 0 || p == 1) return p;
        return LogisticFunction.Logistic(LogitQuantile(p, 1 - p, a, b));
    }

    /// <summary>The logit of the point with lower tail <paramref name="lower"/> and upper tail <paramref name="upper"/>, solved in the smaller of the two.</summary>
    internal static double LogitQuantile(double lower, double upper, double a, double b)
    {
        bool rising = lower <= upper;
        double start = LogisticFunction.Logit(Math.Clamp(a / (a + b), 1e-8, 1 - 1e-8));
        return QuantileSearch.Solve(Tail, rising ? lower : upper, rising, start);

        (double Tail, double LogSlope) Tail(double u)
        {
            double x = LogisticFunction.Logistic(u), y = LogisticFunction.Logistic(-u);
            (double below, double above) = IncompleteBeta.Tails(a, b, x, y);
            return (rising ? below : above, IncompleteBeta.LogPower(a, b, x, y));
        }
    }

    private static double AtEnd(double near, double far) =>
        near < 1 ? double.PositiveInfinity : near > 1 ? double.NegativeInfinity : Math.Log(far);
}
