using Terrace.Design;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>How much each level of a multilevel model explains, and how much it pools: the groups of each factor, and the rows.</summary>
/// <remarks>
/// <para>At a level with K units, θ_k = predictor + ε_k: R² = 1 − E(Var_k ε_k)/E(Var_k θ_k), the share of the units' variance that the level's predictors explain, and λ = 1 − Var_k(E ε_k)/E(Var_k ε_k), the pooling factor: near 0 the
/// errors are known from the data, near 1 they are pulled to the predictor. Expectations are over β and b given the data and the estimated variances, where they are normal with known covariance V: E(Var_k ε) = Var_k(E ε) + (ΣV_kk − 1'V1/K)/(K − 1).
/// Of a factor, ε are its intercepts b_k and θ_k adds the predictors that are constant within its levels; of the rows (linear models), θ = y.</para>
/// <para>Gelman and Pardoe (2006), <em>Bayesian measures of explained variance and pooling in multilevel (hierarchical) models</em>, equations 4 and 7; Gelman and Hill (2007), sections 21.5 and 21.6. Deviation: the variances are held at their
/// estimates, so no simulation is needed. Check: LevelSummaryTests (draws from the same distribution).</para>
/// </remarks>
public sealed record LevelSummary
{
    /// <summary>The grouping factor, or <c>rows</c>.</summary>
    public required string Level { get; init; }

    /// <summary>The number K of units.</summary>
    public required int Units { get; init; }

    /// <summary>R² of the level; 0 or a little below without predictors of it.</summary>
    public required double RSquared { get; init; }

    /// <summary>The pooling factor λ.</summary>
    public required double Pooling { get; init; }

    /// <summary>The predictors that are constant within the units, each against the modes of the groups; empty for rows.</summary>
    public IReadOnlyList<GroupPredictor> Predictors { get; init; } = [];

    /// <summary>The share by which the variance σ_g² is smaller than without these predictors (the models fitted alike); null where there are none. Negative where it is larger, which happens.</summary>
    public double? VarianceExplained { get; init; }

    /// <summary>Summarises every grouping factor that has intercepts, then the rows of a linear model.</summary>
    public static IReadOnlyList<LevelSummary> Of(MixedModelFit fit, ModelRows rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        FittedRows.Require(fit, rows);
        var moments = new LevelMoments(fit);
        var summaries = fit.TermsInFormulaOrder.Where(t => t.TermNames.Contains("(Intercept)")).DistinctBy(t => t.Group).Select(term => OfGroups(fit, rows, term, moments, cancellation)).ToList();
        if (QuadratureEngine.PointsOf(fit.Engine) is null) summaries.Add(OfRows(fit, rows, moments));
        return summaries;
    }

    private static LevelSummary OfGroups(MixedModelFit fit, ModelRows rows, RandomTermFit term, LevelMoments moments, CancellationToken cancellation)
    {
        var predictors = GroupPredictor.Find(fit, rows, term);
        int component = term.TermNames.ToList().IndexOf("(Intercept)"), levels = term.Levels.Count;
        var (errorMean, errorAll) = moments.Variance(levels, (k, combination) => combination.AddRandom(term, k, component, 1));
        var (_, valueAll) = moments.Variance(levels, (k, combination) =>
        {
            combination.AddRandom(term, k, component, 1);
            var x = new double[fit.FixedNames.Count];
            foreach (var predictor in predictors) x[predictor.Column] = predictor.Values[k];
            combination.AddFixed(x);
        });
        double? explained = predictors.Count == 0 || term.Covariance[component, component] < 0 ? null : Explained(fit, rows, term, component, predictors, cancellation);
        return new LevelSummary
        {
            Level = term.Group,
            Units = levels,
            RSquared = valueAll > 0 ? 1 - errorAll / valueAll : double.NaN,
            Pooling = errorAll > 0 ? 1 - errorMean / errorAll : 1,
            Predictors = predictors,
            VarianceExplained = explained,
        };
    }

    private static double? Explained(MixedModelFit fit, ModelRows rows, RandomTermFit term, int component, IReadOnlyList<GroupPredictor> predictors, CancellationToken cancellation)
    {
        int[] left = [.. Enumerable.Range(0, fit.FixedNames.Count).Where(j => predictors.All(p => p.Column != j))];
        var x = new Matrix(rows.Cells, left.Length);
        for (int j = 0; j < left.Length; j++) rows.Design.X.Column(left[j]).CopyTo(x.Column(j));
        DesignMatrices design = rows.Design with { X = x, ColumnNames = [.. left.Select(j => fit.FixedNames[j])], Assign = [.. left.Select(j => rows.Design.Assign[j])] };
        MixedModelFit without = Refitting.Refit(fit, rows with { Design = design }, cancellation);
        double variance = without.Terms.First(t => t.FormulaPosition == term.FormulaPosition).Covariance[component, component];
        return variance > 0 ? 1 - term.Covariance[component, component] / variance : null;
    }

    private static LevelSummary OfRows(MixedModelFit fit, ModelRows rows, LevelMoments moments)
    {
        double[] residuals = fit.Residuals();
        double error = LevelMoments.SampleVariance(residuals), uncertain = moments.PredictorVariance(rows), all = LevelMoments.SampleVariance(fit.Response);
        return new LevelSummary { Level = "rows", Units = rows.Rows, RSquared = 1 - (error + uncertain) / all, Pooling = 1 - error / (error + uncertain) };
    }
}
