using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Scalars;

/// <summary>The gamma function and the derivatives of its logarithm, continued to negative arguments by reflection (Abramowitz and Stegun 1964, 6.1.17, 6.3.7, 6.4.7).</summary>
internal static class GammaFunctions
{
    private const double LogPi = 1.1447298858494002;

    /// <summary>log |Γ(x)|: ∞ at 0, −1, −2 …</summary>
    public static double Lgamma(double x)
    {
        if (!(x < 0)) return GammaFunction.LogGamma(x);
        if (x == Math.Floor(x)) return double.PositiveInfinity;
        return LogPi - Math.Log(Math.Abs(SinPi(x))) - GammaFunction.LogGamma(1 - x);
    }

    /// <summary>ψ(x).</summary>
    public static double LgammaSlope(double x, double value) => Digamma(x);

    /// <summary>Γ(x), NaN at the poles below 0.</summary>
    public static double Tgamma(double x)
    {
        if (x == 0) return 1 / x;
        if (x < 0) return x == Math.Floor(x) ? double.NaN : Math.PI / (SinPi(x) * Tgamma(1 - x));
        if (x <= 23 && x == Math.Floor(x)) return Factorial((int)x - 1);
        return x > 171.7 ? double.PositiveInfinity : MathNet.Numerics.SpecialFunctions.Gamma(x);
    }

    /// <summary>Γ(x) ψ(x).</summary>
    public static double TgammaSlope(double x, double value) => value * Digamma(x);

    /// <summary>ψ(x) = Γ′(x) / Γ(x).</summary>
    public static double Digamma(double x) => x > 0 || double.IsNaN(x) ? GammaFunction.Digamma(x) : x == Math.Floor(x) ? double.NaN : GammaFunction.Digamma(1 - x) - (Math.PI * CosPi(x) / SinPi(x));

    /// <summary>ψ′(x).</summary>
    public static double DigammaSlope(double x, double value) => Trigamma(x);

    /// <summary>ψ′(x).</summary>
    public static double Trigamma(double x)
    {
        if (x > 0 || double.IsNaN(x)) return GammaFunction.Trigamma(x);
        double ratio = Math.PI / SinPi(x);
        return x == Math.Floor(x) ? double.PositiveInfinity : (ratio * ratio) - GammaFunction.Trigamma(1 - x);
    }

    /// <summary>ψ″(x).</summary>
    public static double TrigammaSlope(double x, double value)
    {
        if (x > 0 || double.IsNaN(x)) return GammaFunction.Tetragamma(x);
        double ratio = Math.PI / SinPi(x);
        return GammaFunction.Tetragamma(1 - x) - (2 * ratio * ratio * ratio * CosPi(x));
    }

    /// <summary>The log of the multivariate gamma function, n(n − 1)/4 log π + Σⱼ log Γ(x + (1 − j)/2), j = 1 … n.</summary>
    public static double Lmgamma(double n, double x)
    {
        double sum = 0.25 * n * (n - 1) * LogPi;
        for (int j = 1; j <= n; j++) sum += Lgamma(x + (0.5 * (1 - j)));
        return sum;
    }

    /// <summary>Σⱼ ψ(x + (1 − j)/2); the dimension is an integer.</summary>
    public static void LmgammaSlopes(double n, double x, double value, out double dn, out double dx)
    {
        dn = dx = 0;
        for (int j = 1; j <= n; j++) dx += Digamma(x + (0.5 * (1 - j)));
    }

    private static double Factorial(int n)
    {
        double product = 1;
        for (int k = 2; k <= n; k++) product *= k;
        return product;
    }

    private static double SinPi(double x) => double.SinPi(x);

    private static double CosPi(double x) => double.CosPi(x);
}
