using Terrace.Design;

namespace Terrace.MixedModels;

/// <summary>A predictor that is constant within the levels of a grouping factor, against the modes of the groups' intercepts: what the model has not explained by it should show no trend.</summary>
/// <remarks>Gelman and Hill (2007), section 12.6 (group-level predictors and residuals of the group level). Slope and correlation are those of the modes weighted by the share of their variance that is known, 1 − Var(b_k | y)/σ_g², as shrunken modes hide trends.
/// Check: LevelSummaryTests.</remarks>
public sealed record GroupPredictor
{
    /// <summary>The column of the model matrix.</summary>
    public required string Name { get; init; }

    /// <summary>Its value in each group.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>The modes of the groups' intercepts.</summary>
    public required IReadOnlyList<double> Modes { get; init; }

    /// <summary>Their conditional standard deviations.</summary>
    public required IReadOnlyList<double> ConditionalSds { get; init; }

    /// <summary>The slope of the modes on the predictor.</summary>
    public required double Slope { get; init; }

    /// <summary>Their correlation.</summary>
    public required double Correlation { get; init; }

    /// <summary>The column's place in the model matrix.</summary>
    internal int Column { get; init; }

    /// <summary>The predictors of the level of <paramref name="term"/>: estimated columns, not the intercept, that are constant within its groups.</summary>
    internal static IReadOnlyList<GroupPredictor> Find(MixedModelFit fit, ModelRows rows, RandomTermFit term)
    {
        int[] codes = rows.Design.RandomTerms[term.FormulaPosition].Codes;
        int component = term.TermNames.ToList().IndexOf("(Intercept)"), levels = term.Levels.Count;
        double[] modes = [.. Enumerable.Range(0, levels).Select(k => term.Modes[k, component])];
        double[] sds = [.. Enumerable.Range(0, levels).Select(k => term.ConditionalStandardDeviation(k, component))];
        double variance = term.Covariance[component, component];
        double[] weights = [.. sds.Select(sd => variance > 0 ? Math.Max(0, 1 - sd * sd / variance) : 1)];
        var found = new List<GroupPredictor>();
        foreach (int j in fit.Estimated)
        {
            if (fit.FixedNames[j] == "(Intercept)" || ConstantValues(rows, codes, levels, j) is not { } values) continue;
            var (slope, correlation) = Trend(values, modes, weights);
            found.Add(new GroupPredictor { Name = fit.FixedNames[j], Values = values, Modes = modes, ConditionalSds = sds, Slope = slope, Correlation = correlation, Column = j });
        }
        return found;
    }

    private static double[]? ConstantValues(ModelRows rows, int[] codes, int levels, int column)
    {
        var x = rows.Design.X.Column(column);
        var values = new double[levels];
        Array.Fill(values, double.NaN);
        for (int c = 0; c < codes.Length; c++)
        {
            if (!double.IsNaN(values[codes[c]]) && values[codes[c]] != x[c]) return null;
            values[codes[c]] = x[c];
        }
        return values;
    }

    private static (double Slope, double Correlation) Trend(double[] x, double[] y, double[] w)
    {
        double total = w.Sum(), meanX = 0, meanY = 0, xx = 0, xy = 0, yy = 0;
        for (int k = 0; k < x.Length; k++) (meanX, meanY) = (meanX + w[k] * x[k] / total, meanY + w[k] * y[k] / total);
        for (int k = 0; k < x.Length; k++)
        {
            xx += w[k] * (x[k] - meanX) * (x[k] - meanX);
            xy += w[k] * (x[k] - meanX) * (y[k] - meanY);
            yy += w[k] * (y[k] - meanY) * (y[k] - meanY);
        }
        return (xy / xx, xy / Math.Sqrt(xx * yy));
    }
}
