using System.Globalization;
using System.Text;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.Numerics.Distributions;

namespace Terrace.DistributionalModels;

/// <summary>The summary of a distributional model as text, in the order that users of glmmTMB know: fit statistics, random effects, parameters of the distribution, one table of coefficients a component.</summary>
/// <remarks>The order is a fact of glmmTMB's printed summaries (Brooks et al. 2017, section 3); the words and columns are those of our other summaries. Check: DistributionalSummaryTextTests.</remarks>
public static class DistributionalSummaryText
{
    private const int Digits = 4;

    /// <summary>Writes the summary of <paramref name="fit"/>; the formulas and <paramref name="data"/> are shown as given.</summary>
    public static string Of(DistributionalModelFit fit, string formula, IReadOnlyDictionary<string, string> componentFormulas, string data)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var text = new StringBuilder();
        text.Append(fit.Terms.Count > 0 ? "Mixed model fit by maximum likelihood (Laplace approximation)\n" : "Model fit by maximum likelihood\n");
        text.Append(CultureInfo.InvariantCulture, $" Family: {fit.Family.Name}  ( {fit.Family.Link.Name} )\nFormula: {formula}\n");
        foreach ((string component, string own) in componentFormulas) text.Append(CultureInfo.InvariantCulture, $"   {Title(component)}: {own}\n");
        text.Append(CultureInfo.InvariantCulture, $"   Data: {data}\n\n");
        AppendStatistics(text, fit);
        AppendRandomEffects(text, fit);
        AppendParameters(text, fit);
        foreach (ComponentFit component in fit.Components.Where(component => component.HasFormula && component.Names.Count > 0)) AppendCoefficients(text, fit, component);
        foreach (ModelWarning warning in fit.Warnings) text.Append(warning.Message).Append('\n');
        return text.ToString();
    }

    private static void AppendStatistics(StringBuilder text, DistributionalModelFit fit)
    {
        string[] names = ["AIC", "BIC", "logLik", "deviance", "df.resid"];
        string[] values = [.. new[] { fit.Aic, fit.Bic, fit.LogLikelihood, fit.Deviance }.Select(value => value.ToString("F1", CultureInfo.InvariantCulture)), fit.ResidualDegreesOfFreedom.ToString(CultureInfo.InvariantCulture)];
        int width = names.Concat(values).Max(word => word.Length);
        text.AppendJoin(' ', names.Select(name => name.PadLeft(width))).Append('\n').AppendJoin(' ', values.Select(value => value.PadLeft(width))).Append("\n\n");
    }

    private static void AppendRandomEffects(StringBuilder text, DistributionalModelFit fit)
    {
        if (fit.Terms.Count == 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"Number of obs: {fit.Rows}\n\n");
            return;
        }
        var rows = fit.Terms.SelectMany(term => Enumerable.Range(0, term.TermNames.Count).Select(j => (Term: term, Component: j))).ToArray();
        var columns = new List<string[]>
        {
            FixedEffectsText.Column("Groups", [.. rows.Select(row => row.Component == 0 ? row.Term.Group : "")], false),
            FixedEffectsText.Column("Name", [.. rows.Select(row => row.Term.TermNames[row.Component])], false),
            FixedEffectsText.Column("Variance", SignificantDigits.Format([.. rows.Select(row => row.Term.Covariance[row.Component, row.Component])], Digits), false),
            FixedEffectsText.Column("Std.Dev.", SignificantDigits.Format([.. rows.Select(row => row.Term.StandardDeviation(row.Component))], Digits), false),
        };
        int widest = fit.Terms.Max(term => term.TermNames.Count);
        for (int c = 0; c < widest - 1; c++)
        {
            int own = c;
            columns.Add(FixedEffectsText.Column(c == 0 ? "Corr" : "", [.. rows.Select(row => own < row.Component ? row.Term.Correlation(row.Component, own).ToString("F2", CultureInfo.InvariantCulture) : "")], true));
        }
        text.Append("Random effects (conditional model):\n");
        for (int i = 0; i <= rows.Length; i++) text.Append(' ').Append(string.Join(' ', columns.Select(column => column[i])).TrimEnd()).Append('\n');
        string groups = string.Join("; ", fit.Terms.GroupBy(term => term.Group).Select(group => $"{group.Key}, {group.First().Levels.Count}"));
        text.Append(CultureInfo.InvariantCulture, $"Number of obs: {fit.Rows}, groups:  {groups}\n\n");
    }

    private static void AppendParameters(StringBuilder text, DistributionalModelFit fit)
    {
        if (fit.Parameters.Count == 0) return;
        text.Append(fit.Family.IsOrdered ? "Thresholds:\n" : "Parameters of the distribution:\n");
        var columns = new List<string[]>
        {
            FixedEffectsText.Column("", [.. fit.Parameters.Select(parameter => parameter.Name)], false),
            FixedEffectsText.Column("Estimate", SignificantDigits.Format([.. fit.Parameters.Select(parameter => parameter.Estimate)], Digits), true),
            FixedEffectsText.Column("Std. Error", [.. fit.Parameters.Select(parameter => double.IsFinite(parameter.StdError) ? SignificantDigits.Format([parameter.StdError], Digits)[0] : "-")], true),
        };
        for (int i = 0; i <= fit.Parameters.Count; i++) text.AppendJoin(' ', columns.Select(column => column[i])).Append('\n');
        text.Append('\n');
    }

    private static void AppendCoefficients(StringBuilder text, DistributionalModelFit fit, ComponentFit component)
    {
        double[] errors = component.StandardErrors(fit.Covariance);
        Coefficient[] table = [.. component.Names.Select((name, j) =>
        {
            double statistic = component.Estimates[j] / errors[j];
            return new Coefficient(name, component.Estimates[j], errors[j], statistic, double.PositiveInfinity, 2 * Normal.UpperTail(Math.Abs(statistic)));
        })];
        text.Append(CultureInfo.InvariantCulture, $"{Title(component.Component)} model:\n").AppendJoin('\n', CoefficientText.Lines(table, "z")).Append("\n\n");
    }

    private static string Title(string component) => component switch
    {
        Component.ZeroInflation => "Zero-inflation",
        Component.Dispersion => "Dispersion",
        _ => "Conditional",
    };
}
