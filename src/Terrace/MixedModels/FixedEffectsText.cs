using System.Text;
using Terrace.LinearModels;
using Terrace.Numerics.Distributions;

namespace Terrace.MixedModels;

/// <summary>The table of fixed effects of a mixed model's summary: z tests of generalised models, t values of linear ones, and t tests where degrees of freedom are given.</summary>
/// <remarks>The columns and their digits are facts of the printed summaries of lme4 (Bates et al. 2015, section 5.2) and lmerTest (Kuznetsova et al. 2017, section 3), which round
/// estimates, standard errors and degrees of freedom together. Check: SummaryTextTests.</remarks>
internal static class FixedEffectsText
{
    private const int Digits = 4;

    /// <summary>Appends the table.</summary>
    public static void Append(StringBuilder text, MixedModelFit fit, CoefficientTests? tests)
    {
        if (fit.Estimated.Count == 0) return;
        int n = fit.Estimated.Count;
        IReadOnlyList<double> all = tests?.StandardErrors ?? fit.StandardErrors();
        double[] estimates = [.. fit.Estimated.Select(j => fit.Beta[j])], errors = [.. fit.Estimated.Select(j => all[j])];
        double[] degrees = tests is null ? [] : [.. fit.Estimated.Select(j => tests.DegreesOfFreedom[j])];
        double[] statistics = [.. estimates.Zip(errors, (b, e) => b / e)];
        string[] rounded = Together([.. estimates, .. errors, .. degrees]);
        bool normal = QuadratureEngine.PointsOf(fit.Engine) is not null;
        var columns = new List<string[]>
        {
            Column("", [.. fit.Estimated.Select(j => fit.FixedNames[j])], false),
            Column("Estimate", rounded[..n], true),
            Column("Std. Error", rounded[n..(2 * n)], true),
        };
        if (tests is not null) columns.Add(Column("df", rounded[(2 * n)..], true));
        columns.Add(Column(normal ? "z value" : "t value", SignificantDigits.Format([.. statistics.Select(s => Math.Round(s, 3))], Digits), true));
        double[] p = normal ? [.. statistics.Select(s => 2 * Normal.Cdf(-Math.Abs(s)))] : tests is null ? [] : [.. fit.Estimated.Select(tests.PValue)];
        if (p.Length > 0)
        {
            columns.Add(Column(normal ? "Pr(>|z|)" : "Pr(>|t|)", PValueText.Column(p, Digits - 1), true));
            columns.Add(Column("", [.. p.Select(Stars)], false));
        }
        text.Append("Fixed effects:\n");
        for (int i = 0; i <= n; i++) text.AppendJoin(' ', columns.Select(c => c[i])).Append('\n');
        if (p.Length > 0) text.Append("---\nSignif. codes:  0 ‘***’ 0.001 ‘**’ 0.01 ‘*’ 0.05 ‘.’ 0.1 ‘ ’ 1\n");
    }

    /// <summary>A header and cells padded to one width.</summary>
    public static string[] Column(string header, string[] cells, bool right)
    {
        int width = cells.Select(c => c.Length).Append(header.Length).Max();
        return [.. cells.Prepend(header).Select(c => right ? c.PadLeft(width) : c.PadRight(width))];
    }

    /// <summary>Numbers with common decimals, so many that the smallest has its digits.</summary>
    private static string[] Together(double[] values)
    {
        double smallest = values.Where(v => v != 0 && double.IsFinite(v)).Select(Math.Abs).DefaultIfEmpty(1).Min();
        int decimals = Math.Clamp(Digits - 1 - (int)Math.Floor(Math.Log10(smallest)), 1, 12);
        return SignificantDigits.Format([.. values.Select(v => Math.Round(v, decimals))], Digits);
    }

    private static string Stars(double p) => p switch { < 0.001 => "***", < 0.01 => "**", < 0.05 => "*", < 0.1 => ".", _ => "" };
}
