namespace Terrace.MixedModels;

/// <summary>The warnings of a mixed-model fit, in words that name the columns and terms and say what to do.</summary>
internal static class FitWarnings
{
    public static List<ModelWarning> Of(IReadOnlyList<string> aliased, IReadOnlyList<string> singular, bool converged, ConvergenceCheck check) => Of(aliased, singular, converged ? null
        : check.Converged ? "The likelihood is so flat at the estimates that they have no standard errors of their own (those shown are of the penalised regression); simplify the model."
        : $"Not converged: {check.Verdict} Rescale the variables or simplify the random effects; --diagnose --restarts 10 shows whether other starts end elsewhere.");

    /// <summary>The warnings; <paramref name="notConverged"/> is null for a fit that has converged, otherwise what to say of it.</summary>
    public static List<ModelWarning> Of(IReadOnlyList<string> aliased, IReadOnlyList<string> singular, string? notConverged)
    {
        var warnings = new List<ModelWarning>();
        if (aliased.Count > 0)
            warnings.Add(new ModelWarning("aliased", $"{string.Join(", ", aliased)} {(aliased.Count == 1 ? "is a linear combination" : "are linear combinations")} of other fixed effects and left out."));
        if (singular.Count > 0)
            warnings.Add(new ModelWarning("singular-fit", $"The fit is singular: {string.Join("; ", singular)}. The data show no such variation; a simpler random-effects term fits as well."));
        if (notConverged is not null) warnings.Add(new ModelWarning("not-converged", notConverged));
        return warnings;
    }
}
