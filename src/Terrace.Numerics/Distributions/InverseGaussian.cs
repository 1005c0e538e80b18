using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Numerics.Distributions;

/// <summary>
/// The inverse Gaussian distribution by mean m and dispersion d (variance d m^3; shape 1/d): log density and tails.
/// <para>Formula: density (2 pi d x^3)^(-1/2) e^(-(x - m)^2 / (2 d m^2 x)); with r = sqrt(1 / (d x)): P(X &lt;= x) = F(r (x/m - 1)) + e^(2/(dm)) F(-r (x/m + 1)).</para>
/// <para>Source: Tweedie (1957); Giner and Smyth (2016) for tails in logarithms. Tests: InverseGaussianTests (density against the formula, tails against quadrature).</para>
/// </summary>
public static class InverseGaussian
{
    /// <summary>The log density at <paramref name="x"/>; -infinity at and below 0.</summary>
    public static double LogDensity(double x, double mean, double dispersion)
    {
        if (!(x > 0)) return double.IsNaN(x) ? double.NaN : double.NegativeInfinity;
        double z = (x - mean) / mean;
        return -0.5 * (1.83787706640934548356 + Math.Log(dispersion) + 3 * Math.Log(x) + z * z / (dispersion * x));
    }

    /// <summary>P(X &lt;= x).</summary>
    public static double Cdf(double x, double mean, double dispersion)
    {
        if (!(x > 0)) return double.IsNaN(x) ? double.NaN : 0;
        (double first, double second) = LogParts(x, mean, dispersion, 1);
        return Math.Exp(first) + Math.Exp(second);
    }

    /// <summary>P(X &gt; x), accurate far in the tail.</summary>
    public static double UpperTail(double x, double mean, double dispersion)
    {
        if (!(x > 0)) return double.IsNaN(x) ? double.NaN : 1;
        (double first, double second) = LogParts(x, mean, dispersion, -1);
        return first > second ? Math.Exp(first + LogisticFunction.Log1mExp(first - second)) : 0;
    }

    private static (double First, double Second) LogParts(double x, double mean, double dispersion, double sign)
    {
        double r = 1 / Math.Sqrt(dispersion * x);
        return (Normal.LogCdf(sign * r * (x / mean - 1)), 2 / (dispersion * mean) + Normal.LogCdf(-r * (x / mean + 1)));
    }
}
