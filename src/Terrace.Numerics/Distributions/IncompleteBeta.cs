namespace Terrace.Numerics.Distributions;

/// <summary>
/// The regularised incomplete beta function and its complement, each without cancellation in its own tail.
/// <para>Formula: I_x(a, b) = x^a y^b / B(a, b) * 1 / (g0 + f1 / (g1 + f2 / (g2 + ...))), y = 1 - x, with
/// f_m = (a + m - 1)(a + b + m - 1) m (b - m) x^2 / (a + 2m - 1)^2 and
/// g_m = m + m (b - m) x / (a + 2m - 1) + (a + m)(ay - bx + 1 + m (1 + y)) / (a + 2m + 1); for x beyond the mean I_x(a, b) = 1 - I_y(b, a).</para>
/// <para>Source: DiDonato and Morris (1992), Algorithm 708, eq. 9; evaluated by Lentz's method as modified by Thompson and Barnett (1986).
/// Deviation: the prefactor by Loader's (2000) saddle-point form, and x and y given apart. Tests: StudentTTests, BetaTests (far into the tails).</para>
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
            double lower = power / Fraction(a, b, x, y);
            return (lower, 1 - lower);
        }

        double upper = power / Fraction(b, a, y, x);
        return (1 - upper, upper);
    }

    /// <summary>log of x^a y^b / B(a, b).</summary>
    public static double LogPower(double a, double b, double x, double y)
    {
        return SaddlePoint.Binomial(a, b, x, y) + Math.Log(a) + Math.Log(b / (a + b));
    }

    private static double Fraction(double a, double b, double x, double y)
    {
        double value = a * (a * y - b * x + 1) / (a + 1), c = value, d = 0;
        for (int m = 1; m <= MaximumTerms; m++)
        {
            double end = a + 2 * m - 1, share = x / end;
            double numerator = (a + m - 1) * (a + b + m - 1) * m * (b - m) * share * share;
            double denominator = m + m * (b - m) * share + (a + m) * (a * y - b * x + 1 + m * (1 + y)) / (end + 2);
            d = 1 / NonZero(denominator + numerator * d);
            c = NonZero(denominator + numerator / c);
            value *= d * c;
            if (Math.Abs(d * c - 1) <= 2e-16) break;
        }

        return value;
    }

    private static double NonZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
