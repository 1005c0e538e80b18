using Terrace.Cli.Commands;
using Terrace.Cli.Options;
using Terrace.DistributionalModels;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.SavedFits;

namespace Terrace.Cli.Printing;

/// <summary>What <c>terrace fit</c> prints: the summary of the fit as R or lme4 would print it, and intervals where they were asked for.</summary>
internal static class FitText
{
    /// <summary>Writes the summary of <paramref name="run"/>.</summary>
    public static void Write(TextWriter output, ModelRun run, string source, ModelSettings settings)
    {
        if (run.Linear is { } linear) output.Write(ModelSummary.Text(linear, Call(run, source), (int)run.Report.Omitted));
        if (run.Mixed is { } mixed) WriteMixed(output, run, mixed, source);
        if (run.Summary is { } summary) output.Write(summary);
        if (run.Distributional is { } distributional) WriteDistributional(output, run, distributional, source);
        if (settings.ShowsIntervals) WriteIntervals(output, run, settings.Level);
        TestsText.Write(output, run.Report);
    }

    private static void WriteMixed(TextWriter output, ModelRun run, MixedModelFit mixed, string source)
    {
        output.Write(SummaryText.Of(mixed, run.Report.Formula, source, run.Tests));
        if (run.Report.Omitted > 0) output.WriteLine($"({NumberText.Count(run.Report.Omitted)} rows left out for a missing value)");
    }

    private static void WriteDistributional(TextWriter output, ModelRun run, DistributionalModelFit fit, string source)
    {
        output.Write(DistributionalSummaryText.Of(fit, run.Report.Formula, run.Report.ComponentFormulas, source));
        if (run.Report.Omitted > 0) output.WriteLine($"({NumberText.Count(run.Report.Omitted)} rows left out for a missing value)");
    }

    private static string Call(ModelRun run, string source)
    {
        if (run.Linear!.Linear is not null) return $"lm(formula = {run.Report.Formula}, data = {source})";
        return $"glm(formula = {run.Report.Formula}, family = {run.Linear.Family.NameInR}({run.Report.Link}), data = {source})";
    }

    private static void WriteIntervals(TextWriter output, ModelRun run, double level)
    {
        output.WriteLine();
        output.WriteLine($"{NumberText.Significant(100 * level)} % {(run.Tests is null ? "Wald" : "t")} intervals of the coefficients:");
        ScreenTable table = new ScreenTable().Words("term").Numbers("estimate").Numbers("lower").Numbers("upper");
        foreach (FixedEffect effect in run.Report.FixedEffects)
            table.Add(effect.Term, NumberText.Significant(effect.Estimate), NumberText.Significant(effect.Lower), NumberText.Significant(effect.Upper));
        table.Write(output);
    }
}
