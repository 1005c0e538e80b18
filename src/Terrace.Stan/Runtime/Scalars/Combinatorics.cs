using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Scalars;

/// <summary>Beta function, binomial coefficients, and rising and falling factorials, as ratios of gamma functions, with digamma derivatives.</summary>
internal static class Combinatorics
{
    private const int LongestProduct = 64;

    /// <summary>log B(a, b).</summary>
    public static double Lbeta(double a, double b) => GammaFunction.LogBeta(a, b);

    /// <summary>(ψ(a) − ψ(a + b), ψ(b) − ψ(a + b)).</summary>
    public static void LbetaSlopes(double a, double b, double value, out double da, out double db)
    {
        double sum = GammaFunction.Digamma(a + b);
        da = GammaFunction.Digamma(a) - sum;
        db = GammaFunction.Digamma(b) - sum;
    }

    /// <summary>B(a, b).</summary>
    public static double Beta(double a, double b) => Math.Exp(GammaFunction.LogBeta(a, b));

    /// <summary>B times the derivatives of log B.</summary>
    public static void BetaSlopes(double a, double b, double value, out double da, out double db)
    {
        LbetaSlopes(a, b, 0, out da, out db);
        da *= value;
        db *= value;
    }

    /// <summary>log of n over k for real 0 ≤ k ≤ n: −log(n + 1) − log B(n − k + 1, k + 1).</summary>
    public static double Lchoose(double n, double k) => k == 0 || k == n ? (n >= 0 ? 0 : double.NaN) : -Math.Log(n + 1) - GammaFunction.LogBeta(n - k + 1, k + 1);

    /// <summary>(ψ(n + 1) − ψ(n − k + 1), ψ(n − k + 1) − ψ(k + 1)).</summary>
    public static void LchooseSlopes(double n, double k, double value, out double dn, out double dk)
    {
        double rest = GammaFunction.Digamma(n - k + 1);
        dn = GammaFunction.Digamma(n + 1) - rest;
        dk = rest - GammaFunction.Digamma(k + 1);
    }

    /// <summary>log Γ(x + 1) − log Γ(x − n + 1).</summary>
    public static double LogFallingFactorial(double x, double n) => GammaFunctions.Lgamma(x + 1) - GammaFunctions.Lgamma(x - n + 1);

    /// <summary>(ψ(x + 1) − ψ(x − n + 1), ψ(x − n + 1)).</summary>
    public static void LogFallingFactorialSlopes(double x, double n, double value, out double dx, out double dn)
    {
        dn = GammaFunctions.Digamma(x - n + 1);
        dx = GammaFunctions.Digamma(x + 1) - dn;
    }

    /// <summary>log Γ(x + n) − log Γ(x).</summary>
    public static double LogRisingFactorial(double x, double n) => GammaFunctions.Lgamma(x + n) - GammaFunctions.Lgamma(x);

    /// <summary>(ψ(x + n) − ψ(x), ψ(x + n)).</summary>
    public static void LogRisingFactorialSlopes(double x, double n, double value, out double dx, out double dn)
    {
        dn = GammaFunctions.Digamma(x + n);
        dx = dn - GammaFunctions.Digamma(x);
    }

    /// <summary>x (x − 1) … (x − n + 1) for an integer n, else Γ(x + 1) / Γ(x − n + 1).</summary>
    public static double FallingFactorial(double x, double n) =>
        IsShort(n) ? Product(x, -1, n, out _) : Sign(x - n + 1) * Math.Exp(LogFallingFactorial(x, n));

    /// <summary>The derivative of the product, or the value by those of its logarithm.</summary>
    public static void FallingFactorialSlopes(double x, double n, double value, out double dx, out double dn)
    {
        LogFallingFactorialSlopes(x, n, 0, out dx, out dn);
        dx *= value;
        dn *= value;
        if (IsShort(n)) Product(x, -1, n, out dx);
    }

    /// <summary>x (x + 1) … (x + n − 1) for an integer n, else Γ(x + n) / Γ(x).</summary>
    public static double RisingFactorial(double x, double n) => IsShort(n) ? Product(x, 1, n, out _) : Math.Exp(LogRisingFactorial(x, n));

    /// <summary>The derivative of the product, or the value by those of its logarithm.</summary>
    public static void RisingFactorialSlopes(double x, double n, double value, out double dx, out double dn)
    {
        LogRisingFactorialSlopes(x, n, 0, out dx, out dn);
        dx *= value;
        dn *= value;
        if (IsShort(n)) Product(x, 1, n, out dx);
    }

    private static bool IsShort(double n) => n >= 0 && n <= LongestProduct && n == Math.Floor(n);

    private static double Product(double x, int step, double n, out double slope)
    {
        double product = 1;
        slope = 0;
        for (int j = 0; j < n; j++)
        {
            double factor = x + (step * j);
            slope = (slope * factor) + product;
            product *= factor;
        }
        return product;
    }

    /// <summary>The sign of Γ(x).</summary>
    private static double Sign(double x) => x >= 0 || Math.Floor(x) % 2 == 0 ? 1 : -1;
}
