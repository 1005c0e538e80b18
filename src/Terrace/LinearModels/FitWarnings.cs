using Terrace.Design;

namespace Terrace.LinearModels;

/// <summary>What went less than well in a fit.</summary>
internal static class FitWarnings
{
    /// <summary>The warnings about aliased columns and convergence.</summary>
    public static IReadOnlyList<ModelWarning> Of(IrlsResult result, DesignMatrices design, GlmOptions? options)
    {
        var warnings = new List<ModelWarning>();
        string[] aliased = [.. Enumerable.Range(0, design.X.Columns).Where(j => double.IsNaN(result.Step.Coefficients[j])).Select(j => design.ColumnNames[j])];
        if (aliased.Length > 0)
            warnings.Add(new ModelWarning("aliased", $"{Columns(aliased)} of earlier columns of the model matrix, so no coefficient can be estimated: {string.Join(", ", aliased)}."));
        if (!result.Converged)
            warnings.Add(new ModelWarning("not-converged", $"The iterations did not converge (stopped after {result.Iterations} of at most {options?.MaxIterations ?? 1}); estimates may be off."));
        else if (result.AtBoundary)
            warnings.Add(new ModelWarning("not-converged", "The iterations stopped at the boundary of the possible means; the maximum may lie on it, and standard errors are then not valid."));
        return warnings;
    }

    private static string Columns(string[] aliased) => aliased.Length == 1 ? "One column is a combination" : $"{aliased.Length} columns are combinations";
}
