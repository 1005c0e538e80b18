using Terrace.Design;

namespace Terrace.Poststratification;

/// <summary>Collects what the user of a run should know, besides what the comparison of ways to estimate finds.</summary>
internal static class RunWarnings
{
    private const int Shown = 8;

    /// <summary>Warnings about rows, levels, the fit and failed replicates.</summary>
    public static IEnumerable<ModelWarning> Of(MrpData data, MrpOptions options, FittedModel model, ModelEstimates estimates)
    {
        if (data.Rows.OmittedRows > 0) yield return new ModelWarning("rows-omitted", $"{data.Rows.OmittedRows} of {data.Survey.RowCount} respondents lack a value of a variable of the formula and are left out.");
        foreach (ModelWarning warning in data.Levels.Warnings) yield return warning;
        foreach (RandomTermDesign term in data.Patterns.RandomTerms)
        {
            // Those of plain variables are among the levels' warnings already.
            bool isReported = data.Levels.Differences.Any(difference => difference.Variable == term.Group);
            if (term.NewLevels.Count > 0 && !isReported) yield return NewLevels(term);
        }
        foreach (ModelWarning warning in model.Warnings) yield return warning;
        if (estimates.Covered[0] < 1 - 1e-12) yield return new ModelWarning("aliased", "Some cells of the population ask for combinations of aliased columns that the survey says nothing about; they are left out of the estimates.");
        if (estimates.Failed > 0) yield return new ModelWarning("not-converged", $"{estimates.Failed} of {options.Interval.Replicates} bootstrap replicates could not be fitted and are left out.");
    }

    private static ModelWarning NewLevels(RandomTermDesign term)
    {
        string names = string.Join(", ", term.NewLevels.Take(Shown)) + (term.NewLevels.Count > Shown ? $" and {term.NewLevels.Count - Shown} more" : "");
        return new ModelWarning("new-levels", $"{term.Group}: {term.NewLevels.Count} groups of the population have no respondents ({names}); they are predicted from the other terms and the distribution of the groups.");
    }
}
