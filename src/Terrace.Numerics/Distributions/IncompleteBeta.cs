namespace Terrace.Numerics.Distributions;

/// <summary>
/// The regularised incomplete beta function and its complement, each without cancellation in its own tail.
/// <para>Formula: I_x(a, b) = x^a y^b / (a B(a, b)) * 1 / (1 + d1 / (1 + d2 / (1 + ...))), y = 1 - x, with
/// d_2m = m (b - m) x / ((a + 2m - 1)(a + 2m)), d_2m+1 = -(a + m)(a + b + m) x / ((a + 2m)(a + 2m + 1)); for x beyond the mean I_x(a, b) = 1 - I_y(b, a).</para>
/// <para>Source: Abramowitz and Stegun (1964), 26.5.8; evaluated by Lentz's method as modified by Thompson and Barnett (1986).
/// Deviation: the prefactor by Loader's (2000) saddle-point form, and x and y given apart. Tests: StudentTTests, BetaTests (against R far in the tails).</para>
/// </summary>
internal static class IncompleteBeta
{
    private const double Tiny = 1e-300;
    private const int MaximumTerms = 1_000_000;

    /// <summary>I_x(a, b) and 1 - I_x(a, b) for a, b &gt; 0, x + y = 1.</summary>
    public static (double Lower, double Upper) Tails(double a, double b, double x, double y)
    {
        if (double.IsNaN(a + b + x + y)) return (double.NaN, double.NaN);
        if (x <= 0) return (0, 1);
        if (y <= 0) return (1, 0);
        double power = Math.Exp(LogPower(a, b, x, y));
        if (x < (a + 1) / (a + b + 2))
        {
            double lower = power / a * Fraction(a, b, x);
            return (lower, 1 - lower);
        }

        double upper = power / b * Fraction(b, a, y);
        return (1 - upper, upper);
    }

    /// <summary>log of x^a y^b / B(a, b).</summary>
    public static double LogPower(double a, double b, double x, double y)
    {
        double n = a + b;
        return SaddlePoint.Binomial(a, n, x, y) + Math.Log(a) + Math.Log(b / n);
    }

    private static double Fraction(double a, double b, double x)
    {
        double c = 1, d = 1 / NonZero(1 - (a + b) * x / (a + 1)), value = d;
        for (int m = 1; m <= MaximumTerms; m++)
        {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / NonZero(1 + even * d);
            c = NonZero(1 + even / c);
            value *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / NonZero(1 + odd * d);
            c = NonZero(1 + odd / c);
            double change = d * c;
            value *= change;
            if (Math.Abs(change - 1) <= 2e-16) break;
        }

        return value;
    }

    private static double NonZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
