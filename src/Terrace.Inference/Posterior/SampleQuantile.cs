namespace Terrace.Inference.Posterior;

/// <summary>
/// Quantiles of a sample by linear interpolation between its order statistics.
/// <para>h = (n − 1)p, j = ⌊h⌋; Q(p) = x₍ⱼ₊₁₎ + (h − j)(x₍ⱼ₊₂₎ − x₍ⱼ₊₁₎).</para>
/// <para>p: <c>probability</c>, h: <c>position</c>, x₍ᵢ₎: <c>sorted[i − 1]</c>.</para>
/// <para>R. J. Hyndman and Y. Fan (1996), Sample quantiles in statistical packages, The American Statistician 50, definition 7, which is R's default. Equal
/// neighbours are returned as they are, so that infinite values do not give NaN. Pinned by <c>SampleQuantileTests</c>.</para>
/// </summary>
public static class SampleQuantile
{
    /// <summary>The quantile of a sample in any order; NaN of an empty sample or one with a NaN.</summary>
    public static double Of(ReadOnlySpan<double> sample, double probability)
    {
        double[] sorted = Sorted(sample);
        return OfSorted(sorted, probability);
    }

    /// <summary>Several quantiles of a sample, which is sorted once.</summary>
    public static double[] Of(ReadOnlySpan<double> sample, ReadOnlySpan<double> probabilities)
    {
        double[] sorted = Sorted(sample);
        var quantiles = new double[probabilities.Length];
        for (int i = 0; i < quantiles.Length; i++) quantiles[i] = OfSorted(sorted, probabilities[i]);
        return quantiles;
    }

    /// <summary>The quantile of an ascending sample.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not between 0 and 1.</exception>
    public static double OfSorted(ReadOnlySpan<double> sorted, double probability)
    {
        if (!(probability is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies between 0 and 1.");
        if (sorted.Length == 0 || double.IsNaN(sorted[0])) return double.NaN;
        double position = (sorted.Length - 1) * probability;
        int below = (int)position;
        double fraction = position - below;
        if (fraction == 0 || sorted[below] == sorted[below + 1]) return sorted[below];
        return sorted[below] + fraction * (sorted[below + 1] - sorted[below]);
    }

    private static double[] Sorted(ReadOnlySpan<double> sample)
    {
        double[] sorted = sample.ToArray();
        Array.Sort(sorted);
        return sorted;
    }
}
