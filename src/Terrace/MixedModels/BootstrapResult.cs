using Terrace.Numerics.Distributions;

namespace Terrace.MixedModels;

/// <summary>The kinds of bootstrap interval.</summary>
public enum BootstrapIntervalKind
{
    /// <summary>Quantiles of the replicates.</summary>
    Percentile,

    /// <summary>The estimate less quantiles of the replicates' errors: 2t − upper quantile to 2t − lower quantile.</summary>
    Basic,

    /// <summary>The estimate less the bias, ± z standard deviations of the replicates.</summary>
    Normal,
}

/// <summary>The replicates of a parametric bootstrap and the intervals that follow from them. Immutable.</summary>
/// <remarks>
/// Intervals after Davison and Hinkley (1997), <em>Bootstrap Methods and their Application</em>, equations 5.6 (basic), 5.18 (percentile) and 5.5 (normal); quantiles are order statistics (R + 1)α,
/// interpolated on the normal scale in between, their section 5.2.1, which is what R's boot.ci does. Check: ParametricBootstrapTests.
/// </remarks>
public sealed class BootstrapResult
{
    private readonly double[] _values;
    private readonly double[]?[] _sorted;

    internal BootstrapResult(IReadOnlyList<string> names, double[] estimates, double[] values, IReadOnlyList<FailedReplicate> failed, int singular, BootstrapOptions options)
    {
        (Names, Estimates, Failed, Singular) = (names, estimates, failed, singular);
        (Replicates, Seed, KeepGroupEffects) = (options.Replicates, options.Seed, options.KeepGroupEffects);
        _values = values;
        _sorted = new double[]?[names.Count];
    }

    /// <summary>The names of the statistics.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The statistics of the original fit.</summary>
    public IReadOnlyList<double> Estimates { get; }

    /// <summary>The number of replicates, failed ones included.</summary>
    public int Replicates { get; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; }

    /// <summary>Whether the group effects stayed at their modes.</summary>
    public bool KeepGroupEffects { get; }

    /// <summary>The replicates that could not be fitted, with the reasons; their statistics are NaN.</summary>
    public IReadOnlyList<FailedReplicate> Failed { get; }

    /// <summary>How many refits had a variance of 0 or a correlation of ±1.</summary>
    public int Singular { get; }

    /// <summary>One statistic of one replicate; NaN where it is not defined.</summary>
    public double Value(int replicate, int statistic) => _values[replicate * Names.Count + statistic];

    /// <summary>How many replicates define a statistic.</summary>
    public int Defined(int statistic) => Sorted(statistic).Length;

    /// <summary>The mean of the replicates less the estimate.</summary>
    public double Bias(int statistic) => Sorted(statistic).Length == 0 ? double.NaN : Sorted(statistic).Average() - Estimates[statistic];

    /// <summary>The standard deviation of the replicates: the bootstrap's standard error.</summary>
    public double StandardError(int statistic)
    {
        double[] values = Sorted(statistic);
        double mean = Bias(statistic) + Estimates[statistic];
        return values.Length < 2 ? double.NaN : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }

    /// <summary>The interval of probability <paramref name="level"/>; NaN where fewer than two replicates define the statistic.</summary>
    public (double Lower, double Upper) Interval(int statistic, double level = 0.95, BootstrapIntervalKind kind = BootstrapIntervalKind.Percentile)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(level, 1);
        double[] sorted = Sorted(statistic);
        if (sorted.Length < 2) return (double.NaN, double.NaN);
        double estimate = Estimates[statistic], low = Quantile(sorted, (1 - level) / 2), high = Quantile(sorted, (1 + level) / 2);
        if (kind == BootstrapIntervalKind.Percentile) return (low, high);
        if (kind == BootstrapIntervalKind.Basic) return (2 * estimate - high, 2 * estimate - low);
        double centre = estimate - Bias(statistic), half = Normal.Quantile((1 + level) / 2) * StandardError(statistic);
        return (centre - half, centre + half);
    }

    private double[] Sorted(int statistic) => _sorted[statistic] ??= [.. Enumerable.Range(0, Replicates).Select(r => Value(r, statistic)).Where(v => !double.IsNaN(v)).Order()];

    private static double Quantile(double[] sorted, double probability)
    {
        int n = sorted.Length;
        double position = (n + 1) * probability;
        int below = (int)Math.Floor(position + 1e-9);
        if (below < 1) return sorted[0];
        if (below >= n) return sorted[^1];
        double from = Normal.Quantile(below / (n + 1.0)), to = Normal.Quantile((below + 1) / (n + 1.0));
        double share = Math.Clamp((Normal.Quantile(probability) - from) / (to - from), 0, 1);
        return sorted[below - 1] + share * (sorted[below] - sorted[below - 1]);
    }
}
