using Terrace.Design;
using Terrace.LinearModels;

namespace Terrace.Poststratification;

/// <summary>Estimates of areas by a model without group-level terms.</summary>
internal static class DeltaEstimates
{
    private const string Meaning = "Intervals are by the delta method: the exact gradient of each weighted mean in the coefficients, so that the covariance between cells counts.";

    /// <summary>Estimates with delta-method intervals. Patterns that the data say nothing about, or that <paramref name="counted"/> excludes, are left out.</summary>
    public static ModelEstimates Of(GeneralizedLinearModelFit fit, MrpData data, DesignMatrices patterns, double level, Func<int, bool>? counted = null)
    {
        var delta = new DeltaMethod(fit.Estimates, patterns, fit.Family.Link);
        AreaWeights weights = data.Weights(pattern => delta.IsEstimable(pattern) && (counted is null || counted(pattern)));
        (double[] estimates, double[] sds) = delta.Areas(weights);
        double multiple = fit.Estimates.CriticalValue(level);
        MeanRange range = MeanRange.Of(fit.Family);
        return new ModelEstimates
        {
            Areas = [.. estimates.Zip(sds, (estimate, sd) => DeltaInterval.Of(estimate, sd, multiple, range))],
            Meaning = Meaning,
            Covered = weights.Covered,
        };
    }

    /// <summary>Text 1's intervals: each cell's prediction less and plus two standard errors, averaged over the cells. The sd stays that of the delta method.</summary>
    public static ModelEstimates WithAveragedBounds(GeneralizedLinearModelFit fit, MrpData data, double level)
    {
        ModelEstimates right = Of(fit, data, data.Patterns, level);
        var delta = new DeltaMethod(fit.Estimates, data.Patterns, fit.Family.Link);
        return AveragedBounds.Replace(right, data.Weights(delta.IsEstimable), delta.Means, delta.PatternErrors);
    }
}
