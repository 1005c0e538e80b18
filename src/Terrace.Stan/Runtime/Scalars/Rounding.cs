namespace Terrace.Stan.Runtime.Scalars;

/// <summary>Absolute value, rounding, extremes, remainder and the step function: piecewise linear, with the derivative of the piece (0 at the kink of |x| and on steps).</summary>
internal static class Rounding
{
    /// <summary>|x|.</summary>
    public static double Abs(double x) => Math.Abs(x);

    /// <summary>The sign of x, 0 at 0.</summary>
    public static double AbsSlope(double x, double value) => x > 0 ? 1 : x < 0 ? -1 : x;

    /// <summary>The largest integer not above x.</summary>
    public static double Floor(double x) => Math.Floor(x);

    /// <summary>0.</summary>
    public static double FloorSlope(double x, double value) => 0;

    /// <summary>The smallest integer not below x.</summary>
    public static double Ceil(double x) => Math.Ceiling(x);

    /// <summary>0.</summary>
    public static double CeilSlope(double x, double value) => 0;

    /// <summary>The nearest integer, halves away from zero.</summary>
    public static double Round(double x) => Math.Round(x, MidpointRounding.AwayFromZero);

    /// <summary>0.</summary>
    public static double RoundSlope(double x, double value) => 0;

    /// <summary>The integer part.</summary>
    public static double Trunc(double x) => Math.Truncate(x);

    /// <summary>0.</summary>
    public static double TruncSlope(double x, double value) => 0;

    /// <summary>0 below zero, else 1 (also at 0 and for NaN).</summary>
    public static double Step(double x) => x < 0 ? 0 : 1;

    /// <summary>0.</summary>
    public static double StepSlope(double x, double value) => 0;

    /// <summary>x − y if positive, else 0.</summary>
    public static double Fdim(double x, double y) => x <= y ? 0 : x - y;

    /// <summary>(1, −1) where x exceeds y, else 0.</summary>
    public static void FdimSlopes(double x, double y, double value, out double dx, out double dy)
    {
        dx = x > y ? 1 : 0;
        dy = -dx;
    }

    /// <summary>The smaller; the other if one is NaN.</summary>
    public static double Fmin(double x, double y) => double.IsNaN(x) ? y : y < x ? y : x;

    /// <summary>1 for the smaller.</summary>
    public static void FminSlopes(double x, double y, double value, out double dx, out double dy)
    {
        dy = double.IsNaN(x) || y < x ? 1 : 0;
        dx = 1 - dy;
    }

    /// <summary>The larger; the other if one is NaN.</summary>
    public static double Fmax(double x, double y) => double.IsNaN(x) ? y : y > x ? y : x;

    /// <summary>1 for the larger.</summary>
    public static void FmaxSlopes(double x, double y, double value, out double dx, out double dy)
    {
        dy = double.IsNaN(x) || y > x ? 1 : 0;
        dx = 1 - dy;
    }

    /// <summary>The remainder of x / y with the sign of x.</summary>
    public static double Fmod(double x, double y) => x % y;

    /// <summary>(1, −trunc(x / y)).</summary>
    public static void FmodSlopes(double x, double y, double value, out double dx, out double dy)
    {
        dx = 1;
        dy = -Math.Truncate(x / y);
    }
}
