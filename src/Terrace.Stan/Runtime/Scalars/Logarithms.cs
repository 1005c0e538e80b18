using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Scalars;

/// <summary>Logarithms, plain and of one plus or minus something, without cancellation (Mächler 2012, "Accurately computing log(1 − exp(−|a|))").</summary>
internal static class Logarithms
{
    private const double LogTwo = 0.6931471805599453, LogTen = 2.302585092994046;

    /// <summary>log x.</summary>
    public static double Log(double x) => Math.Log(x);

    /// <summary>1 / x.</summary>
    public static double LogSlope(double x, double value) => 1 / x;

    /// <summary>The logarithm to base 2.</summary>
    public static double Log2(double x) => Math.Log2(x);

    /// <summary>1 / (x log 2).</summary>
    public static double Log2Slope(double x, double value) => 1 / (x * LogTwo);

    /// <summary>The logarithm to base 10.</summary>
    public static double Log10(double x) => Math.Log10(x);

    /// <summary>1 / (x log 10).</summary>
    public static double Log10Slope(double x, double value) => 1 / (x * LogTen);

    /// <summary>log(1 + x), −∞ at −1.</summary>
    public static double Log1p(double x) => x == -1 ? double.NegativeInfinity : LogisticFunction.Log1p(x);

    /// <summary>1 / (1 + x).</summary>
    public static double Log1pSlope(double x, double value) => 1 / (1 + x);

    /// <summary>log(1 − x), −∞ at 1.</summary>
    public static double Log1m(double x) => Log1p(-x);

    /// <summary>−1 / (1 − x).</summary>
    public static double Log1mSlope(double x, double value) => -1 / (1 - x);

    /// <summary>log(1 + eˣ).</summary>
    public static double Log1pExp(double x) => double.IsInfinity(x) ? Math.Max(x, 0) : LogisticFunction.Log1pExp(x);

    /// <summary>logistic(x).</summary>
    public static double Log1pExpSlope(double x, double value) => LogisticFunction.Logistic(x);

    /// <summary>log(1 − eˣ) for x ≤ 0, NaN above.</summary>
    public static double Log1mExp(double x) => x > 0 ? double.NaN : LogisticFunction.Log1mExp(-x);

    /// <summary>−1 / (e⁻ˣ − 1).</summary>
    public static double Log1mExpSlope(double x, double value) => -1 / LogisticFunction.Expm1(-x);

    /// <summary>x log y, 0 where both are 0.</summary>
    public static double Lmultiply(double x, double y) => x == 0 && y == 0 ? 0 : x * Math.Log(y);

    /// <summary>(log y, x / y).</summary>
    public static void LmultiplySlopes(double x, double y, double value, out double dx, out double dy)
    {
        dx = Math.Log(y);
        dy = x / y;
    }
}
