using Terrace.LinearModels;

namespace Terrace.SavedFits;

/// <summary>What there is to say about a linear or generalised linear model.</summary>
public static class LinearFitReport
{
    /// <summary>The report of <paramref name="fit"/>, with Wald intervals of probability <paramref name="level"/>.</summary>
    public static FitReport Of(GeneralizedLinearModelFit fit, FitContext context, double level = 0.95) => new()
    {
        Formula = context.Formula,
        Family = fit.Family.Name,
        Link = fit.Family.Link.Name,
        Engine = "ml",
        RequestedEngine = context.RequestedEngine,
        Rows = context.Rows,
        Cells = context.Cells,
        Omitted = context.Omitted,
        FixedEffects = FixedEffects(fit.Estimates, level),
        CovarianceTerms = [.. fit.Estimates.EstimableColumns.Select(j => fit.Estimates.Terms[j])],
        Covariance = fit.Estimates.Covariance,
        Parameters = FamilyParameters.Of(fit.Family, fit.Dispersion),
        ResidualSd = fit.Family.IsGaussian ? Math.Sqrt(fit.Dispersion) : null,
        LogLikelihood = fit.LogLikelihood,
        Deviance = fit.Deviance,
        Aic = fit.Aic,
        Bic = fit.Bic,
        ResidualDf = fit.ResidualDf,
        Converged = fit.Converged,
        Evaluations = fit.Iterations,
        Warnings = fit.Warnings,
    };

    private static FixedEffect[] FixedEffects(CoefficientEstimates estimates, double level)
    {
        double quantile = estimates.CriticalValue(level);
        return [.. estimates.Table().Select(row => double.IsNaN(row.Estimate)
            ? new FixedEffect(row.Term, null, null, null, null, null, null, null)
            : new FixedEffect(row.Term, row.Estimate, row.StdError, row.Statistic, double.IsFinite(row.Df) ? row.Df : null, row.PValue,
                row.Estimate - quantile * row.StdError, row.Estimate + quantile * row.StdError))];
    }
}
