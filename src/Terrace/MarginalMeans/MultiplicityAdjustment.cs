using Terrace.Numerics.Distributions;

namespace Terrace.MarginalMeans;

/// <summary>How p-values allow for several tests at once.</summary>
public enum MultiplicityAdjustment
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Times the number of tests.</summary>
    Bonferroni,

    /// <summary>Holm's step-down form of Bonferroni's: never larger, and as safe.</summary>
    Holm,

    /// <summary>Šidák's: 1 − (1 − p)^n.</summary>
    Sidak,

    /// <summary>Tukey's, for all pairs of means, by the studentised range.</summary>
    Tukey,

    /// <summary>Benjamini and Hochberg's: the expected share of false discoveries.</summary>
    FalseDiscoveryRate,
}

/// <summary>Adjusted p-values and critical values of a family of t or z tests.</summary>
/// <remarks>
/// <para>Bonferroni n p; Šidák (1967) 1 − (1 − p)^n; Holm (1979) the running maximum of (n − i + 1) p_(i); Benjamini and Hochberg (1995) the running minimum from the largest of n p_(i)/i; Tukey (1953)
/// P(Q &gt; √2 |t|) for k means, exact for balanced independent means and conservative otherwise (Hayter 1984). Intervals go with the method, those of Holm and of Benjamini and Hochberg with Bonferroni, as they have none of their own.</para>
/// <para>Check: MeanComparisonTests (emmeans).</para>
/// </remarks>
internal static class AdjustedTests
{
    /// <summary>The adjusted p-values; NaN statistics are no tests and stay NaN.</summary>
    public static double[] PValues(MultiplicityAdjustment method, double[] statistics, double[] df, int means)
    {
        double[] plain = [.. statistics.Select((t, i) => double.IsPositiveInfinity(df[i]) ? 2 * Normal.UpperTail(Math.Abs(t)) : StudentT.TwoSided(t, df[i]))];
        int n = plain.Count(p => !double.IsNaN(p));
        return method switch
        {
            MultiplicityAdjustment.Bonferroni => [.. plain.Select(p => Math.Min(1, n * p))],
            MultiplicityAdjustment.Sidak => [.. plain.Select(p => p >= 1 ? 1 : -Numerics.SpecialFunctions.LogisticFunction.Expm1(n * Numerics.SpecialFunctions.LogisticFunction.Log1p(-p)))],
            MultiplicityAdjustment.Holm => Stepwise(plain, (p, rank) => (n - rank) * p, down: true),
            MultiplicityAdjustment.FalseDiscoveryRate => Stepwise(plain, (p, rank) => n * p / (rank + 1), down: false),
            MultiplicityAdjustment.Tukey => [.. statistics.Select((t, i) => double.IsNaN(t) ? double.NaN : StudentizedRange.UpperTail(Math.Sqrt(2) * Math.Abs(t), means, df[i]))],
            _ => plain,
        };
    }

    /// <summary>How many standard errors an interval reaches to each side, so that all <paramref name="tests"/> intervals cover together with probability <paramref name="level"/>.</summary>
    public static double CriticalValue(MultiplicityAdjustment method, double level, double df, int tests, int means)
    {
        if (double.IsNaN(df)) return double.NaN;
        if (method == MultiplicityAdjustment.Tukey) return StudentizedRange.Quantile(level, means, df) / Math.Sqrt(2);
        double miss = method switch
        {
            MultiplicityAdjustment.None => 1 - level,
            MultiplicityAdjustment.Sidak => -Numerics.SpecialFunctions.LogisticFunction.Expm1(Math.Log(level) / tests),
            _ => (1 - level) / tests,
        };
        return double.IsPositiveInfinity(df) ? Normal.Quantile(1 - 0.5 * miss) : StudentT.Quantile(1 - 0.5 * miss, df);
    }

    private static double[] Stepwise(double[] plain, Func<double, int, double> scale, bool down)
    {
        double[] adjusted = [.. plain.Select(_ => double.NaN)];
        int[] order = [.. Enumerable.Range(0, plain.Length).Where(i => !double.IsNaN(plain[i])).OrderBy(i => plain[i])];
        double bound = down ? 0 : 1;
        foreach (int rank in down ? Enumerable.Range(0, order.Length) : Enumerable.Range(0, order.Length).Reverse())
        {
            double value = scale(plain[order[rank]], rank);
            bound = down ? Math.Max(bound, value) : Math.Min(bound, value);
            adjusted[order[rank]] = Math.Min(1, bound);
        }
        return adjusted;
    }
}
