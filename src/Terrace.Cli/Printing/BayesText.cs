using Terrace.Bayes;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.Posterior;
using Terrace.SavedFits;

namespace Terrace.Cli.Printing;

/// <summary>What <c>terrace fit --engine nuts</c> prints: brms's summary, the priors, and the verdict on the run.</summary>
internal static class BayesText
{
    private const int Width = 110;

    /// <summary>Writes the summary.</summary>
    public static void Write(TextWriter output, BayesianFitReport report, string source)
    {
        BayesianFit fit = report.Fit;
        output.WriteLine($" Family: {report.Family}");
        output.WriteLine($"   Link: {report.Link}");
        foreach (string line in Wrapping.Lines($"Formula: {report.Formula}", Width)) output.WriteLine(line);
        foreach ((string component, string formula) in report.ComponentFormulas) output.WriteLine($"         {component} {formula}");
        output.WriteLine($"   Data: {source} ({NumberText.Count(report.Rows)} rows in {NumberText.Count(report.Cells)} cells{(report.Omitted > 0 ? $", {NumberText.Count(report.Omitted)} left out for a missing value" : "")})");
        if (fit.IsApproximation) output.WriteLine($"  Draws: {NumberText.Count(fit.Draws.Count)} of an approximation of the posterior");
        else output.WriteLine($"  Draws: {fit.Draws.Chains} chains, each with {fit.Options.Warmup} warm-up and {fit.Options.Iterations} further iterations{(fit.Options.Thin > 1 ? $", every {fit.Options.Thin}th kept" : "")}; {NumberText.Count(fit.Draws.Count)} draws in all");
        foreach (string line in Wrapping.Lines($"Sampler: {fit.Sampler}", Width)) output.WriteLine(line);
        if (fit.Engine == "approx" && fit.Approximation is { Accepted: true } check) output.WriteLine($"         accepted: k-hat {NumberText.Fixed(check.KHat, 2)} (below 0.5), efficiency {NumberText.Fixed(check.Efficiency, 2)} (above 0.3)");
        if (fit.Model.PriorOnly) output.WriteLine("         from the prior alone: the data are left out");
        foreach (IGrouping<string, (string Component, string Group, string Term, VariableSummary Summary)> group in report.RandomEffects.GroupBy(e => e.Component == "conditional" ? e.Group : $"{e.Group} ({e.Component})"))
        {
            int levels = report.Groups.First(g => g.Group == group.First().Group).Levels;
            Section(output, fit, $"Group-level effects of {group.Key} ({NumberText.Count(levels)} levels)",
                [.. group.Select(e => ($"sd({e.Term})", e.Summary)), .. report.Correlations.Where(c => c.Group == group.First().Group && c.Component == group.First().Component).Select(c => ($"cor({c.Term1},{c.Term2})", c.Summary))]);
        }
        Section(output, fit, "Population-level effects", [.. report.FixedEffects.Where(e => e.Summary is not null).Select(e => (e.Component == "conditional" ? e.Term : $"{e.Component}: {e.Term}", e.Summary!))]);
        if (report.Parameters.Count > 0) Section(output, fit, "Further parameters", [.. report.Parameters.Select(p => (p.Name, p))]);
        if (report.Shrinkage.Count > 0) Section(output, fit, "Shrinkage prior", [.. report.Shrinkage.Where(p => !IsLocal(p.Name)).Select(p => (p.Name, p))]);
        string[] aliased = [.. report.FixedEffects.Where(e => e.Summary is null).Select(e => e.Term)];
        if (aliased.Length > 0) output.WriteLine($"\nLeft out, as other columns determine them: {string.Join(", ", aliased)}");
        WritePriors(output, fit);
        WriteLoo(output, fit);
        WriteKFold(output, report.KFold);
        WriteHypotheses(output, report.Hypotheses);
        WriteVerdict(output, report);
    }

    private static void WriteHypotheses(TextWriter output, IReadOnlyList<Hypothesis> hypotheses)
    {
        if (hypotheses.Count == 0) return;
        output.WriteLine();
        output.WriteLine("Hypotheses");
        ScreenTable table = new ScreenTable().Words("left side less right side", 60).Numbers("Estimate").Numbers("Est.Error").Numbers("lower").Numbers("upper").Numbers("Evid.Ratio").Numbers("Post.Prob").Words("");
        foreach (Hypothesis h in hypotheses)
            table.Add(h.Text, NumberText.Significant(h.Estimate), NumberText.Significant(h.Error), NumberText.Significant(h.Lower), NumberText.Significant(h.Upper),
                double.IsPositiveInfinity(h.EvidenceRatio) ? "Inf" : NumberText.Significant(h.EvidenceRatio), NumberText.Fixed(h.PosteriorProbability, 2), h.IsNotable ? "*" : "");
        table.Write(output);
        output.WriteLine("Intervals of 90 % for < and >, of 95 % for =. *: 0 is outside, or the probability is above 0.95.");
        if (hypotheses.Any(h => h.IsEqual && double.IsNaN(h.EvidenceRatio))) output.WriteLine("No evidence ratio of equality: a prior is flat, and the ratio is that of the densities at equality after and before the data.");
    }

