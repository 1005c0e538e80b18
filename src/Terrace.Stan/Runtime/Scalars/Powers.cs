namespace Terrace.Stan.Runtime.Scalars;

/// <summary>Roots, powers and products with their derivatives.</summary>
internal static class Powers
{
    private const double LogTwo = 0.6931471805599453;

    /// <summary>√x.</summary>
    public static double Sqrt(double x) => Math.Sqrt(x);

    /// <summary>1 / (2√x).</summary>
    public static double SqrtSlope(double x, double value) => 0.5 / value;

    /// <summary>The cube root.</summary>
    public static double Cbrt(double x) => Math.Cbrt(x);

    /// <summary>1 / (3 value²).</summary>
    public static double CbrtSlope(double x, double value) => 1 / (3 * value * value);

    /// <summary>x².</summary>
    public static double Square(double x) => x * x;

    /// <summary>2x.</summary>
    public static double SquareSlope(double x, double value) => x + x;

    /// <summary>1 / x.</summary>
    public static double Inv(double x) => 1 / x;

    /// <summary>−1 / x².</summary>
    public static double InvSlope(double x, double value) => -value * value;

    /// <summary>1 / √x.</summary>
    public static double InvSqrt(double x) => 1 / Math.Sqrt(x);

    /// <summary>−value / (2x).</summary>
    public static double InvSqrtSlope(double x, double value) => -0.5 * value / x;

    /// <summary>1 / x².</summary>
    public static double InvSquare(double x) => 1 / (x * x);

    /// <summary>−2 value / x.</summary>
    public static double InvSquareSlope(double x, double value) => -2 * value / x;

    /// <summary>eˣ.</summary>
    public static double Exp(double x) => Math.Exp(x);

    /// <summary>eˣ.</summary>
    public static double ExpSlope(double x, double value) => value;

    /// <summary>2ˣ.</summary>
    public static double Exp2(double x) => Math.Pow(2, x);

    /// <summary>2ˣ log 2.</summary>
    public static double Exp2Slope(double x, double value) => value * LogTwo;

    /// <summary>eˣ − 1, accurate near 0.</summary>
    public static double Expm1(double x) => Numerics.SpecialFunctions.LogisticFunction.Expm1(x);

    /// <summary>eˣ.</summary>
    public static double Expm1Slope(double x, double value) => value + 1;

    /// <summary>xʸ.</summary>
    public static double Pow(double x, double y) => y == 2 ? x * x : Math.Pow(x, y);

    /// <summary>(y xʸ⁻¹, xʸ log x); the second is 0 at x = 0 for y &gt; 0, its limit.</summary>
    public static void PowSlopes(double x, double y, double value, out double dx, out double dy)
    {
        dx = y == 2 ? x + x : y == 0 ? 0 : x == 0 ? y * Math.Pow(x, y - 1) : y * value / x;
        if (double.IsInfinity(dx) && x != 0) dx = y * Math.Pow(x, y - 1);
        dy = value == 0 && x == 0 ? 0 : value * Math.Log(x);
    }

    /// <summary>√(x² + y²) without overflow.</summary>
    public static double Hypot(double x, double y) => double.Hypot(x, y);

    /// <summary>(x, y) / value.</summary>
    public static void HypotSlopes(double x, double y, double value, out double dx, out double dy)
    {
        dx = x / value;
        dy = y / value;
    }

    /// <summary>x 2ⁿ for an integer n.</summary>
    public static double Ldexp(double x, double n) => Math.ScaleB(x, (int)n);

    /// <summary>(2ⁿ, 0): the exponent is an integer.</summary>
    public static void LdexpSlopes(double x, double n, double value, out double dx, out double dn)
    {
        dx = Math.ScaleB(1, (int)n);
        dn = 0;
    }

    /// <summary>x y + z with one rounding.</summary>
    public static double Fma(double x, double y, double z) => Math.FusedMultiplyAdd(x, y, z);

    /// <summary>(y, x, 1).</summary>
    public static void FmaSlopes(double x, double y, double z, double value, out double dx, out double dy, out double dz)
    {
        dx = y;
        dy = x;
        dz = 1;
    }
}
