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
        FitReport report = run.Report;
        output.WriteLine();
        output.WriteLine(Title(run, level));
        ScreenTable table = new ScreenTable().Words("parameter").Numbers("estimate").Numbers("lower").Numbers("upper");
        void Add(string name, double? estimate, double? lower, double? upper) => table.Add(name, NumberText.Significant(estimate), NumberText.Significant(lower), NumberText.Significant(upper));
        if (report.Intervals is not null)
        {
            foreach (RandomEffectSd effect in report.RandomEffects) Add($"sd {effect.Term} | {effect.Group}", effect.Sd, effect.Lower, effect.Upper);
            foreach (RandomEffectCorrelation pair in report.Correlations) Add($"cor {pair.Term1}, {pair.Term2} | {pair.Group}", pair.Correlation, pair.Lower, pair.Upper);
            foreach (FamilyParameter parameter in report.Parameters.Where(p => p.Lower is not null || p.Upper is not null)) Add(parameter.Name, parameter.Estimate, parameter.Lower, parameter.Upper);
        }
        foreach (FixedEffect effect in report.FixedEffects) Add(effect.Component == "conditional" ? effect.Term : $"{effect.Component}: {effect.Term}", effect.Estimate, effect.Lower, effect.Upper);
        table.Write(output);
        if (report.Intervals is not null) WriteRemarks(output, run);
    }

    private static string Title(ModelRun run, double level)
    {
        string percent = $"{NumberText.Significant(100 * level)} %";
        if (run.Report.Intervals is { Kind: "bootstrap" } bootstrap)
        {
            string effects = bootstrap.KeepGroupEffects switch { true => " with the group effects kept", false => " with new group effects", null => "" };
            return $"{percent} percentile intervals of a parametric bootstrap of {NumberText.Count(bootstrap.Replicates!.Value)} refits{effects} ({bootstrap.Singular} singular, {bootstrap.Failed} failed):";
        }
        if (run.Report.Intervals is { Kind: "restricted-profile" }) return $"{percent} profile-likelihood intervals, of standard deviations and correlations by the restricted likelihood:";
        if (run.Report.Intervals is not null && run.Linear?.Linear is null) return $"{percent} profile-likelihood intervals{(run.Mixed?.Engine == "reml" ? " (by maximum likelihood)" : "")}:";
        return run.Report.FixedEffects.Any(effect => effect.Df is not null)
            ? $"{percent} t intervals of the coefficients ({DegreesOfFreedom(run.Tests?.Method)} degrees of freedom):"
            : $"{percent} Wald z intervals of the coefficients:";
    }

    private static string DegreesOfFreedom(DegreesOfFreedomMethod? method) => method switch
    {
        DegreesOfFreedomMethod.Satterthwaite => "Satterthwaite's",
        DegreesOfFreedomMethod.KenwardRoger => "Kenward and Roger's",
        _ => "residual",
    };

    /// <summary>What was found wrong with the intervals, which the summary above does not know.</summary>
    private static void WriteRemarks(TextWriter output, ModelRun run)
    {
        var known = (run.Mixed?.Warnings ?? run.Linear?.Warnings ?? []).Select(w => w.Code).Append("rows-omitted").ToHashSet(StringComparer.Ordinal);
        foreach (ModelWarning warning in run.Report.Warnings.Where(w => !known.Contains(w.Code))) output.WriteLine(warning.Message);
    }
}
