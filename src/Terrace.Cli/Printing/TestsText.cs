using System.Globalization;
using Terrace.HypothesisTests;
using Terrace.MarginalMeans;
using Terrace.SavedFits;

namespace Terrace.Cli.Printing;

/// <summary>The tables of tests of terms, marginal means and their comparisons.</summary>
internal static class TestsText
{
    /// <summary>Writes what <paramref name="report"/> has of them.</summary>
    public static void Write(TextWriter output, FitReport report)
    {
        foreach (TermTests tests in report.TermTests) WriteTests(output, tests);
        foreach (DroppedTerms dropped in report.DroppedTerms) WriteDropped(output, dropped);
        foreach (MarginalMeanTable means in report.Means)
        {
            WriteMeans(output, means);
            foreach (MeanComparisons comparisons in report.Comparisons.Where(c => ReferenceEquals(c.Means, means))) WriteComparisons(output, comparisons);
        }
    }

    private static void WriteTests(TextWriter output, TermTests tests)
    {
        bool isF = tests.Rows.Any(row => row.Test.Kind == "F");
        output.WriteLine();
        output.WriteLine($"{Title(tests.Kind)}, {Method(tests.Method, isF)}:");
        ScreenTable table = new ScreenTable().Words("term").Numbers("df");
        if (isF) table.Numbers("den df");
        table.Numbers(isF ? "F" : "chisq").Numbers("p");
        foreach (TermTest row in tests.Rows)
        {
            string df = row.Test.Df.ToString(CultureInfo.InvariantCulture), statistic = NumberText.Significant(row.Test.Statistic), p = NumberText.Significant(row.Test.PValue, 3);
            if (isF) table.Add(row.Term, df, NumberText.Fixed(row.Test.DenominatorDf, 1), statistic, p);
            else table.Add(row.Term, df, statistic, p);
        }
        table.Write(output);
        WriteNotes(output, tests.Warnings);
    }

    private static string Title(TermTestKind kind) => kind switch
    {
        TermTestKind.Sequential => "Type I tests (in sequence)",
        TermTestKind.Marginal => "Type II tests",
        TermTestKind.Averaged => "Type III tests",
        _ => "Type III tests as coded",
    };

    private static string Method(string method, bool isF) => method switch
    {
        "satterthwaite" => "F with degrees of freedom by Satterthwaite's method",
        "kenward-roger" => "F by Kenward and Roger's method",
        "residual" => "F on residual degrees of freedom",
        "likelihood-ratio" => isF ? "F of deviances" : "likelihood ratio",
        _ => "Wald chi-square",
    };

    private static void WriteDropped(TextWriter output, DroppedTerms dropped)
    {
        output.WriteLine();
        output.WriteLine(dropped.IsRandom ? "Random terms dropped:" : $"Terms dropped{(dropped.IsRefitted ? " (fits by maximum likelihood)" : "")}:");
        ScreenTable table = new ScreenTable().Words("without").Numbers("df").Numbers("logLik").Numbers("AIC").Numbers("chisq").Numbers("p");
        table.Add("(nothing)", "", NumberText.Fixed(dropped.LogLikelihood, 3), NumberText.Fixed(dropped.Aic, 2), "", "");
        foreach (DroppedTerm row in dropped.Rows)
            table.Add(row.Term, row.Df.ToString(CultureInfo.InvariantCulture), NumberText.Fixed(row.LogLikelihood, 3), NumberText.Fixed(row.Aic, 2), NumberText.Significant(row.ChiSquare), NumberText.Significant(row.PValue, 3));
        table.Write(output);
        WriteNotes(output, dropped.Warnings);
    }

