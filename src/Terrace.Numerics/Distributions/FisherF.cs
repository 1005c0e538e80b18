using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Numerics.Distributions;

/// <summary>
/// Fisher's F distribution: log density, tails and quantile; infinite denominator degrees of freedom give a chi-squared over its df.
/// <para>Formula: P(F &lt;= f) = I_x(a/2, b/2) with x = a f / (b + a f). Source: Abramowitz and Stegun (1964), 26.6.2. Tests: FisherFTests (against R).</para>
/// </summary>
public static class FisherF
{
    /// <summary>The log density at <paramref name="f"/>; -infinity below 0.</summary>
    public static double LogDensity(double f, double df1, double df2)
    {
        if (f < 0) return double.NegativeInfinity;
        if (double.IsPositiveInfinity(df2)) return Gamma.LogDensity(f, 0.5 * df1, 0.5 * df1);
        if (f == 0) return df1 < 2 ? double.PositiveInfinity : df1 > 2 ? double.NegativeInfinity : 0;
        (double x, double y) = Shares(f, df1, df2);
        return IncompleteBeta.LogPower(0.5 * df1, 0.5 * df2, x, y) - Math.Log(f);
    }

    /// <summary>P(F &lt;= f).</summary>
    public static double Cdf(double f, double df1, double df2) => Tails(f, df1, df2).Lower;

    /// <summary>P(F &gt; f), accurate far in the tail.</summary>
    public static double UpperTail(double f, double df1, double df2) => Tails(f, df1, df2).Upper;

    /// <summary>The quantile: f with P(F &lt;= f) = p. NaN outside 0 ... 1.</summary>
    public static double Quantile(double p, double df1, double df2)
    {
        if (!(p >= 0 && p <= 1)) return double.NaN;
        if (p is 0 or 1) return p == 0 ? 0 : double.PositiveInfinity;
        if (double.IsPositiveInfinity(df2)) return Gamma.Quantile(p, 0.5 * df1, 0.5 * df1);
        return df2 / df1 * Math.Exp(Beta.LogitQuantile(p, 1 - p, 0.5 * df1, 0.5 * df2));
    }

    private static (double Lower, double Upper) Tails(double f, double df1, double df2)
    {
        if (double.IsPositiveInfinity(df2)) return IncompleteGamma.Tails(0.5 * df1, 0.5 * df1 * f);
        (double x, double y) = Shares(f, df1, df2);
        return IncompleteBeta.Tails(0.5 * df1, 0.5 * df2, x, y);
    }

    private static (double X, double Y) Shares(double f, double df1, double df2)
    {
        double logOdds = Math.Log(df1) + Math.Log(Math.Max(f, 0)) - Math.Log(df2);
        if (double.IsInfinity(f) || f <= 0 || Math.Abs(logOdds) > 700) return (LogisticFunction.Logistic(logOdds), LogisticFunction.Logistic(-logOdds));
        double odds = df1 / df2 * f;
        return (odds / (1 + odds), 1 / (1 + odds));
    }
}
