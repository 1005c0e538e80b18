using Terrace.Inference.Tables;

namespace Terrace.LinearModels;

/// <summary>
/// P-values as R's <c>format.pval</c> shows them: values from 0.0001 and smaller ones are formatted apart, and below machine epsilon it says so ("&lt; 2e-16").
/// Pinned by <c>ModelSummaryTests</c> against R's output.
/// </summary>
internal static class PValueText
{
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>The text of each p-value, with so many significant digits; <c>NA</c> for NaN.</summary>
    public static string[] Column(IReadOnlyList<double> values, int digits)
    {
        var texts = new string[values.Count];
        int smallestFixed = digits > 1 ? -4 : -3;
        Fill(texts, values, v => v >= Epsilon && Math.Floor(Math.Log10(v)) >= smallestFixed, digits);
        Fill(texts, values, v => v >= Epsilon && Math.Floor(Math.Log10(v)) < smallestFixed, digits);
        int width = texts.Max(t => t?.Length ?? 0);
        for (int i = 0; i < texts.Length; i++) texts[i] ??= double.IsNaN(values[i]) ? "NA" : Tiny(width, digits);
        return texts;
    }

    private static void Fill(string[] texts, IReadOnlyList<double> values, Func<double, bool> chosen, int digits)
    {
        int[] places = [.. Enumerable.Range(0, texts.Length).Where(i => chosen(values[i]))];
        string[] shown = NumberFormat.Column([.. places.Select(i => values[i])], digits);
        for (int k = 0; k < places.Length; k++) texts[places[k]] = shown[k];
    }

    // "<2e-16" where the other texts are short, "< 2e-16" where they are long, as R decides it.
    private static string Tiny(int width, int digits)
    {
        int left = Math.Max(1, digits - 2);
        if (width > 0 && left > 1 && left + 6 > width) left = Math.Max(1, width - 7);
        string separator = left == 1 && width <= 6 ? "" : " ";
        return "<" + separator + NumberFormat.Number(Epsilon, left);
    }
}
