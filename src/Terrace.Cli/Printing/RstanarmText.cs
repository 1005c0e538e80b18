using System.Globalization;
using Terrace.Bayes;
using Terrace.Inference.Posterior;
using Terrace.SavedFits;

namespace Terrace.Cli.Printing;

/// <summary>
/// A Bayesian fit as rstanarm prints it: medians and MAD_SD (1.4826 times the median distance from the median), error terms by the posterior means of variances and covariances, one decimal as there. The verdict follows, which rstanarm leaves to its summary.
/// </summary>
internal static class RstanarmText
{
    private const double MadFactor = 1.4826;

    /// <summary>Writes the summary.</summary>
    public static void Write(TextWriter output, BayesianFitReport report)
    {
        BayesianFit fit = report.Fit;
        output.WriteLine(report.Groups.Count > 0 ? "stan_glmer" : "stan_glm");
        output.WriteLine($" family:       {report.Family} [{report.Link}]");
        output.WriteLine($" formula:      {report.Formula}");
        output.WriteLine($" observations: {report.Rows.ToString(CultureInfo.InvariantCulture)}");
        output.WriteLine("------");
        Table(output, fit, [.. report.FixedEffects.Where(e => e.Summary is not null).Select(e => (e.Component == "conditional" ? e.Term : $"{e.Component}: {e.Term}", e.Summary!.Name))]);
        if (report.Parameters.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("Auxiliary parameter(s):");
            Table(output, fit, [.. report.Parameters.Select(p => (p.Name, p.Name))]);
        }
        if (report.RandomEffects.Count > 0) ErrorTerms(output, report);
        output.WriteLine();
        output.WriteLine("------");
        if (report.Warnings.Count == 0) output.WriteLine("The chains agree, no trajectory diverged, and every parameter has enough effective draws.");
        foreach (ModelWarning warning in report.Warnings)
            foreach (string line in Wrapping.Lines($"- {warning.Message}", 110)) output.WriteLine(line);
    }

    private static void Table(TextWriter output, BayesianFit fit, IReadOnlyList<(string Label, string Column)> rows)
    {
        string[][] cells = [["", "Median", "MAD_SD"], .. rows.Select(row =>
        {
            double[] values = fit.Draws.Column(row.Column).ToArray();
            double median = SampleQuantile.Of(values, 0.5), spread = MadFactor * SampleQuantile.Of([.. values.Select(v => Math.Abs(v - median))], 0.5);
            return new[] { row.Label, Fixed(median, 1), Fixed(spread, 1) };
        })];
        for (int c = 1; c < 3; c++)
        {
            int width = cells.Skip(1).Select(row => row[c].Length).DefaultIfEmpty(0).Max();
            foreach (string[] row in cells.Skip(1)) row[c] = row[c].PadLeft(width);
        }
        Aligned(output, cells);
    }

    private static void ErrorTerms(TextWriter output, BayesianFitReport report)
    {
        BayesianFit fit = report.Fit;
        bool correlated = report.Correlations.Count > 0;
        List<string[]> cells = [["Groups", "Name", "Std.Dev.", .. correlated ? new[] { "Corr" } : []]];
        string last = "";
        foreach (var e in report.RandomEffects)
        {
            double[] sd = fit.Draws.Column(e.Summary.Name).ToArray();
            string corr = string.Join(' ', report.Correlations.Where(c => c.Component == e.Component && c.Group == e.Group && c.Term2 == e.Term).Select(c => Fixed(Correlation(fit, e.Component, e.Group, c.Term1, e.Term, c.Summary.Name), 2)));
            cells.Add([e.Group == last ? "" : e.Group, e.Component == "conditional" ? e.Term : $"{e.Component}: {e.Term}", Fixed(Math.Sqrt(sd.Average(s => s * s)), 2), .. correlated ? new[] { corr } : []]);
            last = e.Group;
        }
        if (report.Family == "gaussian" && report.Parameters.Any(p => p.Name == "sigma")) cells.Add(["Residual", "", Fixed(Math.Sqrt(fit.Draws.Column("sigma").ToArray().Average(s => s * s)), 2), .. Enumerable.Repeat("", correlated ? 1 : 0)]);
        output.WriteLine();
        output.WriteLine("Error terms:");
        Aligned(output, [.. cells], " ");
        output.WriteLine($"Num. levels: {string.Join(", ", report.Groups.Select(group => $"{group.Group} {group.Levels}"))}");
    }

    /// <summary>The mean covariance over the roots of the mean variances.</summary>
    private static double Correlation(BayesianFit fit, string component, string group, string first, string second, string name)
    {
        string prefix = component == "conditional" ? group : $"{component},{group}";
        double[] a = fit.Draws.Column($"sd[{prefix},{first}]").ToArray(), b = fit.Draws.Column($"sd[{prefix},{second}]").ToArray(), cor = fit.Draws.Column(name).ToArray();
        return Enumerable.Range(0, a.Length).Average(s => a[s] * b[s] * cor[s]) / Math.Sqrt(a.Average(v => v * v) * b.Average(v => v * v));
    }

    private static string Fixed(double value, int digits) => value.ToString("F" + digits, CultureInfo.InvariantCulture);

    private static void Aligned(TextWriter output, string[][] rows, string indent = "")
    {
        int[] width = [.. Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(row => row[c].Length))];
        foreach (string[] row in rows) output.WriteLine(indent + string.Join(' ', row.Select((cell, c) => cell.PadRight(width[c]))).TrimEnd());
    }
}
