using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Numerics.Distributions;

/// <summary>
/// The log probabilities from which binomial, Poisson, gamma, beta and Student densities follow, without the cancellation of large log gammas.
/// <para>Formula: log p(x; n, p) = d(n) - d(x) - d(n - x) - D(x; np) - D(n - x; nq) + log(n / (2 pi x (n - x))) / 2 with Stirling's remainder d and the deviance
/// part D(x; m) = x log(x/m) + m - x; likewise log p(x; m) = -d(x) - D(x; m) - log(2 pi x) / 2.</para>
/// <para>Source: Loader (2000), Fast and accurate computation of binomial probabilities. Deviation: D near x = m by the series of log1p in
/// (x - m) / (x + m). Tests: BinomialTests, PoissonTests.</para>
/// </summary>
internal static class SaddlePoint
{
    private const double LogTwoPi = 1.83787706640934548356;

    /// <summary>
    /// The binomial log probability of real x successes and <paramref name="rest"/> failures, both at least 0, with q = 1 - p given apart
    /// so that neither a small share nor a small count is lost beside a large one.
    /// </summary>
    public static double Binomial(double x, double rest, double p, double q)
    {
        double n = x + rest;
        if (p == 0) return x == 0 ? 0 : double.NegativeInfinity;
        if (q == 0) return rest == 0 ? 0 : double.NegativeInfinity;
        if (x == 0) return n == 0 ? 0 : p < 0.1 ? -Deviance(n, n * q) - n * p : n * Math.Log(q);
        if (rest == 0) return q < 0.1 ? -Deviance(n, n * p) - n * q : n * Math.Log(p);
        double core = GammaFunction.StirlingError(n) - GammaFunction.StirlingError(x) - GammaFunction.StirlingError(rest) - Deviance(x, n * p) - Deviance(rest, n * q);
        return core - 0.5 * (LogTwoPi + Math.Log(x < rest ? x : rest) + Math.Log(Math.Max(x, rest) / n));
    }

    /// <summary>The Poisson log probability for real x &gt;= 0.</summary>
    public static double Poisson(double x, double mean)
    {
        if (mean == 0) return x == 0 ? 0 : double.NegativeInfinity;
        if (x == 0) return -mean;
        if (double.IsInfinity(mean)) return double.NegativeInfinity;
        return x <= mean * double.Epsilon ? -mean : -GammaFunction.StirlingError(x) - Deviance(x, mean) - 0.5 * (LogTwoPi + Math.Log(x));
    }

    /// <summary>x log(x / m) + m - x, accurate when x is near m.</summary>
    public static double Deviance(double x, double m)
    {
        double difference = x - m, sum = x + m;
        if (Math.Abs(difference) >= 0.1 * sum) return x * Math.Log(x / m) + m - x;
        double v = difference / sum, square = v * v, term = 2 * x * v, total = difference * v;
        for (int k = 3; ; k += 2)
        {
            term *= square;
            double next = total + term / k;
            if (next == total) return total;
            total = next;
        }
    }
}
