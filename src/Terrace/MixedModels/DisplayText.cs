using System.Globalization;
using System.Text;
using Terrace.Design;
using Terrace.LinearModels;
using Terrace.Numerics.Distributions;

namespace Terrace.MixedModels;

/// <summary>A mixed model in the short layout of arm's <c>display</c>.</summary>
/// <remarks>
/// <para>The layout is a fact of arm 1.13; Gelman and Hill (2007), section 12.4. DIC = 2 D − D̂ with D the deviance (of a linear model −2 log likelihood of the fit by maximum likelihood, of a generalised one that given the modes) and
/// D̂ = −2 log likelihood, restricted for REML: arm's, reproduced on request; it is no information criterion for generalised models, where it can be negative. Check: DisplayTextTests (arm's output).</para>
/// </remarks>
public static class DisplayText
{
    /// <summary>Writes <paramref name="fit"/>.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="rows">The rows it was fitted to; a REML fit is fitted again by maximum likelihood for the deviance.</param>
    /// <param name="call">The first line, such as <c>lmer(formula = y ~ x + (1 | g), data = d)</c>.</param>
    /// <param name="digits">The digits after the point.</param>
    /// <param name="detail">Whether to show t or z values, and p-values of z.</param>
    /// <param name="cancellation">Ends the work early.</param>
    public static string Of(MixedModelFit fit, ModelRows rows, string call, int digits = 2, bool detail = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var text = new StringBuilder(call).Append('\n');
        AppendCoefficients(text, fit, digits, detail);
        AppendErrorTerms(text, fit, digits);
        string groups = string.Join("; ", fit.Terms.DistinctBy(t => t.Group).Select(t => $"{t.Group}, {t.Levels.Count}"));
        var (deviance, dic) = Deviance(fit, rows, cancellation);
        text.Append(CultureInfo.InvariantCulture, $"---\nnumber of obs: {fit.Rows}, groups: {groups}\n");
        text.Append(CultureInfo.InvariantCulture, $"AIC = {Math.Round(fit.Aic, 1):G6}, DIC = {Math.Round(dic, 1):G7}\ndeviance = {deviance:F1} \n");
        return text.ToString();
    }

    /// <summary>arm's deviance and DIC.</summary>
    public static (double Deviance, double Dic) Deviance(MixedModelFit fit, ModelRows rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        FittedRows.Require(fit, rows);
        double deviance = fit.ConditionalDeviance ?? (fit.Engine == "reml" ? LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = false }, cancellation).Deviance : fit.Deviance);
        return (deviance, 2 * deviance - fit.Deviance);
    }

    private static void AppendCoefficients(StringBuilder text, MixedModelFit fit, int digits, bool detail)
    {
        double[] errors = fit.StandardErrors(), estimates = [.. fit.Estimated.Select(j => fit.Beta[j])];
        double[] own = [.. fit.Estimated.Select(j => errors[j])], ratios = [.. estimates.Select((b, k) => b / own[k])];
        if (estimates.Length == 0) return;
        var columns = new List<(string, double[])> { ("coef.est", estimates), ("coef.se", own) };
        if (detail) columns.Add((fit.Family.HasKnownDispersion ? "z value" : "t value", ratios));
        if (detail && fit.Family.HasKnownDispersion) columns.Add(("Pr(>|z|)", [.. ratios.Select(z => 2 * Normal.UpperTail(Math.Abs(z)))]));
        ArmLayout.Append(text, [.. fit.Estimated.Select(j => fit.FixedNames[j])], columns, digits, asVector: estimates.Length == 1 && !detail);
    }

    private static void AppendErrorTerms(StringBuilder text, MixedModelFit fit, int digits)
    {
        int width = fit.Terms.Max(t => t.TermNames.Count);
        int correlations = width == 1 ? 0 : width;
        string[] deviations = ArmLayout.Format([.. fit.Terms.SelectMany(t => Enumerable.Range(0, t.TermNames.Count).Select(t.StandardDeviation)), fit.Sigma], digits);
        var rows = new List<string[]> { (string[])["Groups", "Name", "Std.Dev.", .. Enumerable.Range(0, correlations).Select(k => k == 0 ? "Corr" : "")] };
        int next = 0;
        foreach (RandomTermFit term in fit.Terms)
        {
            string[][] shown = Correlations(term, correlations, digits);
            for (int j = 0; j < term.TermNames.Count; j++)
                rows.Add([j == 0 ? EstimateAccessors.GroupName(fit, term) : "", term.TermNames[j], deviations[next++], .. shown[j]]);
        }
        rows.Add(["Residual", "", deviations[^1], .. Enumerable.Repeat("", correlations)]);
        text.Append("\nError terms:\n");
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length))];
        foreach (string[] row in rows) text.Append(' ').AppendJoin(' ', row.Select((cell, c) => cell.PadRight(widths[c]))).Append('\n');
    }

    /// <summary>The lower triangle of a term's correlations, all numbers of one width.</summary>
    private static string[][] Correlations(RandomTermFit term, int columns, int digits)
    {
        int k = term.TermNames.Count;
        string[] values = ArmLayout.Format([.. from r in Enumerable.Range(0, k) from c in Enumerable.Range(0, k) select term.Correlation(r, c)], digits);
        return [.. Enumerable.Range(0, k).Select(r => Enumerable.Range(0, columns).Select(c => c < r ? values[r * k + c] : "").ToArray())];
    }
}
