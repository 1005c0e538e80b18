using System.Globalization;
using System.Text;
using Terrace.Numerics.Distributions;

namespace Terrace.LinearModels;

/// <summary>A linear or generalised linear model in the short layout of arm's <c>display</c> (Gelman and Hill 2007, section 3.4). Check: DisplayTextTests.</summary>
public static class LinearDisplayText
{
    /// <summary>Writes <paramref name="fit"/>; <paramref name="call"/> is the first line, <paramref name="digits"/> those after the point, and <paramref name="detail"/> adds t or z values with their p-values.</summary>
    public static string Of(GeneralizedLinearModelFit fit, string call, int digits = 2, bool detail = false)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var text = new StringBuilder(call).Append('\n');
        var table = fit.Estimates.Table().Where(row => !double.IsNaN(row.Estimate)).ToArray();
        bool known = fit.Family.HasKnownDispersion;
        var columns = new List<(string, double[])> { ("coef.est", [.. table.Select(r => r.Estimate)]), ("coef.se", [.. table.Select(r => r.StdError)]) };
        if (detail)
        {
            double[] ratios = [.. table.Select(r => r.Estimate / r.StdError)];
            columns.Add((known ? "z value" : "t value", ratios));
            columns.Add((known ? "Pr(>|z|)" : "Pr(>|t|)", [.. ratios.Select(t => 2 * (known ? Normal.UpperTail(Math.Abs(t)) : StudentT.UpperTail(Math.Abs(t), fit.ResidualDf)))]));
        }
        if (table.Length > 0) ArmLayout.Append(text, [.. table.Select(r => r.Term)], columns, digits, asVector: table.Length == 1 && !detail);
        text.Append("---\n");
        if (fit.Linear is { } linear) text.Append(CultureInfo.InvariantCulture, $"n = {fit.Rows}, k = {fit.Rank}\nresidual sd = {ArmLayout.Format([Math.Sqrt(fit.Dispersion)], digits)[0]}, R-Squared = {linear.RSquared:F2}\n");
        else AppendDeviances(text, fit);
        return text.ToString();
    }

    private static void AppendDeviances(StringBuilder text, GeneralizedLinearModelFit fit)
    {
        text.Append(CultureInfo.InvariantCulture, $"  n = {fit.Rows}, k = {fit.Rank}\n  residual deviance = {fit.Deviance:F1}, null deviance = {fit.NullDeviance:F1} (difference = {fit.NullDeviance - fit.Deviance:F1})\n");
        if (fit.Family.HasKnownDispersion) return;
        text.Append(CultureInfo.InvariantCulture, $"  overdispersion parameter = {fit.Dispersion:F1}\n");
        if (fit.Family.IsGaussian) text.Append(CultureInfo.InvariantCulture, $"  residual sd is sqrt(overdispersion) = {Math.Sqrt(fit.Dispersion):F2}\n");
    }
}