    private static void WriteMeans(TextWriter output, MarginalMeanTable means)
    {
        output.WriteLine();
        output.WriteLine($"Marginal means of {means.Specification}{(means.HasResponseScale ? $" ({means.Grid.Estimates.Link.Name} scale, then the response's)" : "")}, {NumberText.Significant(100 * means.Level)} % intervals:");
        var table = new ScreenTable();
        foreach (string name in means.Specification.By.Concat(means.Specification.Factors)) table.Words(name);
        table.Numbers("mean").Numbers("se").Numbers("df").Numbers("lower").Numbers("upper");
        if (means.HasResponseScale) table.Numbers("response").Numbers("se").Numbers("lower").Numbers("upper");
        int factors = means.Specification.Factors.Count;
        foreach (MarginalMean row in means.Rows)
        {
            string[] levels = [.. row.Levels.Skip(factors), .. row.Levels.Take(factors)];
            string[] cells = [.. levels, row.IsEstimable ? NumberText.Significant(row.Estimate) : "not estimable", .. Numbers(row.StdError), Degrees(row.Df), .. Numbers(row.Lower, row.Upper)];
            table.Add(means.HasResponseScale ? [.. cells, .. Numbers(row.Response.Estimate, row.Response.StdError, row.Response.Lower, row.Response.Upper)] : cells);
        }
        table.Write(output);
        WriteGrid(output, means);
    }

    private static void WriteGrid(TextWriter output, MarginalMeanTable means)
    {
        string[] averaged = [.. means.Grid.Factors.Except(means.Specification.Factors).Except(means.Specification.By)];
        var parts = new List<string>();
        if (averaged.Length > 0) parts.Add($"averaged over the levels of {string.Join(", ", averaged)}{(means.Weights == MarginWeights.Proportional ? " in proportion to the data" : "")}");
        parts.AddRange(means.Grid.Covariates.Select(covariate => $"{covariate.Key} at its mean {NumberText.Significant(covariate.Value)}"));
        if (parts.Count > 0) output.WriteLine(string.Join("; ", parts));
    }

    private static void WriteComparisons(TextWriter output, MeanComparisons comparisons)
    {
        bool normal = comparisons.Rows.All(row => double.IsInfinity(row.Df) || double.IsNaN(row.Df));
        output.WriteLine();
        output.WriteLine($"Comparisons ({comparisons.Contrast}), adjustment {Name(comparisons.Adjustment)}{(comparisons.Adjustment is MultiplicityAdjustment.Holm or MultiplicityAdjustment.FalseDiscoveryRate ? " (intervals by bonferroni)" : "")}:");
        var table = new ScreenTable();
        foreach (string name in comparisons.Means.Specification.By) table.Words(name);
        table.Words("comparison").Numbers("estimate").Numbers("se").Numbers("df").Numbers(normal ? "z" : "t").Numbers("p").Numbers("lower").Numbers("upper");
        if (comparisons.Ratio is { } ratio) table.Numbers(ratio).Numbers("lower").Numbers("upper");
        foreach (MeanComparison row in comparisons.Rows)
        {
            string[] cells =
            [
                .. row.By, row.Name, double.IsNaN(row.Estimate) ? "not estimable" : NumberText.Significant(row.Estimate), .. Numbers(row.StdError), Degrees(row.Df), .. Numbers(row.Statistic),
                NumberText.Significant(row.PValue, 3), .. Numbers(row.Lower, row.Upper),
            ];
            table.Add(comparisons.Ratio is null ? cells : row.Ratio is { } exponential ? [.. cells, .. Numbers(exponential.Estimate, exponential.Lower, exponential.Upper)] : [.. cells, "", "", ""]);
        }
        table.Write(output);
    }

    private static string Name(MultiplicityAdjustment adjustment) => Options.TestOptions.Adjustments.First(pair => pair.Value == adjustment).Key;

    private static IEnumerable<string> Numbers(params IEnumerable<double> values) => values.Select(value => NumberText.Significant(value));

    private static string Degrees(double df) => double.IsPositiveInfinity(df) ? "inf" : NumberText.Fixed(df, 1);

    private static void WriteNotes(TextWriter output, IReadOnlyList<ModelWarning> warnings)
    {
        foreach (ModelWarning warning in warnings)
            foreach (string line in Wrapping.Lines($"note: {warning.Message}", 110)) output.WriteLine(line);
    }
}
