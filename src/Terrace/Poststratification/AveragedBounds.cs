namespace Terrace.Poststratification;

/// <summary>
/// The interval of the article "Getting Started with Multilevel Regression and Poststratification" (text 1 of the acceptance tests): the bounds of every cell, two standard errors below
/// and above its prediction, averaged with the cells' counts. It treats the errors of the cells as perfectly correlated, so it is too wide wherever an area has several cells.
/// </summary>
internal static class AveragedBounds
{
    private const double StandardErrors = 2;

    private const string Meaning = "Intervals average the cells' bounds of two standard errors, as a well-known article does; that treats the cells' errors as perfectly correlated "
        + "and is too wide: the default interval takes their covariance into account.";

    /// <summary>Puts the averaged bounds in the place of the bounds of <paramref name="estimates"/>.</summary>
    public static ModelEstimates Replace(ModelEstimates estimates, AreaWeights weights, ReadOnlySpan<double> means, ReadOnlySpan<double> errors)
    {
        double[] lower = new double[weights.Areas], upper = new double[weights.Areas], low = new double[means.Length], high = new double[means.Length];
        for (int i = 0; i < means.Length; i++) (low[i], high[i]) = (means[i] - StandardErrors * errors[i], means[i] + StandardErrors * errors[i]);
        weights.Accumulate(0, low, lower);
        weights.Accumulate(0, high, upper);
        return estimates with
        {
            Areas = [.. estimates.Areas.Select((area, a) => area.Exists ? area with { Lower = lower[a], Upper = upper[a] } : area)],
            Meaning = Meaning,
        };
    }
}
