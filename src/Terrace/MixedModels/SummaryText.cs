using System.Globalization;
using System.Text;

namespace Terrace.MixedModels;

/// <summary>The summary of a mixed model as text, in the layout that users of lme4 know, and of lmerTest where there are degrees of freedom.</summary>
/// <remarks>The layout is a fact of lme4's <c>print(summary(fit))</c> (Bates et al. 2015, section 5.2) and lmerTest's (Kuznetsova et al. 2017, section 3); warnings follow in our words. Check: SummaryTextTests.</remarks>
public static class SummaryText
{
    private const int Digits = 4;

    /// <summary>Writes the summary of <paramref name="fit"/>; <paramref name="formula"/> and <paramref name="data"/> are shown as given. With <paramref name="tests"/> the fixed effects have degrees of freedom and p-values.</summary>
    public static string Of(MixedModelFit fit, string formula, string data, CoefficientTests? tests = null) => Of(fit, Title(fit, tests), formula, data, tests);

    /// <summary>The summary under another title.</summary>
    internal static string Of(MixedModelFit fit, string title, string formula, string data, CoefficientTests? tests)
    {
        var text = new StringBuilder(title);
        AppendHeader(text, fit, formula, data);
        AppendResiduals(text, fit);
        AppendRandomEffects(text, fit);
        FixedEffectsText.Append(text, fit, tests);
        AppendCorrelations(text, fit);
        if (fit.Factorisation == Factorisation.Sparse) text.Append("The random effects were solved for by a sparse factorisation, which is exact.\n");
        foreach (var warning in fit.Warnings) text.Append(warning.Message).Append('\n');
        return text.ToString();
    }

    private static string Title(MixedModelFit fit, CoefficientTests? tests) => (fit.Engine, tests?.Method) switch
    {
        ("reml", { } method) => $"Linear mixed model fit by REML. t-tests use {Named(method)}'s method [\nlmerModLmerTest]\n",
        ("ml", { } method) => $"Linear mixed model fit by maximum likelihood . t-tests use {Named(method)}'s\n  method [lmerModLmerTest]\n",
        ("reml", _) => "Linear mixed model fit by REML ['lmerMod']\n",
        ("ml", _) => "Linear mixed model fit by maximum likelihood  ['lmerMod']\n",
        ("laplace", _) => "Generalized linear mixed model fit by maximum likelihood (Laplace\n  Approximation) [glmerMod]\n",
        _ => $"Generalized linear mixed model fit by maximum likelihood (Adaptive\n  Gauss-Hermite Quadrature, nAGQ = {QuadratureEngine.PointsOf(fit.Engine)}) [glmerMod]\n",
    };

    private static void AppendHeader(StringBuilder text, MixedModelFit fit, string formula, string data)
    {
        if (QuadratureEngine.PointsOf(fit.Engine) is not null) text.Append(CultureInfo.InvariantCulture, $" Family: {fit.Family.NameInR}  ( {fit.Family.Link.Name} )\n");
        text.Append(CultureInfo.InvariantCulture, $"Formula: {formula}\n   Data: {data}\n\n");
        if (fit.RemlCriterion is { } criterion)
        {
            text.Append(CultureInfo.InvariantCulture, $"REML criterion at convergence: {Math.Round(criterion, 1)}\n\n");
            return;
        }
        string[] names = ["AIC", "BIC", "logLik", "deviance", "df.resid"];
        string[] values = [One(fit.Aic), One(fit.Bic), One(fit.LogLikelihood), One(fit.Deviance), fit.ResidualDegreesOfFreedom.ToString(CultureInfo.InvariantCulture)];
        AppendAligned(text, names, values);
        text.Append('\n');
    }

    private static void AppendResiduals(StringBuilder text, MixedModelFit fit)
    {
        if (!fit.HasRowValues) return;
        double[] sorted = [.. fit.PearsonResiduals().Order()];
        double[] quantiles = [.. new[] { 0, 0.25, 0.5, 0.75, 1 }.Select(p => Quantile(sorted, p))];
        int decimals = Math.Clamp(Digits + 1 - (int)Math.Ceiling(Math.Log10(quantiles.Max(Math.Abs) + 1e-300)), 0, 12);
        text.Append("Scaled residuals: \n");
        AppendAligned(text, ["Min", "1Q", "Median", "3Q", "Max"], SignificantDigits.Format([.. quantiles.Select(q => Math.Round(q, decimals))], Digits));
        text.Append('\n');
    }

