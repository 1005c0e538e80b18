using System.Globalization;

namespace Terrace.MixedModels;

/// <summary>Numbers of one column with a common number of decimals, chosen as R's <c>format(x, digits)</c> does: as many as the number that needs most, at most so many significant digits.</summary>
/// <remarks>Trailing zeros that all share are dropped. Check: SummaryTextTests (lme4's printed layout).</remarks>
internal static class SignificantDigits
{
    /// <summary>The texts, padded on the left to a common width.</summary>
    public static string[] Format(IReadOnlyList<double> values, int digits)
    {
        int decimals = values.Where(double.IsFinite).Select(v => Decimals(v, digits)).DefaultIfEmpty(0).Max();
        return Pad([.. values.Select(v => double.IsFinite(v) ? v.ToString("F" + decimals, CultureInfo.InvariantCulture) : "NA")]);
    }

    /// <summary>Pads on the left to a common width.</summary>
    public static string[] Pad(string[] texts)
    {
        int width = texts.Max(t => t.Length);
        return [.. texts.Select(t => t.PadLeft(width))];
    }

    /// <summary>The decimals that show <paramref name="value"/> to so many significant digits, less trailing zeros.</summary>
    private static int Decimals(double value, int digits)
    {
        if (value == 0) return 0;
        string text = Math.Abs(value).ToString("E" + (digits - 1), CultureInfo.InvariantCulture);
        int exponent = int.Parse(text[(text.IndexOf('E', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
        int significant = text[..text.IndexOf('E', StringComparison.Ordinal)].Replace(".", "", StringComparison.Ordinal).TrimEnd('0').Length;
        return Math.Clamp(significant - 1 - exponent, 0, 12);
    }
}
