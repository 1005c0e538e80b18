namespace Terrace.Numerics.Distributions;

/// <summary>
/// The regularised incomplete gamma function and its complement, each without cancellation in its own tail.
/// <para>Formula: P(a, x) = x^a e^-x / G(a + 1) * (1 + x/(a+1) + x^2/((a+1)(a+2)) + ...) for x &lt; a + 1, else
/// Q(a, x) = x^a e^-x / G(a) * 1 / (x + 1 - a - 1(1 - a)/(x + 3 - a - ...)).</para>
/// <para>Source: Abramowitz and Stegun (1964), 6.5.29 and 6.5.31 (even form), by Lentz's method; the prefactor by Loader (2000). Tests: GammaTests, ChiSquaredTests.</para>
/// </summary>
internal static class IncompleteGamma
{
    private const int MaximumTerms = 10_000_000;

    /// <summary>P(a, x) and Q(a, x) = 1 - P(a, x) for a &gt; 0.</summary>
    public static (double Lower, double Upper) Tails(double a, double x)
    {
        if (double.IsNaN(a + x)) return (double.NaN, double.NaN);
        if (x <= 0) return (0, 1);
        if (double.IsPositiveInfinity(x)) return (1, 0);
        double power = Math.Exp(SaddlePoint.Poisson(a, x));
        if (x < a + 1)
        {
            double lower = power * Series(a, x);
            return (lower, 1 - lower);
        }

        double upper = power * a * Fraction(a, x);
        return (1 - upper, upper);
    }

    private static double Series(double a, double x)
    {
        double sum = 1, term = 1;
        for (int k = 1; k <= MaximumTerms; k++)
        {
            term *= x / (a + k);
            sum += term;
            if (term <= sum * 1e-17) break;
        }

        return sum;
    }

    private static double Fraction(double a, double x)
    {
        double b = x + 1 - a, c = 1e300, d = 1 / b, value = d;
        for (int k = 1; k <= MaximumTerms; k++)
        {
            double numerator = -k * (k - a);
            b += 2;
            d = 1 / NonZero(numerator * d + b);
            c = NonZero(b + numerator / c);
            double change = d * c;
            value *= change;
            if (Math.Abs(change - 1) <= 2e-16) break;
        }

        return value;
    }

    private static double NonZero(double value) => Math.Abs(value) < 1e-300 ? 1e-300 : value;
}