    private static void AppendRandomEffects(StringBuilder text, MixedModelFit fit)
    {
        var rows = fit.Terms.SelectMany(t => Enumerable.Range(0, t.TermNames.Count).Select(j => (Term: t, Component: j))).ToArray();
        bool residual = !fit.Family.HasKnownDispersion;
        string[] variances = SignificantDigits.Format([.. rows.Select(r => r.Term.Covariance[r.Component, r.Component]), .. residual ? [fit.Sigma * fit.Sigma] : Array.Empty<double>()], Digits);
        string[] deviations = SignificantDigits.Format([.. rows.Select(r => r.Term.StandardDeviation(r.Component)), .. residual ? [fit.Sigma] : Array.Empty<double>()], Digits);
        int correlations = fit.Terms.Max(t => t.TermNames.Count) - 1;
        string[] header = ["Groups", "Name", "Variance", "Std.Dev."];
        var cells = new List<string[]> { correlations == 0 ? header : [.. header, "Corr", .. Enumerable.Repeat("", correlations - 1)] };
        for (int i = 0; i < rows.Length; i++)
        {
            string[] shown = [.. Enumerable.Range(0, correlations).Select(c => c < rows[i].Component ? Correlation(rows[i].Term.Correlation(rows[i].Component, c)) : "")];
            cells.Add([rows[i].Component == 0 ? GroupName(fit, rows[i].Term) : "", rows[i].Term.TermNames[rows[i].Component], variances[i], deviations[i], .. shown]);
        }
        if (residual) cells.Add(["Residual", "", variances[^1], deviations[^1], .. Enumerable.Repeat("", correlations)]);
        text.Append("Random effects:\n");
        PadCorrelations(cells, header.Length);
        int[] widths = [.. Enumerable.Range(0, cells[0].Length).Select(c => cells.Max(r => r[c].Length))];
        foreach (string[] row in cells) text.Append(' ').AppendJoin(' ', row.Select((cell, c) => cell.PadRight(widths[c]))).Append('\n');
        string groups = string.Join("; ", fit.Terms.GroupBy(t => t.Group).Select(g => $"{g.Key}, {g.First().Levels.Count}"));
        text.Append(CultureInfo.InvariantCulture, $"Number of obs: {fit.Rows}, groups:  {groups}\n\n");
    }

    /// <summary>Numbers of a column of correlations share their width.</summary>
    private static void PadCorrelations(List<string[]> cells, int first)
    {
        for (int c = first; c < cells[0].Length; c++)
        {
            int width = cells.Skip(1).Max(r => r[c].Length);
            foreach (string[] row in cells.Skip(1)) row[c] = row[c].PadLeft(width);
        }
    }

    private static void AppendCorrelations(StringBuilder text, MixedModelFit fit)
    {
        int p = fit.Estimated.Count;
        if (p is < 2 or > 20) return;
        double Correlation(int i, int j) => fit.BetaCovariance[i, j] / Math.Sqrt(fit.BetaCovariance[i, i] * fit.BetaCovariance[j, j]);
        var columns = new List<string[]> { FixedEffectsText.Column("", [.. Enumerable.Range(1, p - 1).Select(i => Abbreviation.Of(fit.FixedNames[fit.Estimated[i]], 11))], false) };
        for (int j = 0; j < p - 1; j++)
        {
            int own = j;
            string[] values = [.. Enumerable.Range(1, p - 1).Select(i => i > own ? Correlation(i, own).ToString("F3", CultureInfo.InvariantCulture) : "")];
            columns.Add(FixedEffectsText.Column(Abbreviation.Of(fit.FixedNames[fit.Estimated[j]], 6), SignificantDigits.Pad(values), false));
        }
        text.Append("\nCorrelation of Fixed Effects:\n");
        for (int i = 0; i < p; i++) text.AppendJoin(' ', columns.Select(c => c[i])).Append('\n');
    }

    private static void AppendAligned(StringBuilder text, string[] names, string[] values)
    {
        int width = names.Concat(values).Max(s => s.Length);
        foreach (string name in names) text.Append(name.PadLeft(width)).Append(' ');
        text.Append('\n');
        foreach (string value in values) text.Append(value.PadLeft(width)).Append(' ');
        text.Append('\n');
    }

    private static string Named(DegreesOfFreedomMethod method) => method == DegreesOfFreedomMethod.Satterthwaite ? "Satterthwaite" : "Kenward-Roger";

    private static string GroupName(MixedModelFit fit, RandomTermFit term)
    {
        int before = fit.Terms.TakeWhile(t => t != term).Count(t => t.Group == term.Group);
        return before == 0 ? term.Group : $"{term.Group}.{before}";
    }

    private static string Correlation(double value) => double.IsNaN(value) ? "NaN" : value.ToString("F2", CultureInfo.InvariantCulture);

    private static string One(double value) => value.ToString("F1", CultureInfo.InvariantCulture);

    private static double Quantile(double[] sorted, double p)
    {
        double position = p * (sorted.Length - 1);
        int below = (int)position;
        return below + 1 < sorted.Length ? sorted[below] + (position - below) * (sorted[below + 1] - sorted[below]) : sorted[^1];
    }
}
