using Terrace.Numerics.Distributions;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Scalars;

/// <summary>
/// The regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 − P(a, x), their logarithms and derivatives.
/// <para>Formula: P = xᵃ e⁻ˣ / Γ(a + 1) · Σₖ xᵏ / ((a + 1) … (a + k)) for x &lt; a + 1, else Q = xᵃ e⁻ˣ / Γ(a) · 1 / (x + 1 − a − 1(1 − a)/(x + 3 − a − …)). The derivatives by a are those of these
/// expressions, carried along term by term; that by x is the density xᵃ⁻¹ e⁻ˣ / Γ(a).</para>
/// <para>Source: Abramowitz and Stegun (1964), 6.5.29, 6.5.31 (even form) by Lentz's method; the prefactor by Loader (2000). Test: ScalarTests.</para>
/// </summary>
internal static class IncompleteGammas
{
    private const int MaximumTerms = 10_000_000;

    /// <summary>P(a, x).</summary>
    public static double GammaP(double a, double x)
    {
        Check("gamma_p", a, x);
        return Gamma.Cdf(x, a);
    }

    /// <summary>The derivatives of P.</summary>
    public static void GammaPSlopes(double a, double x, double value, out double da, out double dx)
    {
        LogTails tails = Tails(a, x, true);
        da = tails.LowerByFirst * value;
        dx = Math.Exp(tails.LogDensity);
    }

    /// <summary>Q(a, x).</summary>
    public static double GammaQ(double a, double x)
    {
        Check("gamma_q", a, x);
        return Gamma.UpperTail(x, a);
    }

    /// <summary>The derivatives of Q.</summary>
    public static void GammaQSlopes(double a, double x, double value, out double da, out double dx)
    {
        LogTails tails = Tails(a, x, true);
        da = tails.UpperByFirst * value;
        dx = -Math.Exp(tails.LogDensity);
    }

    /// <summary>log P and log Q with their derivatives by a (if wanted) and the log density.</summary>
    public static LogTails Tails(double a, double x, bool derivatives)
    {
        if (x <= 0) return LogTails.AtEnd(true);
        if (double.IsPositiveInfinity(x)) return LogTails.AtEnd(false);
        double power = SaddlePoint.Poisson(a, x), density = power + Math.Log(a / x);
        if (x < a + 1)
        {
            double sum = Series(a, x, out double sumSlope);
            return LogTails.FromLower(power + Math.Log(sum), derivatives ? Math.Log(x) - GammaFunction.Digamma(a + 1) + (sumSlope / sum) : 0, 0, density);
        }
        double fraction = Fraction(a, x, out double slope);
        return LogTails.FromUpper(power + Math.Log(a * fraction), derivatives ? Math.Log(x) - GammaFunction.Digamma(a) + (slope / fraction) : 0, 0, density);
    }

    private static double Series(double a, double x, out double slope)
    {
        double sum = 1, term = 1, termSlope = 0;
        slope = 0;
        for (int k = 1; k <= MaximumTerms; k++)
        {
            double ratio = x / (a + k);
            term *= ratio;
            termSlope = (termSlope * ratio) - (term / (a + k));
            sum += term;
            slope += termSlope;
            if (term <= sum * 1e-17 && termSlope >= slope * 1e-17) break;
        }
        return sum;
    }

    private static double Fraction(double a, double x, out double slope)
    {
        double b = x + 1 - a, c = 1e300, cSlope = 0, d = 1 / b, dSlope = d * d, value = d;
        slope = dSlope;
        for (int k = 1; k <= MaximumTerms; k++)
        {
            double numerator = -k * (k - a);
            b += 2;
            dSlope = (k * d) + (numerator * dSlope) - 1;
            d = 1 / NonZero((numerator * d) + b);
            dSlope *= -d * d;
            cSlope = -1 + (k / c) - (numerator * cSlope / c / c);
            c = NonZero(b + (numerator / c));
            double change = d * c, changeSlope = (dSlope * c) + (d * cSlope);
            slope = (slope * change) + (value * changeSlope);
            value *= change;
            if (Math.Abs(change - 1) <= 2e-16 && Math.Abs(value * changeSlope) <= 1e-15 * Math.Abs(slope)) break;
        }
        return value;
    }

    private static double NonZero(double value) => Math.Abs(value) < 1e-300 ? 1e-300 : value;

    private static void Check(string function, double a, double x)
    {
        if (!(a > 0)) Workspace.Reject($"{function}: shape is {a}, but must be positive");
        if (!(x >= 0)) Workspace.Reject($"{function}: argument is {x}, but must not be negative");
    }
}
