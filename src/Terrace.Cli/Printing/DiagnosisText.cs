using Terrace.Cli.Commands;
using Terrace.MixedModels;

namespace Terrace.Cli.Printing;

/// <summary>The diagnostics of a mixed model as text.</summary>
internal static class DiagnosisText
{
    /// <summary>Writes what was computed.</summary>
    public static void Write(TextWriter output, FitDiagnosis diagnosis)
    {
        if (diagnosis.Convergence is { } convergence)
        {
            output.WriteLine();
            output.WriteLine($"Convergence: {convergence.Verdict}");
        }
        if (diagnosis.Variance is { } variance) WriteVariance(output, variance);
        if (diagnosis.Components.Count > 0) WriteComponents(output, diagnosis.Components);
        WriteLevels(output, diagnosis.Levels);
        if (diagnosis.Restarts is { } restarts) WriteRestarts(output, restarts);
        if (diagnosis.Poolings is { } poolings) WritePoolings(output, poolings);
    }

    private static void WriteVariance(TextWriter output, ExplainedVariance variance)
    {
        output.WriteLine();
        if (variance.Measures.Count == 0)
        {
            output.WriteLine("R² and intraclass correlation: none is published for this family and link.");
            return;
        }
        output.WriteLine("R² and intraclass correlation (Nakagawa, Johnson and Schielzeth 2017):");
        ScreenTable table = new ScreenTable().Words("variance of the distribution").Numbers("value").Numbers("R² marginal").Numbers("R² conditional").Numbers("ICC adjusted").Numbers("ICC unadjusted");
        foreach (VarianceShares measure in variance.Measures)
            table.Add(measure.Method, NumberText.Significant(measure.ResidualVariance), Share(measure.Marginal), Share(measure.Conditional), Share(measure.AdjustedIcc), Share(measure.UnadjustedIcc));
        if (variance.Groups.Count > 1)
        {
            foreach (GroupIcc group in variance.Measures[0].Groups) table.Add($"of these, {group.Group}", "", "", "", Share(group.Adjusted), Share(group.Unadjusted));
        }
        table.Write(output);
    }

    private static void WriteComponents(TextWriter output, IReadOnlyList<RandomEffectsPca> components)
    {
        output.WriteLine();
        output.WriteLine("Principal components of the random effects (shares of the variance of the linear predictor):");
        foreach (RandomEffectsPca pca in components)
        {
            string shares = string.Join(", ", pca.Contributions.Select(share => NumberText.Percent(share)));
            output.WriteLine($"  {pca.Term}: {shares}; {pca.Rank} of {pca.TermNames.Count} supported");
            foreach (string line in pca.Advice is null ? [] : Wrapping.Lines($"Advice: {pca.Advice}.", 100)) output.WriteLine($"    {line}");
        }
    }

    private static void WriteLevels(TextWriter output, IReadOnlyList<LevelSummary> levels)
    {
        if (levels.Count == 0) return;
        output.WriteLine();
        output.WriteLine("Explained variance and pooling of each level (Gelman and Pardoe 2006):");
        ScreenTable table = new ScreenTable().Words("level").Numbers("units").Numbers("R²").Numbers("pooling").Numbers("variance explained").Words("group-level predictors: correlation with the modes");
        foreach (LevelSummary level in levels)
        {
            string predictors = string.Join(", ", level.Predictors.Select(p => $"{p.Name}: {NumberText.Fixed(p.Correlation, 2)}"));
            table.Add(level.Level, NumberText.Count(level.Units), Share(level.RSquared), Share(level.Pooling), Share(level.VarianceExplained), predictors);
        }
        table.Write(output);
    }

    private static void WriteRestarts(TextWriter output, RestartCheck restarts)
    {
        output.WriteLine();
        output.WriteLine("Searches from other starts:");
        ScreenTable table = new ScreenTable().Words("search").Numbers("log likelihood").Numbers("se from best").Numbers("evaluations");
        foreach (string name in restarts.RandomNames) table.Numbers($"sd {name}");
        foreach (RestartedSearch search in restarts.Searches)
            table.Add([search.Name, NumberText.Fixed(search.LogLikelihood, 4), NumberText.Significant(search.StandardErrorsFromBest, 2), NumberText.Count(search.Evaluations), .. search.StandardDeviations.Select(sd => NumberText.Significant(sd))]);
        table.Write(output);
        output.WriteLine(restarts.Verdict);
    }

    private static void WritePoolings(TextWriter output, ThreePoolings poolings)
    {
        output.WriteLine();
        string at = poolings.Reference.Count == 0 ? "" : " at " + string.Join(", ", poolings.Reference.Select(r => $"{r.Column} = {NumberText.Significant(r.Value)}"));
        output.WriteLine($"Three poolings of {poolings.Group}, on the scale of the linear predictor{at}:");
        output.WriteLine($"  complete pooling {NumberText.Significant(poolings.Complete)} (se {NumberText.Significant(poolings.CompleteStdError)}); standard deviation of the groups {NumberText.Significant(poolings.GroupSd)}");
        ScreenTable table = new ScreenTable().Words(poolings.Group).Numbers("n").Numbers("no pooling").Numbers("se").Numbers("partial pooling").Numbers("sd").Numbers("pulled to").Numbers("weight").Numbers("weight by 12.1");
        foreach (PooledGroup group in poolings.Groups)
        {
            table.Add(group.Level, NumberText.Count(group.Rows), NumberText.Fixed(group.NoPooling, 3), NumberText.Fixed(group.NoPoolingStdError, 3), NumberText.Fixed(group.PartialPooling, 3),
                NumberText.Fixed(group.PartialPoolingSd, 3), NumberText.Fixed(group.Predicted, 3), NumberText.Fixed(group.Weight, 2), NumberText.Fixed(group.ApproximateWeight, 2));
        }
        table.Write(output);
    }

    private static string Share(double? share) => NumberText.Fixed(share, 3);
}
