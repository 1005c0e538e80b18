using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Numerics.Distributions;

/// <summary>
/// The binomial distribution: log probability and tails.
/// <para>Formula: C(n, k) p^k (1 - p)^(n - k); P(X &lt;= k) = I_{1-p}(n - k, k + 1).</para>
/// <para>Source: Loader (2000), Fast and accurate computation of binomial probabilities; Abramowitz and Stegun (1964), 26.5.24. Tests: BinomialTests (against R).</para>
/// </summary>
public static class Binomial
{
    /// <summary>The log probability of <paramref name="k"/> successes; -infinity off the support.</summary>
    public static double LogDensity(double k, double n, double p)
    {
        if (!(k >= 0 && k <= n)) return double.IsNaN(k + n + p) ? double.NaN : double.NegativeInfinity;
        return SaddlePoint.Binomial(k, n - k, p, 1 - p);
    }

    /// <summary>The log probability of <paramref name="k"/> successes where log(p / (1 - p)) = <paramref name="eta"/>, accurate for p near 1 too.</summary>
    public static double LogDensityLogit(double k, double n, double eta)
    {
        if (!(k >= 0 && k <= n)) return double.IsNaN(k + n + eta) ? double.NaN : double.NegativeInfinity;
        return SaddlePoint.Binomial(k, n - k, LogisticFunction.Logistic(eta), LogisticFunction.Logistic(-eta));
    }

    /// <summary>P(X &lt;= k).</summary>
    public static double Cdf(double k, double n, double p) => Tails(k, n, p).Lower;

    /// <summary>P(X &gt; k).</summary>
    public static double UpperTail(double k, double n, double p) => Tails(k, n, p).Upper;

    private static (double Lower, double Upper) Tails(double k, double n, double p)
    {
        k = Math.Floor(k + 1e-7);
        if (double.IsNaN(k + n + p)) return (double.NaN, double.NaN);
        if (k < 0) return (0, 1);
        return k >= n ? (1, 0) : IncompleteBeta.Tails(n - k, k + 1, 1 - p, p);
    }
}
