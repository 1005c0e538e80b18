namespace Terrace.Stan.Runtime.Scalars;

/// <summary>Circular and hyperbolic functions, their inverses, and their derivatives (Abramowitz and Stegun 1964, 4.3–4.6).</summary>
internal static class Trigonometry
{
    /// <summary>sin x.</summary>
    public static double Sin(double x) => Math.Sin(x);

    /// <summary>cos x.</summary>
    public static double SinSlope(double x, double value) => Math.Cos(x);

    /// <summary>cos x.</summary>
    public static double Cos(double x) => Math.Cos(x);

    /// <summary>−sin x.</summary>
    public static double CosSlope(double x, double value) => -Math.Sin(x);

    /// <summary>tan x.</summary>
    public static double Tan(double x) => Math.Tan(x);

    /// <summary>1 + tan²x.</summary>
    public static double TanSlope(double x, double value) => 1 + (value * value);

    /// <summary>arcsin x.</summary>
    public static double Asin(double x) => Math.Asin(x);

    /// <summary>1 / √(1 − x²).</summary>
    public static double AsinSlope(double x, double value) => 1 / Math.Sqrt((1 - x) * (1 + x));

    /// <summary>arccos x.</summary>
    public static double Acos(double x) => Math.Acos(x);

    /// <summary>−1 / √(1 − x²).</summary>
    public static double AcosSlope(double x, double value) => -1 / Math.Sqrt((1 - x) * (1 + x));

    /// <summary>arctan x.</summary>
    public static double Atan(double x) => Math.Atan(x);

    /// <summary>1 / (1 + x²).</summary>
    public static double AtanSlope(double x, double value) => 1 / (1 + (x * x));

    /// <summary>The angle of the point (x, y).</summary>
    public static double Atan2(double y, double x) => Math.Atan2(y, x);

    /// <summary>(x, −y) / (x² + y²).</summary>
    public static void Atan2Slopes(double y, double x, double value, out double dy, out double dx)
    {
        double square = (x * x) + (y * y);
        dy = x / square;
        dx = -y / square;
    }

    /// <summary>sinh x.</summary>
    public static double Sinh(double x) => Math.Sinh(x);

    /// <summary>cosh x.</summary>
    public static double SinhSlope(double x, double value) => Math.Cosh(x);

    /// <summary>cosh x.</summary>
    public static double Cosh(double x) => Math.Cosh(x);

    /// <summary>sinh x.</summary>
    public static double CoshSlope(double x, double value) => Math.Sinh(x);

    /// <summary>tanh x.</summary>
    public static double Tanh(double x) => Math.Tanh(x);

    /// <summary>1 / cosh²x.</summary>
    public static double TanhSlope(double x, double value)
    {
        double cosh = Math.Cosh(x);
        return 1 / (cosh * cosh);
    }

    /// <summary>The inverse of sinh.</summary>
    public static double Asinh(double x) => Math.Asinh(x);

    /// <summary>1 / √(x² + 1).</summary>
    public static double AsinhSlope(double x, double value) => 1 / double.Hypot(x, 1);

    /// <summary>The inverse of cosh, NaN below 1.</summary>
    public static double Acosh(double x) => Math.Acosh(x);

    /// <summary>1 / √(x² − 1).</summary>
    public static double AcoshSlope(double x, double value) => 1 / (Math.Sqrt(x - 1) * Math.Sqrt(x + 1));

    /// <summary>The inverse of tanh, NaN outside −1 … 1.</summary>
    public static double Atanh(double x) => Math.Atanh(x);

    /// <summary>1 / (1 − x²).</summary>
    public static double AtanhSlope(double x, double value) => 1 / ((1 - x) * (1 + x));
}
