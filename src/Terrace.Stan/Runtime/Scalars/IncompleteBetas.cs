using Terrace.Numerics.Distributions;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Scalars;

/// <summary>
/// The regularised incomplete beta function I_x(a, b), its logarithm, its inverse and all derivatives.
/// <para>Formula: I_x(a, b) = xᵃ yᵇ / B(a, b) · 1 / (g₀ + f₁ / (g₁ + f₂ / (g₂ + …))), y = 1 − x, with f and g of DiDonato and Morris (see <see cref="IncompleteBeta"/>); beyond x = (a + 1)/(a + b + 2)
/// by I_x(a, b) = 1 − I_y(b, a). The derivatives by a and b are those of this expression, carried along through Lentz's recurrence; that by x is the beta density.</para>
/// <para>Source: DiDonato and Morris (1992), Algorithm 708, eq. 9; the differentiation is ours. Test: ScalarTests.</para>
/// </summary>
internal static class IncompleteBetas
{
    private const double Tiny = 1e-300;
    private const int MaximumTerms = 1_000_000;

    /// <summary>I_x(a, b).</summary>
    public static double IncBeta(double a, double b, double x)
    {
        Check("inc_beta", a, b, x);
        return Beta.Cdf(x, a, b);
    }

    /// <summary>The derivatives of I_x(a, b).</summary>
    public static void IncBetaSlopes(double a, double b, double x, double value, out double da, out double db, out double dx)
    {
        LogTails tails = Tails(a, b, x, 1 - x, true);
        da = tails.LowerByFirst * value;
        db = tails.LowerBySecond * value;
        dx = Math.Exp(tails.LogDensity);
    }

    /// <summary>x with I_x(a, b) = p.</summary>
    public static double InvIncBeta(double a, double b, double p)
    {
        Check("inv_inc_beta", a, b, p);
        return Beta.Quantile(p, a, b);
    }

    /// <summary>By the implicit function theorem: (−∂I/∂a, −∂I/∂b, 1) / density.</summary>
    public static void InvIncBetaSlopes(double a, double b, double p, double value, out double da, out double db, out double dp)
    {
        LogTails tails = Tails(a, b, value, 1 - value, true);
        double density = Math.Exp(tails.LogDensity);
        da = -tails.LowerByFirst * p / density;
        db = -tails.LowerBySecond * p / density;
        dp = 1 / density;
    }

    /// <summary>log I_x(a, b) and log(1 − I_x(a, b)) with their derivatives by a and b (if wanted) and the log density; x and y = 1 − x are given apart so that neither is lost beside the other.</summary>
    public static LogTails Tails(double a, double b, double x, double y, bool derivatives)
    {
        if (x <= 0 || y <= 0) return LogTails.AtEnd(x <= 0);
        double power = IncompleteBeta.LogPower(a, b, x, y), logX = x > 0.5 ? LogisticFunction.Log1p(-y) : Math.Log(x), logY = y > 0.5 ? LogisticFunction.Log1p(-x) : Math.Log(y);
        double density = power - logX - logY, first = 0, second = 0;
        if (derivatives)
        {
            double sum = GammaFunction.Digamma(a + b);
            first = logX - GammaFunction.Digamma(a) + sum;
            second = logY - GammaFunction.Digamma(b) + sum;
        }
        if (x < (a + 1) / (a + b + 2))
        {
            double lower = Fraction(a, b, x, y, out double byA, out double byB);
            return LogTails.FromLower(power - Math.Log(lower), first - (byA / lower), second - (byB / lower), density);
        }
        double upper = Fraction(b, a, y, x, out double byB2, out double byA2);
        return LogTails.FromUpper(power - Math.Log(upper), first - (byA2 / upper), second - (byB2 / upper), density);
    }

    private static double Fraction(double a, double b, double x, double y, out double byA, out double byB)
    {
        double excess = (a * y) - (b * x);
        double value = a * (excess + 1) / (a + 1), c = value, d = 0, dA = 0, dB = 0;
        byA = ((excess + 1) / (a + 1) / (a + 1)) + (a * y / (a + 1));
        byB = -a * x / (a + 1);
        double cA = byA, cB = byB;
        for (int m = 1; m <= MaximumTerms; m++)
        {
            double end = a + (2 * m) - 1, share = x / end, rest = m * share * share * (a + m - 1), sum = a + b + m - 1, f = rest * sum * (b - m);
            double fA = f * ((1 / (a + m - 1)) + (1 / sum) - (2 / end)), fB = rest * (b - m + sum);
            double middle = excess + 1 + (m * (1 + y)), tail = (a + m) / (end + 2), g = m + (m * (b - m) * share) + (tail * middle);
            double gA = (-m * (b - m) * share / end) + ((middle + ((a + m) * y) - (tail * middle)) / (end + 2)), gB = (m * share) - (tail * x);
            double denominator = NonZero(g + (f * d));
            dA = gA + (fA * d) + (f * dA);
            dB = gB + (fB * d) + (f * dB);
            d = 1 / denominator;
            dA *= -d * d;
            dB *= -d * d;
            double quotient = f / c;
            cA = gA + ((fA - (quotient * cA)) / c);
            cB = gB + ((fB - (quotient * cB)) / c);
            c = NonZero(g + quotient);
            double change = d * c, changeA = (dA * c) + (d * cA), changeB = (dB * c) + (d * cB);
            byA = (byA * change) + (value * changeA);
            byB = (byB * change) + (value * changeB);
            value *= change;
            if (Math.Abs(change - 1) <= 2e-16 && Math.Abs(value * changeA) <= 1e-15 * Math.Abs(byA) && Math.Abs(value * changeB) <= 1e-15 * Math.Abs(byB)) break;
        }
        return value;
    }

    private static double NonZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;

    private static void Check(string function, double a, double b, double x)
    {
        if (!(a > 0 && b > 0)) Workspace.Reject($"{function}: shapes are {a} and {b}, but must be positive");
        if (!(x >= 0 && x <= 1)) Workspace.Reject($"{function}: argument is {x}, but must be in [0, 1]");
    }
}
