using System.Globalization;
using Terrace.Families;
using Terrace.HypothesisTests;

namespace Terrace.MarginalMeans;

/// <summary>Comparisons of marginal means: differences on the scale of the linear predictor, which are log odds ratios with a logit link and log ratios with a log link.</summary>
/// <remarks>c = Σ w_i m_i with the covariance of the coefficients behind the means; t on its own degrees of freedom, or z; ratios exp(c) with standard error exp(c) se (delta method). The means of each combination
/// of the by-factors are a family of their own. Lenth (2016), section 3. Tests: MeanComparisonTests (emmeans).</remarks>
public sealed class MeanComparisons
{
    private MeanComparisons(MarginalMeanTable means, MeanContrast contrast, MultiplicityAdjustment adjustment, string? ratio, IReadOnlyList<MeanComparison> rows) =>
        (Means, Contrast, Adjustment, Ratio, Rows) = (means, contrast, adjustment, ratio, rows);

    /// <summary>The means.</summary>
    public MarginalMeanTable Means { get; }

    /// <summary>Which comparisons.</summary>
    public MeanContrast Contrast { get; }

    /// <summary>How the p-values and intervals are adjusted.</summary>
    public MultiplicityAdjustment Adjustment { get; }

    /// <summary><c>odds.ratio</c> or <c>ratio</c> where exponentials of the comparisons mean something, otherwise null.</summary>
    public string? Ratio { get; }

    /// <summary>The comparisons, one family after the other.</summary>
    public IReadOnlyList<MeanComparison> Rows { get; }

    /// <summary>Compares means; without an <paramref name="adjustment"/> pairs are adjusted by Tukey's method, treatments and consecutive means by Holm's, others not.</summary>
    /// <exception cref="ModelException">The comparison does not suit the means, or the adjustment not the comparison.</exception>
    public static MeanComparisons Of(MarginalMeanTable means, MeanContrast contrast, MultiplicityAdjustment? adjustment = null)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(contrast);
        MultiplicityAdjustment method = adjustment ?? Usual(contrast.Kind);
        if (method == MultiplicityAdjustment.Tukey && contrast.Kind != MeanContrastKind.Pairwise)
            throw new ModelException("Tukey's adjustment is for pairwise comparisons of means; take sidak or holm for others.");
        string? ratio = contrast.Kind == MeanContrastKind.Polynomial ? null : RatioOf(means.Grid.Estimates.Link);
        int factors = means.Specification.Factors.Count;
        var rows = new List<MeanComparison>();
        foreach (IGrouping<string, MarginalMean> family in means.Rows.GroupBy(mean => string.Join('\u0001', mean.Levels.Skip(factors))))
            rows.AddRange(Family(means, [.. family], contrast, method, ratio));
        return new MeanComparisons(means, contrast, method, ratio, rows);
    }

    private static MultiplicityAdjustment Usual(MeanContrastKind kind) => kind switch
    {
        MeanContrastKind.Pairwise => MultiplicityAdjustment.Tukey,
        MeanContrastKind.Treatment or MeanContrastKind.Consecutive => MultiplicityAdjustment.Holm,
        _ => MultiplicityAdjustment.None,
    };

    private static string? RatioOf(Link link) => link == Link.Logit ? "odds.ratio" : link == Link.Log ? "ratio" : null;

    private static IEnumerable<MeanComparison> Family(MarginalMeanTable table, MarginalMean[] means, MeanContrast contrast, MultiplicityAdjustment method, string? ratio)
    {
        int factors = table.Specification.Factors.Count;
        IReadOnlyList<WeightedComparison> comparisons = ContrastWeights.Of(contrast, [.. means.Select(mean => Label(table, mean))], [.. means.Select(mean => string.Join(' ', mean.Levels.Take(factors)))]);
        Estimated[] estimated = [.. comparisons.Select(comparison => Estimate(table.Grid.Estimates, means, comparison.Weights))];
        double[] p = AdjustedTests.PValues(method, [.. estimated.Select(e => e.Value / e.Error)], [.. estimated.Select(e => e.Df)], means.Length);
        int tests = estimated.Count(e => !double.IsNaN(e.Value));
        for (int i = 0; i < estimated.Length; i++)
        {
            var (value, error, df) = estimated[i];
            double half = error * AdjustedTests.CriticalValue(method, table.Level, df, tests, means.Length);
            bool isRatio = ratio is not null && Math.Abs(comparisons[i].Weights.Sum()) < 1e-10;
            ResponseMean? exponential = isRatio ? new ResponseMean(Math.Exp(value), Math.Exp(value) * error, Math.Exp(value - half), Math.Exp(value + half)) : null;
            yield return new MeanComparison([.. means[0].Levels.Skip(factors)], comparisons[i].Name(isRatio ? "/" : "-"), value, error, df, value / error, p[i], value - half, value + half, exponential);
        }
    }

    private static Estimated Estimate(FixedEffectsEstimates estimates, MarginalMean[] means, double[] weights)
    {
        var row = new double[means[0].Row.Count];
        double value = 0;
        for (int i = 0; i < means.Length; i++)
        {
            if (weights[i] == 0) continue;
            value += weights[i] * means[i].Estimate;
            for (int j = 0; j < row.Length; j++) row[j] += weights[i] * means[i].Row[j];
        }
        if (!estimates.IsEstimable(row)) return new Estimated(double.NaN, double.NaN, double.NaN);
        // Where the means alone cannot be estimated their difference can: then offsets, equal in both, cancel.
        return new Estimated(double.IsNaN(value) ? estimates.Value(row) : value, estimates.StandardError(row), estimates.DegreesOfFreedom(row));
    }

    /// <summary>The levels joined by blanks, after the factor's name where all its levels are numbers, and in parentheses where a sign in them could be taken for the comparison's.</summary>
    private static string Label(MarginalMeanTable table, MarginalMean mean)
    {
        string label = string.Join(' ', table.Specification.Factors.Select((factor, f) => table.Rows.All(row => IsNumber(row.Levels[f])) ? factor + mean.Levels[f] : mean.Levels[f]));
        return label.AsSpan().ContainsAny("+-*/") ? $"({label})" : label;
    }

    private static bool IsNumber(string level) => double.TryParse(level, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private readonly record struct Estimated(double Value, double Error, double Df);
}

/// <summary>One comparison of means; all numbers NaN where it cannot be estimated.</summary>
/// <param name="By">The levels of the by-factors.</param>
/// <param name="Name">What is compared: <c>A - B</c>, of ratios <c>A / B</c>.</param>
/// <param name="Estimate">The difference of the linear predictors.</param>
/// <param name="StdError">Its standard error.</param>
/// <param name="Df">Its degrees of freedom; infinite for z.</param>
/// <param name="Statistic">t or z.</param>
/// <param name="PValue">The two-sided p-value, adjusted.</param>
/// <param name="Lower">The lower end of the interval, adjusted.</param>
/// <param name="Upper">The upper end.</param>
/// <param name="Ratio">The exponential of the difference; null where it means nothing.</param>
public sealed record MeanComparison(IReadOnlyList<string> By, string Name, double Estimate, double StdError, double Df, double Statistic, double PValue, double Lower, double Upper, ResponseMean? Ratio);
