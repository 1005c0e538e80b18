using System.Globalization;

namespace Terrace.Inference.Tables;

/// <summary>
/// Formats a column of numbers together, as R prints a vector: with the fewest decimals that show every number to a given count of significant digits (less
/// its trailing zeros), and in scientific notation throughout where that is narrower.
/// <para>For x ≈ d.ddd × 10ᵏ with s digits after dropping zeros: decimals = max(0, max(s − k − 1)); fixed width = sign + max(1, k + 1) + point + decimals;
/// scientific width = sign + mantissa + exponent; fixed if not wider.</para>
/// <para>k: <see cref="Shape.Exponent"/>, s: <see cref="Shape.Digits"/>.</para>
/// <para>R Core Team, R Language Definition and <c>?print.default</c>, <c>?options</c> (digits, scipen = 0). Deviation: a number that lies half way between two
/// roundings follows its exact binary value. Pinned by <c>NumberFormatTests</c> against R's output.</para>
/// </summary>
public static class NumberFormat
{
    /// <summary>The text of each number, not padded; <paramref name="missing"/> for NaN.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The digits are not between 1 and 22.</exception>
    public static string[] Column(IReadOnlyList<double> values, int digits = 7, string missing = "NA")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, 22);
        string format = CommonFormat(values, digits);
        var texts = new string[values.Count];
        for (int i = 0; i < texts.Length; i++) texts[i] = Text(values[i], format, missing);
        return texts;
    }

    /// <summary>The text of one number on its own.</summary>
    public static string Number(double value, int digits = 7, string missing = "NA") => Column([value], digits, missing)[0];

    private static string CommonFormat(IReadOnlyList<double> values, int digits)
    {
        int decimals = 0, left = 1, mantissa = 1, exponentWidth = 2;
        foreach (double value in values)
        {
            if (!double.IsFinite(value)) continue;
            Shape shape = Shape.Of(value, digits);
            int sign = value < 0 ? 1 : 0;
            decimals = Math.Max(decimals, shape.Digits - shape.Exponent - 1);
            left = Math.Max(left, Math.Max(1, shape.Exponent + 1) + sign);
            mantissa = Math.Max(mantissa, shape.Digits);
            if (Math.Abs(shape.Exponent) >= 100) exponentWidth = 3;
        }
        int widestSign = values.Any(v => v < 0 && double.IsFinite(v)) ? 1 : 0;
        int fixedWidth = left + (decimals > 0 ? decimals + 1 : 0);
        int scientificWidth = widestSign + mantissa + (mantissa > 1 ? 1 : 0) + 2 + exponentWidth;
        if (fixedWidth <= scientificWidth) return "F" + decimals.ToString(CultureInfo.InvariantCulture);
        string digitsAfterPoint = new('0', mantissa - 1);
        return (mantissa > 1 ? "0." + digitsAfterPoint : "0") + "e+" + new string('0', exponentWidth);
    }

    private static string Text(double value, string format, string missing)
    {
        if (double.IsNaN(value)) return missing;
        if (double.IsInfinity(value)) return value > 0 ? "Inf" : "-Inf";
        string text = value.ToString(format, CultureInfo.InvariantCulture);
        return value == 0 && text[0] == '-' ? text[1..] : text;
    }

    /// <summary>A number as d.ddd × 10^Exponent with so many digits, trailing zeros dropped.</summary>
    private readonly record struct Shape(int Exponent, int Digits)
    {
        public static Shape Of(double value, int digits)
        {
            if (value == 0) return new Shape(0, 1);
            string text = Math.Abs(value).ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            int e = text.IndexOf('E');
            string mantissa = text[..e].Replace(".", "", StringComparison.Ordinal).TrimEnd('0');
            return new Shape(int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), Math.Max(1, mantissa.Length));
        }
    }
}
