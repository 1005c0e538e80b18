using Terrace.Numerics.Distributions;

namespace Terrace.Inference.Diagnostics;

/// <summary>
/// Replaces draws by normal scores of their ranks among all chains: z = Φ⁻¹((r − 3/8)/(S + 1/4)), ties having their mean rank. Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), Rank-normalization, folding,
/// and localization, equation 14. Checked in <c>DiagnosticsReferenceTests</c>.
/// </summary>
internal static class RankNormalisation
{
    /// <summary>The normal scores.</summary>
    public static double[] Of(ReadOnlySpan<double> draws)
    {
        double[] sorted = draws.ToArray(), scores = new double[draws.Length];
        var order = new int[draws.Length];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(sorted, order);
        for (int first = 0, next; first < sorted.Length; first = next)
        {
            for (next = first + 1; next < sorted.Length && sorted[next] == sorted[first]; next++) { }
            double rank = 0.5 * (first + 1 + next), score = Normal.Quantile((rank - 0.375) / (sorted.Length + 0.25));
            for (int i = first; i < next; i++) scores[order[i]] = score;
        }
        return scores;
    }

    /// <summary>Distances from the median, whose differences between chains are those of spread.</summary>
    public static double[] Fold(ReadOnlySpan<double> draws)
    {
        double median = Posterior.SampleQuantile.Of(draws, 0.5);
        double[] folded = draws.ToArray();
        for (int i = 0; i < folded.Length; i++) folded[i] = Math.Abs(folded[i] - median);
        return folded;
    }
}
