namespace Terrace.Numerics.Distributions;

/// <summary>
/// The chi-squared distribution: log density, tails and quantile.
/// <para>Formula: the gamma distribution with shape df / 2 and rate 1 / 2. Source: Abramowitz and Stegun (1964), 26.4. Tests: ChiSquaredTests (against R).</para>
/// </summary>
public static class ChiSquared
{
    /// <summary>The log density at <paramref name="x"/>; -infinity below 0.</summary>
    public static double LogDensity(double x, double df) => Gamma.LogDensity(x, 0.5 * df, 0.5);

    /// <summary>P(X &lt;= x).</summary>
    public static double Cdf(double x, double df) => Gamma.Cdf(x, 0.5 * df, 0.5);

    /// <summary>P(X &gt; x), accurate far in the tail.</summary>
    public static double UpperTail(double x, double df) => Gamma.UpperTail(x, 0.5 * df, 0.5);

    /// <summary>The quantile: x with P(X &lt;= x) = p. NaN outside 0 ... 1.</summary>
    public static double Quantile(double p, double df) => Gamma.Quantile(p, 0.5 * df, 0.5);
}
