using Terrace.Inference.Posterior;
using Terrace.Numerics.Distributions;

namespace Terrace.Inference.Diagnostics;

/// <summary>
/// Monte Carlo standard errors of posterior summaries.
/// <code>
/// mean: sd/√ESS     sd: √((m₄ − m₂²)/(4 m₂ ESS of (x − x̄)²))     quantile p: half the distance of the order statistics at the 16 % and 84 % quantiles of Beta(ESS p + 1, ESS (1 − p) + 1)
/// </code>
/// Vehtari et al. (2021), Rank-normalization, folding, and localization, section 4.4; the sd by the delta method (Kenney and Keeping, 1951). Draws are given chain after chain. Checked in <c>DiagnosticsReferenceTests</c>.
/// </summary>
public static class Mcse
{
    /// <summary>Of the mean.</summary>
    public static double OfMean(ReadOnlySpan<double> draws, int chains) => SampleMoments.StandardDeviation(draws) / Math.Sqrt(Ess.OfMean(draws, chains));

    /// <summary>Of the standard deviation.</summary>
    public static double OfStandardDeviation(ReadOnlySpan<double> draws, int chains)
    {
        double mean = SampleMoments.Mean(draws), second = 0, fourth = 0;
        var squares = new double[draws.Length];
        for (int i = 0; i < squares.Length; i++)
        {
            squares[i] = (draws[i] - mean) * (draws[i] - mean);
            second += squares[i] / squares.Length;
            fourth += squares[i] * squares[i] / squares.Length;
        }
        return Math.Sqrt((fourth - second * second) / Ess.OfMean(squares, chains) / second / 4);
    }

    /// <summary>Of the median.</summary>
    public static double OfMedian(ReadOnlySpan<double> draws, int chains) => OfQuantile(draws, chains, 0.5);

    /// <summary>Of a quantile.</summary>
    public static double OfQuantile(ReadOnlySpan<double> draws, int chains, double probability)
    {
        double ess = Ess.OfQuantile(draws, chains, probability);
        if (double.IsNaN(ess)) return double.NaN;
        double[] sorted = draws.ToArray();
        Array.Sort(sorted);
        double Limit(double p) => Beta.Quantile(p, ess * probability + 1, ess * (1 - probability) + 1);
        int lower = Math.Max((int)Math.Floor(Limit(Normal.Cdf(-1)) * sorted.Length), 1);
        int upper = Math.Min((int)Math.Ceiling(Limit(Normal.Cdf(1)) * sorted.Length), sorted.Length);
        return (sorted[upper - 1] - sorted[lower - 1]) / 2;
    }
}
