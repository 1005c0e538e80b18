namespace Terrace.Formulas;

/// <summary>
/// Rounds to a number of decimal digits as R does since version 4.0: to the nearer of the two neighbouring decimal numbers as they are represented, and of two equally
/// near ones to the one with an even last digit.
/// </summary>
/// <remarks>
/// <para>round(0.15, 1) is 0.1, since 0.15 as represented lies below the middle; scaling by 10 first, as <see cref="Math.Round(double, int)"/> does, loses that.</para>
/// <para>The rule is the one that R's manual page of <c>round</c> documents. Check: ExpressionEvaluatorTests.</para>
/// </remarks>
internal static class DecimalRounding
{
    private const int SignificantDigits = 15;

    /// <summary>Rounds <paramref name="x"/>; negative digits round to tens, hundreds and so on.</summary>
    public static double Round(double x, int digits)
    {
        if (!double.IsFinite(x) || x == 0 || digits > SignificantDigits - (int)Math.Ceiling(Math.Log10(Math.Abs(x)))) return x;
        if (digits == 0) return Math.Round(x, MidpointRounding.ToEven);
        double unit = Math.Pow(10, Math.Abs(digits)), size = Math.Abs(x);
        double steps = Math.Floor(digits > 0 ? size * unit : size / unit);
        double below = Value(steps, unit, digits), above = Value(steps + 1, unit, digits);
        double excess = (size - below) - (above - size);
        bool up = excess > 0 || (excess == 0 && steps % 2 == 1);
        return Math.CopySign(up ? above : below, x);
    }

    private static double Value(double steps, double unit, int digits) => digits > 0 ? steps / unit : steps * unit;
}
