namespace Terrace.Numerics.Distributions;

/// <summary>
/// The gamma distribution by shape and rate: log density, tails and quantile.
/// <para>Formula: r^a x^(a-1) e^(-rx) / G(a), mean a / r; cdf P(a, rx).</para>
/// <para>Source: Loader (2000) for the density; Abramowitz and Stegun (1964), 6.5, for the tails. Tests: GammaTests (against R).</para>
/// </summary>
public static class Gamma
{
    /// <summary>The log density at <paramref name="x"/>; -infinity below 0.</summary>
    public static double LogDensity(double x, double shape, double rate = 1)
    {
        if (x < 0) return double.NegativeInfinity;
        if (x == 0) return shape < 1 ? double.PositiveInfinity : shape > 1 ? double.NegativeInfinity : Math.Log(rate);
        return SaddlePoint.Poisson(shape, x * rate) + Math.Log(shape / x);
    }

    /// <summary>P(X &lt;= x).</summary>
    public static double Cdf(double x, double shape, double rate = 1) => IncompleteGamma.Tails(shape, x * rate).Lower;

    /// <summary>P(X &gt; x), accurate far in the tail.</summary>
    public static double UpperTail(double x, double shape, double rate = 1) => IncompleteGamma.Tails(shape, x * rate).Upper;

    /// <summary>The quantile: x with P(X &lt;= x) = p. NaN outside 0 ... 1.</summary>
    public static double Quantile(double p, double shape, double rate = 1)
    {
        if (!(p >= 0 && p <= 1)) return double.NaN;
        if (p == 0) return 0;
        if (p == 1) return double.PositiveInfinity;
        bool lower = p <= 0.5;
        double u = QuantileSearch.Solve(Tail, lower ? p : 1 - p, lower, Start(p, shape));
        return Math.Exp(u) / rate;

        (double Tail, double LogSlope) Tail(double u)
        {
            double x = Math.Exp(u);
            (double below, double above) = IncompleteGamma.Tails(shape, x);
            return (lower ? below : above, LogDensity(x, shape) + u);
        }
    }

    /// <summary>Wilson and Hilferty's (1931) cube-root normal approximation, or the leading term of the cdf when that fails, as log x.</summary>
    private static double Start(double p, double shape)
    {
        double root = 1 - 1 / (9 * shape) + Normal.Quantile(p) / (3 * Math.Sqrt(shape));
        if (shape > 0.5 && root > 0.2) return Math.Log(shape) + 3 * Math.Log(root);
        double u = (Math.Log(p) + SpecialFunctions.GammaFunction.LogGamma(shape + 1)) / shape;
        return Math.Max(Math.Min(u, 5), -700);
    }
}
