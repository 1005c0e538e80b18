using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Numerics.Distributions;

/// <summary>
/// Student's t distribution: log density, tails and quantile; infinite degrees of freedom give the normal.
/// <para>Formula: density (1 + t^2/v)^(-(v+1)/2) / (sqrt(v) B(1/2, v/2)); P(|T| &gt; t) = I_{v/(v+t^2)}(v/2, 1/2).</para>
/// <para>Source: Abramowitz and Stegun (1964), 26.7.1. Tests: StudentTTests (against R, to p-values of 1e-200).</para>
/// </summary>
public static class StudentT
{
    /// <summary>The log density at <paramref name="t"/>.</summary>
    public static double LogDensity(double t, double df)
    {
        if (double.IsPositiveInfinity(df)) return Normal.LogDensity(t);
        double ratio = Math.Abs(t) > 1e150 ? 2 * Math.Log(Math.Abs(t) / Math.Sqrt(df)) : LogisticFunction.Log1p(t / df * t);
        return -GammaFunction.LogBeta(0.5, 0.5 * df) - 0.5 * Math.Log(df) - 0.5 * (df + 1) * ratio;
    }

    /// <summary>P(T &lt;= t).</summary>
    public static double Cdf(double t, double df) => UpperTail(-t, df);

    /// <summary>P(T &gt; t), accurate far in the tail.</summary>
    public static double UpperTail(double t, double df)
    {
        if (double.IsPositiveInfinity(df)) return Normal.UpperTail(t);
        double square = t * t;
        (double x, double y) = square > df ? Shares(1 / (1 + df / square), df / square) : (1 / (1 + square / df), square / df / (1 + square / df));
        (double outside, double inside) = IncompleteBeta.Tails(0.5 * df, 0.5, x, y);
        return t > 0 ? 0.5 * outside : 0.5 + 0.5 * inside;
    }

    /// <summary>P(|T| &gt; |t|), the two-sided p-value.</summary>
    public static double TwoSided(double t, double df) => 2 * UpperTail(Math.Abs(t), df);

    /// <summary>The quantile: t with P(T &lt;= t) = p. NaN outside 0 ... 1.</summary>
    public static double Quantile(double p, double df)
    {
        if (!(p >= 0 && p <= 1)) return double.NaN;
        if (double.IsPositiveInfinity(df)) return Normal.Quantile(p);
        if (p == 0.5) return 0;
        if (p is 0 or 1) return p == 0 ? double.NegativeInfinity : double.PositiveInfinity;
        double tail = Math.Min(p, 1 - p);
        double logit = tail > 0.25
            ? Beta.LogitQuantile(2 * Math.Abs(p - 0.5), 2 * tail, 0.5, 0.5 * df)
            : -Beta.LogitQuantile(2 * tail, 1 - 2 * tail, 0.5 * df, 0.5);
        double t = Math.Sqrt(df) * Math.Exp(0.5 * logit);
        return p < 0.5 ? -t : t;
    }

    private static (double X, double Y) Shares(double y, double ratio) => (ratio / (1 + ratio), y);
}
