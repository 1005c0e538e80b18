using System.Globalization;
using System.Text;
using Terrace.Inference.Posterior;
using Terrace.Inference.Tables;

namespace Terrace.LinearModels;

/// <summary>
/// A fit as text in the layout of R's <c>summary.lm</c> (R Core Team, 2022) and, without the residuals that R 4.3 dropped, <c>summary.glm</c>. Deviation: of fewer than six residual
/// degrees of freedom the quartiles are shown too, not every residual. Pinned by <c>ModelSummaryTests</c> against R's output.
/// </summary>
public static class ModelSummary
{
    private const int Digits = 4;

    /// <summary>The text; <paramref name="call"/> says what was fitted, <paramref name="omittedRows"/> how many rows had missing values. Lines end in \n.</summary>
    public static string Text(GeneralizedLinearModelFit fit, string call, int omittedRows = 0)
    {
        var text = new StringBuilder();
        text.Append("\nCall:\n").Append(call).Append("\n\n");
        if (fit.Linear is not null) AppendResiduals(text, fit);
        AppendCoefficients(text, fit);
        if (fit.Linear is { } linear) AppendLinear(text, fit, linear, omittedRows);
        else AppendGeneralized(text, fit, omittedRows);
        foreach (ModelWarning warning in fit.Warnings) text.Append("Warning (").Append(warning.Code).Append("): ").Append(warning.Message).Append('\n');
        return text.ToString();
    }

    private static void AppendResiduals(StringBuilder text, GeneralizedLinearModelFit fit)
    {
        double[] weights = [.. fit.Observations.RowWeight.Where(w => w > 0)];
        text.Append(weights.Max() > weights.Min() ? "Weighted Residuals:\n" : "Residuals:\n");
        if (fit.ResidualDf == 0)
        {
            text.Append(Invariant($"ALL {fit.Rank} residuals are 0: no residual degrees of freedom!\n\n"));
            return;
        }
        double[] residuals = [.. fit.Diagnostics.Deviance.Where((_, i) => fit.Observations.RowWeight[i] > 0)];
        double[] quartiles = [.. new[] { 0, 0.25, 0.5, 0.75, 1 }.Select(p => SampleQuantile.Of(residuals, p))];
        double largest = quartiles.Max(Math.Abs);
        int decimals = largest > 0 ? Math.Clamp(Digits + 1 - (int)Math.Ceiling(Math.Log10(largest)), 0, 15) : Digits;
        string[] shown = NumberFormat.Column([.. quartiles.Select(q => Math.Round(q, decimals, MidpointRounding.ToEven))], Digits);
        string[] names = ["Min", "1Q", "Median", "3Q", "Max"];
        int width = Math.Max(6, shown.Max(s => s.Length));
        text.Append(string.Concat(names.Select(n => n.PadLeft(width) + " "))).Append('\n');
        text.Append(string.Concat(shown.Select(s => s.PadLeft(width) + " "))).Append("\n\n");
    }

    private static void AppendCoefficients(StringBuilder text, GeneralizedLinearModelFit fit)
    {
        IReadOnlyList<Coefficient> table = fit.Estimates.Table();
        if (table.Count == 0)
        {
            text.Append("No Coefficients\n");
            return;
        }
        int aliased = table.Count - fit.Rank;
        text.Append(aliased > 0 ? Invariant($"Coefficients: ({aliased} not defined because of singularities)\n") : "Coefficients:\n");
        foreach (string line in CoefficientText.Lines(table, fit.Family.HasKnownDispersion ? "z" : "t")) text.Append(line).Append('\n');
    }

    private static void AppendLinear(StringBuilder text, GeneralizedLinearModelFit fit, LinearModelStatistics linear, int omittedRows)
    {
        text.Append(Invariant($"\nResidual standard error: {NumberFormat.Number(linear.Sigma, Digits, "NaN")} on {fit.ResidualDf} degrees of freedom\n"));
        AppendOmitted(text, omittedRows);
        if (linear.FNumeratorDf > 0)
        {
            text.Append(Invariant($"Multiple R-squared:  {General(linear.RSquared)},\tAdjusted R-squared:  {General(linear.AdjustedRSquared)} \n"));
            text.Append(Invariant($"F-statistic: {General(linear.FStatistic)} on {linear.FNumeratorDf} and {linear.FDenominatorDf} DF,  p-value: {PValueText.Column([linear.FPValue], Digits)[0]}\n"));
        }
        text.Append('\n');
    }

    private static void AppendGeneralized(StringBuilder text, GeneralizedLinearModelFit fit, int omittedRows)
    {
        text.Append(Invariant($"\n(Dispersion parameter for {fit.Family.NameInR} family taken to be {NumberFormat.Number(fit.Dispersion, 7, "NaN")})\n\n"));
        string[] deviances = NumberFormat.Column([fit.NullDeviance, fit.Deviance], Digits + 1);
        string[] dfs = [fit.NullDf.ToString(CultureInfo.InvariantCulture), fit.ResidualDf.ToString(CultureInfo.InvariantCulture)];
        int width = deviances.Max(d => d.Length), dfWidth = dfs.Max(d => d.Length);
        string[] names = ["    Null", "Residual"];
        for (int i = 0; i < 2; i++) text.Append(Invariant($"{names[i]} deviance: {deviances[i].PadLeft(width)}  on {dfs[i].PadLeft(dfWidth)}  degrees of freedom\n"));
        AppendOmitted(text, omittedRows);
        text.Append(Invariant($"AIC: {NumberFormat.Number(fit.Aic, Digits + 1)}\n\nNumber of Fisher Scoring iterations: {fit.Iterations}\n\n"));
    }

    private static void AppendOmitted(StringBuilder text, int omittedRows)
    {
        if (omittedRows > 0) text.Append(Invariant($"  ({omittedRows} observation{(omittedRows == 1 ? "" : "s")} deleted due to missingness)\n"));
    }

    // C's %.4g.
    private static string General(double value) => value.ToString("G" + Digits, CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
