using Terrace.Families;
using Terrace.HypothesisTests;
using Terrace.Numerics.Distributions;

namespace Terrace.MarginalMeans;

/// <summary>
/// Estimated marginal means: the linear predictor at the combinations of some factors' levels, averaged over all other factors of the <see cref="ReferenceGrid"/>.
/// </summary>
/// <remarks>
/// <para>m = l'β + offset, l the average of the grid's rows; se = √(l'Vl); t intervals on the degrees of freedom of l, normal ones where the tests are of z. On the response's scale g⁻¹(m), the standard error
/// se |dμ/dη| by the delta method, the interval's ends transformed. This is the mean of the response at an average linear predictor, which with random effects is that of a typical group, not the average over groups.</para>
/// <para>Searle, Speed and Milliken (1980); Lenth (2016), <em>Least-squares means: the R package lsmeans</em>, sections 2 and 3.6. Means that the data cannot estimate have no numbers. Check: MarginalMeansTests.</para>
/// </remarks>
public sealed class MarginalMeanTable
{
    private MarginalMeanTable(ReferenceGrid grid, MeanSpecification specification, MarginWeights weights, double level, IReadOnlyList<MarginalMean> rows) =>
        (Grid, Specification, Weights, Level, Rows) = (grid, specification, weights, level, rows);

    /// <summary>What the means average.</summary>
    public ReferenceGrid Grid { get; }

    /// <summary>Of which factors they are.</summary>
    public MeanSpecification Specification { get; }

    /// <summary>How the other factors' levels count.</summary>
    public MarginWeights Weights { get; }

    /// <summary>The probability of the intervals.</summary>
    public double Level { get; }

    /// <summary>The means: the factors' levels running faster than those of the by-factors, the first the fastest.</summary>
    public IReadOnlyList<MarginalMean> Rows { get; }

    /// <summary>Whether there is a response scale apart from the linear predictor's.</summary>
    public bool HasResponseScale => Grid.Estimates.Link != Link.Identity;

    /// <summary>The means of <paramref name="specification"/>.</summary>
    /// <exception cref="ModelException">A factor is not in the fixed effects.</exception>
    public static MarginalMeanTable Of(ReferenceGrid grid, MeanSpecification specification, MarginWeights weights = MarginWeights.Equal, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(specification);
        if (level is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "A level lies between 0 and 1.");
        MeanSpecification resolved = specification.Resolve([.. grid.Factors], [.. grid.Covariates.Keys]);
        int[] shown = [.. resolved.Factors.Concat(resolved.By).Select(name => grid.Factors.ToList().IndexOf(name))];
        Func<int, double> share = weights == MarginWeights.Equal ? _ => 1 : grid.Frequencies([.. Enumerable.Range(0, grid.Factors.Count).Except(shown)]);
        var rows = new List<MarginalMean>();
        foreach (IGrouping<int, int> points in Enumerable.Range(0, grid.Points).GroupBy(point => Place(grid, shown, point)).OrderBy(group => group.Key))
            rows.Add(Mean(grid, shown, [.. points], share, level));
        return new MarginalMeanTable(grid, resolved, weights, level, rows);
    }

    private static int Place(ReferenceGrid grid, int[] shown, int point)
    {
        int place = 0;
        foreach (int factor in shown.Reverse()) place = place * grid.Levels(factor).Count + grid.Code(factor, point);
        return place;
    }

    private static MarginalMean Mean(ReferenceGrid grid, int[] shown, int[] points, Func<int, double> weight, double level)
    {
        double[] share = [.. points.Select(weight)];
        double total = share.Sum(), offset = 0;
        var row = new double[grid.X.Columns];
        for (int i = 0; i < points.Length; i++)
        {
            for (int j = 0; j < row.Length; j++) row[j] += share[i] / total * grid.X[points[i], j];
            offset += share[i] / total * grid.Offset[points[i]];
        }
        string[] levels = [.. shown.Select(factor => grid.Levels(factor)[grid.Code(factor, points[0])])];
        FixedEffectsEstimates estimates = grid.Estimates;
        if (!estimates.IsEstimable(row) || !(total > 0)) return MarginalMean.NotEstimable(levels, row);
        double mean = estimates.Value(row) + offset, error = estimates.StandardError(row), df = estimates.DegreesOfFreedom(row);
        double half = error * (double.IsPositiveInfinity(df) ? Normal.Quantile(0.5 + 0.5 * level) : StudentT.Quantile(0.5 + 0.5 * level, df));
        return new MarginalMean(levels, mean, error, df, mean - half, mean + half, Response(estimates.Link, mean, error, half), row);
    }

    private static ResponseMean Response(Link link, double mean, double error, double half)
    {
        double a = link.Mean(mean - half), b = link.Mean(mean + half);
        return new ResponseMean(link.Mean(mean), error * Math.Abs(link.Slope(mean)), Math.Min(a, b), Math.Max(a, b));
    }
}

/// <summary>One marginal mean; all numbers NaN where it cannot be estimated.</summary>
/// <param name="Levels">The levels of the factors, then of the by-factors.</param>
/// <param name="Estimate">The mean of the linear predictor.</param>
/// <param name="StdError">Its standard error.</param>
/// <param name="Df">Its degrees of freedom; infinite where the interval is normal.</param>
/// <param name="Lower">The lower end of its interval.</param>
/// <param name="Upper">The upper end.</param>
/// <param name="Response">The same on the scale of the response.</param>
/// <param name="Row">The weights l of the coefficients.</param>
public sealed record MarginalMean(IReadOnlyList<string> Levels, double Estimate, double StdError, double Df, double Lower, double Upper, ResponseMean Response, IReadOnlyList<double> Row)
{
    /// <summary>Whether the data say anything about it.</summary>
    public bool IsEstimable => !double.IsNaN(Estimate);

    internal static MarginalMean NotEstimable(string[] levels, double[] row) =>
        new(levels, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, new ResponseMean(double.NaN, double.NaN, double.NaN, double.NaN), row);
}

/// <summary>A marginal mean on the scale of the response.</summary>
/// <param name="Estimate">The mean.</param>
/// <param name="StdError">Its standard error by the delta method.</param>
/// <param name="Lower">The lower end of its interval, transformed.</param>
/// <param name="Upper">The upper end.</param>
public sealed record ResponseMean(double Estimate, double StdError, double Lower, double Upper);
