namespace Terrace.Numerics.Distributions;

/// <summary>
/// The Poisson distribution: log probability and tails.
/// <para>Formula: e^-m m^k / k!; P(X &lt;= k) = Q(k + 1, m).</para>
/// <para>Source: Loader (2000), Fast and accurate computation of binomial probabilities; Abramowitz and Stegun (1964), 26.4.21. Tests: PoissonTests (against R).</para>
/// </summary>
public static class Poisson
{
    /// <summary>The log probability of <paramref name="k"/> events; -infinity off the support.</summary>
    public static double LogDensity(double k, double mean)
    {
        if (!(k >= 0)) return double.IsNaN(k) ? double.NaN : double.NegativeInfinity;
        return SaddlePoint.Poisson(k, mean);
    }

    /// <summary>P(X &lt;= k).</summary>
    public static double Cdf(double k, double mean) => Tails(k, mean).Lower;

    /// <summary>P(X &gt; k).</summary>
    public static double UpperTail(double k, double mean) => Tails(k, mean).Upper;

    private static (double Lower, double Upper) Tails(double k, double mean)
    {
        k = Math.Floor(k + 1e-7);
        if (k < 0) return (0, 1);
        (double lower, double upper) = IncompleteGamma.Tails(k + 1, mean);
        return (upper, lower);
    }
}