    private static void Section(TextWriter output, BayesianFit fit, string title, IReadOnlyList<(string Name, VariableSummary Summary)> rows)
    {
        output.WriteLine();
        output.WriteLine(title);
        ScreenTable table = new ScreenTable().Words("").Numbers("Estimate").Numbers("Est.Error").Numbers("l-95% CI").Numbers("u-95% CI").Numbers("Rhat").Numbers("Bulk_ESS").Numbers("Tail_ESS");
        foreach ((string name, VariableSummary s) in rows)
        {
            double[] limits = SampleQuantile.Of(fit.Draws.Column(s.Name), [0.025, 0.975]);
            table.Add(name, NumberText.Significant(s.Mean), NumberText.Significant(s.Sd), NumberText.Significant(limits[0]), NumberText.Significant(limits[1]), NumberText.Fixed(s.Rhat, 2), Whole(s.EssBulk), Whole(s.EssTail));
        }
        table.Write(output);
    }

    /// <summary>Whether a parameter of a shrinkage prior belongs to one coefficient: those are in the draws, too many to print.</summary>
    private static bool IsLocal(string name) => name.StartsWith("hs_local", StringComparison.Ordinal) || name.StartsWith("R2D2_phi", StringComparison.Ordinal);

    private static void WritePriors(TextWriter output, BayesianFit fit)
    {
        output.WriteLine();
        output.WriteLine("Priors");
        ScreenTable table = new ScreenTable().Words("class").Words("group").Words("coefficient").Words("prior").Words("scaled to the data");
        foreach (PriorDescription prior in fit.Priors) table.Add(prior.Class, prior.Group, prior.Term, Short(prior.Prior), prior.Scaled == prior.Prior ? "" : Short(prior.Scaled));
        table.Write(output);
        output.WriteLine("The intercept's prior is for predictors at their means.");
    }

    private static void WriteLoo(TextWriter output, BayesianFit fit)
    {
        if (fit.Loo is not { } loo) return;
        output.WriteLine();
        output.WriteLine($"Leave-one-out cross-validation: elpd {NumberText.Fixed(loo.Elpd, 1)} (se {NumberText.Fixed(loo.StandardError, 1)}), effective parameters {NumberText.Fixed(loo.EffectiveParameters, 1)}"
            + $"{(loo.HighK > 0 ? $"; {NumberText.Count(loo.HighK)} rows have Pareto k above 0.7, so that their part is not to be trusted" : "")}");
    }

    private static void WriteKFold(TextWriter output, KFold? kfold)
    {
        if (kfold is null) return;
        string what = kfold.By is null ? "" : $" leaving out whole levels of {kfold.By}";
        output.WriteLine($"{kfold.Folds.Count}-fold cross-validation{what}: elpd {NumberText.Fixed(kfold.Elpd, 1)} (se {NumberText.Fixed(kfold.StandardError, 1)}), effective parameters {NumberText.Fixed(kfold.EffectiveParameters, 1)}");
    }

    private static void WriteVerdict(TextWriter output, BayesianFitReport report)
    {
        BayesianFit fit = report.Fit;
        output.WriteLine();
        if (report.Warnings.Count == 0 && fit.IsApproximation) output.WriteLine($"The approximation can be used: its importance ratios have k-hat {NumberText.Fixed(fit.Approximation!.KHat, 2)} (at most 0.7).");
        else if (report.Warnings.Count == 0) output.WriteLine("The chains agree, no trajectory diverged, and every parameter has enough effective draws.");
        foreach (ModelWarning warning in report.Warnings)
            foreach (string line in Wrapping.Lines($"- {warning.Message}", Width)) output.WriteLine(line);
    }

    /// <summary>A prior with its numbers to four significant digits.</summary>
    private static string Short(string prior) => System.Text.RegularExpressions.Regex.Replace(prior, @"-?\d+(\.\d+)?(E[-+]?\d+)?",
        number => NumberText.Significant(double.Parse(number.Value, System.Globalization.CultureInfo.InvariantCulture)));

    private static string Whole(double value) => double.IsFinite(value) ? NumberText.Count(Math.Round(value)) : NumberText.None;
}
