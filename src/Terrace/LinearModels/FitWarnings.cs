using Terrace.Design;
using Terrace.Families;

namespace Terrace.LinearModels;

/// <summary>What went less than well in a fit.</summary>
internal static class FitWarnings
{
    private const double ExactFit = 1e-24;

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

    /// <summary>A warning where a linear model fits its rows exactly, so that its standard errors and tests mean nothing; otherwise null.</summary>
    public static ModelWarning? OfExactFit(Observations observations, double deviance, int rank, string response)
    {
        double total = 0;
        for (int c = 0; c < observations.Y.Length; c++) total += observations.Weight[c] * observations.Y[c] * observations.Y[c];
        bool constant = Array.TrueForAll(observations.RowY, y => y == observations.RowY[0]);
        if (constant && observations.Rows > 1)
            return new ModelWarning("exact-fit", FormattableString.Invariant($"The response '{response}' is {observations.RowY[0]} in all {observations.Rows} rows, so there is nothing to explain: standard errors and tests mean nothing. Check the response, or the condition that chooses the rows."));
        if (observations.WeightedRows <= rank)
            return new ModelWarning("exact-fit", $"The model has as many coefficients as rows ({rank}), so it fits them exactly and leaves nothing to estimate a residual variance from: there are no standard errors. Take predictors out.");
        if (deviance <= ExactFit * total)
            return new ModelWarning("exact-fit", $"The model fits the response '{response}' exactly: what is left is rounding, and standard errors and tests mean nothing. Is the response computed from the predictors?");
        return null;
    }

    private static string Columns(string[] aliased) => aliased.Length == 1 ? "One column is a combination" : $"{aliased.Length} columns are combinations";
}
