using Terrace.Cli.Commands;
using Terrace.Cli.Options;
using Terrace.LinearModels;
using Terrace.MixedModels;

namespace Terrace.Cli.Printing;

/// <summary>What <c>terrace fit --display</c> prints: the short layout of arm, with the call as R would have it, and the warnings.</summary>
internal static class ArmText
{
    /// <summary>Writes <paramref name="run"/>.</summary>
    public static void Write(TextWriter output, ModelRun run, string source, DiagnosticSettings settings, CancellationToken cancellation)
    {
        if (run.Linear is { } linear) output.Write(LinearDisplayText.Of(linear, Call(run, source), settings.Digits, settings.Detail));
        if (run.Mixed is { } mixed) output.Write(DisplayText.Of(mixed, run.Rows!, Call(run, source), settings.Digits, settings.Detail, cancellation));
        foreach (ModelWarning warning in run.Report.Warnings) output.WriteLine(warning.Message);
    }

    private static string Call(ModelRun run, string source)
    {
        string function = run.Mixed is null ? run.Linear!.Linear is null ? "glm" : "lm" : QuadratureEngine.PointsOf(run.Mixed.Engine) is null ? "lmer" : "glmer";
        string more = function switch
        {
            "lmer" => run.Mixed!.Engine == "ml" ? ", REML = FALSE" : "",
            "lm" => "",
            _ => $", family = {Family(run)}{(run.Mixed is { } mixed && QuadratureEngine.PointsOf(mixed.Engine) is { } points and not 1 ? $", nAGQ = {points}" : "")}",
        };
        return $"{function}(formula = {run.Report.Formula}, data = {source}{more})";
    }

    private static string Family(ModelRun run)
    {
        Families.Family family = run.Mixed?.Family ?? run.Linear!.Family;
        return family.IsCanonical ? family.NameInR : $"{family.NameInR}({family.Link.Name})";
    }
}
