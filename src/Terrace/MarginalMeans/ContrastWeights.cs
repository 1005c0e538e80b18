using System.Numerics;
using Terrace.Data;

namespace Terrace.MarginalMeans;

/// <summary>The weights of comparisons of k means.</summary>
/// <remarks>Polynomials are those of Gram (discrete Chebyshev): t₀ = 1, (n+1) t_{n+1}(x) = (2n+1)(2x−k+1) tₙ(x) − n(k²−n²) t_{n−1}(x) for x = 0 … k − 1, divided by their common divisor (Abramowitz and
/// Stegun (1964), 22.17). Tests: MeanComparisonTests (emmeans).</remarks>
internal static class ContrastWeights
{
    private const int HighestDegree = 6;
    private static readonly string[] Degrees = ["linear", "quadratic", "cubic", "quartic", "degree 5", "degree 6"];

    /// <summary>Each comparison's parts, for its name, and weights.</summary>
    /// <exception cref="ModelException">The reference is no mean, or the numbers of weights and means differ.</exception>
    /// <param name="contrast">Which comparisons.</param>
    /// <param name="labels">What the means are called in names.</param>
    /// <param name="levels">Their levels as they are, for the reference; null for the labels.</param>
    public static IReadOnlyList<WeightedComparison> Of(MeanContrast contrast, IReadOnlyList<string> labels, IReadOnlyList<string>? levels = null) => contrast.Kind switch
    {
        MeanContrastKind.Pairwise => [.. from i in Enumerable.Range(0, labels.Count) from j in Enumerable.Range(i + 1, labels.Count - i - 1) select Difference(i, j, labels)],
        MeanContrastKind.Treatment => Treatment(Reference(contrast, labels, levels ?? labels), labels),
        MeanContrastKind.Consecutive => [.. Enumerable.Range(1, Math.Max(0, labels.Count - 1)).Select(i => Difference(i, i - 1, labels))],
        MeanContrastKind.Polynomial => Polynomials(labels.Count),
        _ => [.. contrast.Weights!.Select(pair => Custom(pair.Key, pair.Value, labels.Count))],
    };

    private static WeightedComparison[] Treatment(int reference, IReadOnlyList<string> labels) =>
        [.. Enumerable.Range(0, labels.Count).Where(i => i != reference).Select(i => Difference(i, reference, labels))];

    private static WeightedComparison Difference(int plus, int minus, IReadOnlyList<string> labels)
    {
        var weights = new double[labels.Count];
        (weights[plus], weights[minus]) = (1, -1);
        return new WeightedComparison(labels[plus], labels[minus], weights);
    }

    private static int Reference(MeanContrast contrast, IReadOnlyList<string> labels, IReadOnlyList<string> levels)
    {
        if (contrast.Reference is not { } reference) return 0;
        int place = Math.Max(labels.ToList().IndexOf(reference), levels.ToList().IndexOf(reference));
        return place >= 0 ? place : throw new ModelException($"'{reference}' is none of the means to compare with.{NearestName.Hint(reference, levels)} They are: {string.Join(", ", levels)}.");
    }

    private static WeightedComparison Custom(string name, IReadOnlyList<double> weights, int means) => weights.Count == means
        ? new WeightedComparison(name, null, [.. weights])
        : throw new ModelException($"The comparison '{name}' has {weights.Count} weights for {means} means; give one for each.");

    private static WeightedComparison[] Polynomials(int k)
    {
        var all = new WeightedComparison[Math.Max(0, Math.Min(HighestDegree, k - 1))];
        BigInteger[] before = new BigInteger[k], own = [.. Enumerable.Repeat(BigInteger.One, k)];
        for (int n = 0; n < all.Length; n++)
        {
            // In n! tₙ, which keeps the recurrence in whole numbers.
            BigInteger[] next = [.. own.Select((t, x) => (2 * n + 1) * (2 * x - k + 1) * t - (BigInteger)n * n * ((BigInteger)k * k - (BigInteger)n * n) * before[x])];
            (before, own) = (own, next);
            all[n] = new WeightedComparison(Degrees[n], null, Reduced(next));
        }
        return all;
    }

    private static double[] Reduced(BigInteger[] values)
    {
        BigInteger divisor = values.Aggregate(BigInteger.Zero, BigInteger.GreatestCommonDivisor);
        return Array.ConvertAll(values, value => (double)(value / divisor));
    }
}

/// <summary>One comparison: a named combination, or one mean less another.</summary>
internal sealed record WeightedComparison(string First, string? Second, double[] Weights)
{
    /// <summary>The name, with <paramref name="sign"/> between the two means.</summary>
    public string Name(string sign) => Second is null ? First : $"{First} {sign} {Second}";
}
