using System.Globalization;
using Terrace.Inference.Tables;

namespace Terrace.LinearModels;

/// <summary>
/// A table of coefficients in the layout of R's summaries: estimates and standard errors with common decimals, statistics to three, p-values, stars. The rules for
/// digits are those that <c>?printCoefmat</c> documents. Pinned by <c>ModelSummaryTests</c> against R's output.
/// </summary>
internal static class CoefficientText
{
    private const int Digits = 4;
    private const int StatisticDigits = 3;

    /// <summary>The lines of the table, header first; <paramref name="statistic"/> is <c>t</c> or <c>z</c>.</summary>
    public static IReadOnlyList<string> Lines(IReadOnlyList<Coefficient> table, string statistic)
    {
        int n = table.Count;
        string[] pairs = Padded(EstimatesAndErrors(table));
        string[] statistics = NumberFormat.Column([.. table.Select(c => Round(c.Statistic, StatisticDigits))], Digits, "NaN");
        string[] pValues = table.All(c => double.IsNaN(c.PValue)) ? [.. table.Select(_ => "NaN")] : PValueText.Column([.. table.Select(c => c.PValue)], StatisticDigits);
        for (int i = 0; i < n; i++)
            if (double.IsNaN(table[i].Estimate)) pairs[i] = pairs[n + i] = statistics[i] = pValues[i] = "NA";
        string[][] columns =
        [
            ["Estimate", .. pairs[..n]], ["Std. Error", .. pairs[n..]], [$"{statistic} value", .. statistics], [$"Pr(>|{statistic}|)", .. pValues],
        ];
        string[] stars = [.. table.Select(c => Stars(c.PValue))];
        bool starred = table.Any(c => c.PValue < 0.1);
        var lines = new List<string>();
        int nameWidth = table.Max(c => c.Term.Length), starWidth = stars.Max(s => s.Length);
        for (int i = 0; i <= n; i++)
        {
            string line = (i == 0 ? "" : table[i - 1].Term).PadRight(nameWidth);
            foreach (string[] column in columns) line += " " + column[i].PadLeft(column.Max(t => t.Length));
            lines.Add(starred ? line + " " + (i == 0 ? "" : stars[i - 1]).PadRight(starWidth) : line);
        }
        if (starred) lines.AddRange(["---", "Signif. codes:  0 ‘***’ 0.001 ‘**’ 0.01 ‘*’ 0.05 ‘.’ 0.1 ‘ ’ 1"]);
        return lines;
    }

    // Estimates, then standard errors, formatted together.
    private static string[] EstimatesAndErrors(IReadOnlyList<Coefficient> table)
    {
        double[] values = [.. table.Select(c => c.Estimate), .. table.Select(c => c.StdError)];
        double[] sizes = [.. values.Where(v => double.IsFinite(v) && v != 0).Select(Math.Abs)];
        int smallest = sizes.Length == 0 ? 1 : 1 + (int)Math.Floor(Math.Log10(sizes.Min()));
        string[] texts = NumberFormat.Column([.. values.Select(v => Round(v, Math.Max(1, Digits - smallest)))], Digits, "NaN");
        int[] vanished = [.. Enumerable.Range(0, values.Length).Where(i => double.IsFinite(values[i]) && values[i] != 0 && double.Parse(texts[i], CultureInfo.InvariantCulture) == 0)];
        string[] shown = NumberFormat.Column([.. vanished.Select(i => values[i])], Digits - 1);
        for (int k = 0; k < vanished.Length; k++) texts[vanished[k]] = shown[k];
        return texts;
    }

    private static string[] Padded(string[] texts)
    {
        int width = texts.Max(t => t.Length);
        return [.. texts.Select(t => t.PadLeft(width))];
    }

    private static double Round(double value, int decimals) =>
        !double.IsFinite(value) || decimals > 15 ? value : Math.Round(value, decimals, MidpointRounding.ToEven);

    private static string Stars(double p) => p switch { <= 0.001 => "***", <= 0.01 => "**", <= 0.05 => "*", <= 0.1 => ".", <= 1 => " ", _ => "" };
}
