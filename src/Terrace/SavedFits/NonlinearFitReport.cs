using Terrace.NonlinearModels;

namespace Terrace.SavedFits;

/// <summary>What there is to say about a nonlinear model, with or without random terms.</summary>
public static class NonlinearFitReport
{
    /// <summary>The report of a least-squares fit, with t intervals of probability <paramref name="level"/>.</summary>
    public static FitReport Of(NonlinearModelFit fit, FitContext context, double level = 0.95)
    {
        double quantile = fit.Estimates.CriticalValue(level);
        return new FitReport
        {
            Formula = context.Formula,
            MeanFunction = fit.Mean.Expression.ToString(),
            Family = "gaussian",
            Link = "identity",
            Engine = "ml",
            RequestedEngine = context.RequestedEngine,
            Rows = context.Rows,
            Cells = context.Cells,
            Omitted = context.Omitted,
            FixedEffects = [.. fit.Estimates.Table().Select(row => new FixedEffect(row.Term, row.Estimate, row.StdError, row.Statistic, row.Df, row.PValue,
                row.Estimate - quantile * row.StdError, row.Estimate + quantile * row.StdError))],
            CovarianceTerms = fit.Mean.Parameters,
            Covariance = fit.Estimates.Covariance,
            Parameters = [new FamilyParameter("sigma", fit.Sigma)],
            ResidualSd = fit.Sigma,
            LogLikelihood = fit.LogLikelihood,
            Deviance = fit.Deviance,
            Aic = fit.Aic,
            Bic = fit.Bic,
            ResidualDf = fit.ResidualDf,
            Converged = true,
            GradientNorm = fit.ConvergenceOffset,
            Evaluations = fit.Iterations,
        };
    }

    /// <summary>The report of a mixed model, with Wald intervals of probability <paramref name="level"/>. As in lme4 the t values have no p-values.</summary>
    public static FitReport Of(NonlinearMixedModelFit fit, FitContext context, double level = 0.95) => MixedFitReport.Of(fit.Tangent, context, level) with
    {
        MeanFunction = fit.Mean.Expression.ToString(),
        Engine = fit.Engine,
        Icc = null,
    };
}
