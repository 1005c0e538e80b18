using Terrace.Design;
using Terrace.LinearModels;

namespace Terrace.MixedModels;

/// <summary>
/// The three ways to treat groups side by side: complete pooling (no groups in the model), no pooling (each group its own intercept) and partial pooling (the multilevel model), with the weight that the last gives a group's own data.
/// </summary>
/// <remarks>
/// <para>All three estimate the linear predictor of a group at reference predictors x₀: α_j = x₀'β + b_j. No pooling replaces b_j by a coefficient for each group. The pooling weight ω is the share of the group's own estimate in the
/// multilevel one. <em>Approximate</em>: n_j/σ_y² / (n_j/σ_y² + 1/σ_α²). <em>Exact</em>: 1 − Var(b_j | y, θ)/σ_α², the conditional variance given all parameters, which for y ~ 1 + (1 | g) is the same number and for other models takes
/// weights, predictors and the other factors into account.</para>
/// <para>Gelman and Hill (2007), <em>Data Analysis Using Regression and Multilevel/Hierarchical Models</em>, section 12.2, equation 12.1 (and section 21.6 for the conditional variance). Deviations: for a generalised model σ_y²/n_j is 1/ΣW of
/// the group's working weights. Check: ThreePoolingsTests.</para>
/// </remarks>
public sealed record ThreePoolings
{
    /// <summary>The grouping factor.</summary>
    public required string Group { get; init; }

    /// <summary>The groups, in the order of the levels.</summary>
    public required IReadOnlyList<PooledGroup> Groups { get; init; }

    /// <summary>Complete pooling: the linear predictor at x₀ in the model without groups.</summary>
    public required double Complete { get; init; }

    /// <summary>Its standard error.</summary>
    public required double CompleteStdError { get; init; }

    /// <summary>The values of the fixed effects' columns at which groups are compared, by the name of the column.</summary>
    public required IReadOnlyList<(string Column, double Value)> Reference { get; init; }

    /// <summary>The standard deviation σ_α of the groups.</summary>
    public required double GroupSd { get; init; }

    /// <summary>Fits the other two models and compares them with <paramref name="fit"/>.</summary>
    /// <param name="fit">A mixed model with one term, (1 | g).</param>
    /// <param name="rows">The rows it was fitted to.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <remarks>x₀ is the mean of each column over the rows; a column that is constant within the groups, a group-level predictor, keeps each group's own value in partial pooling, as it has to be left out of no pooling.</remarks>
    /// <exception cref="ModelException">The model has more than one random-effects term, a slope, or no intercept among its fixed effects.</exception>
    public static ThreePoolings Of(MixedModelFit fit, ModelRows rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        FittedRows.Require(fit, rows);
        if (fit.Terms.Count != 1 || fit.Terms[0].TermNames is not ["(Intercept)"])
            throw new ModelException("The three poolings are compared for a model with one grouping factor and no random slope: y ~ x + (1 | group).");
        if (fit.FixedNames.Count == 0 || fit.FixedNames[0] != "(Intercept)") throw new ModelException("The three poolings are compared for a model with an intercept; leave out the '0 +'.");
        var design = new PooledDesign(rows);
        double[] reference = design.Reference();
        var complete = Fit(fit, rows, rows.Design with { RandomTerms = [] }, cancellation);
        var separate = Fit(fit, rows, design.WithGroupColumns(), cancellation);
        LinearPredictions pooled = complete.Estimates.Predict(design.ReferenceRow(reference), fit.Family.Link);
        var groups = Compare(fit, rows, design, separate, reference);
        return new ThreePoolings
        {
            Group = fit.Terms[0].Group,
            Groups = groups,
            Complete = pooled.Link[0],
            CompleteStdError = pooled.LinkStdError[0],
            Reference = [.. fit.FixedNames.Select((name, j) => (name, reference[j])).Skip(1)],
            GroupSd = fit.Terms[0].StandardDeviation(0),
        };
    }

    private static GeneralizedLinearModelFit Fit(MixedModelFit fit, ModelRows rows, DesignMatrices design, CancellationToken cancellation)
    {
        ModelRows own = rows with { Design = design };
        return QuadratureEngine.PointsOf(fit.Engine) is null ? LinearModel.Fit(own) : GeneralizedLinearModel.Fit(own, fit.Family, cancellation: cancellation);
    }

    private static PooledGroup[] Compare(MixedModelFit fit, ModelRows rows, PooledDesign design, GeneralizedLinearModelFit separate, double[] reference)
    {
        RandomTermFit term = fit.Terms[0];
        int levels = term.Levels.Count;
        var fitted = new FittedCells(fit, rows);
        double[] information = new double[levels];
        for (int c = 0; c < design.Codes.Length; c++) information[design.Codes[c]] += fitted.Weights[c] / (fit.Sigma * fit.Sigma);
        int[] sizes = new int[levels];
        for (int i = 0; i < rows.Rows; i++) sizes[design.Codes[rows.RowToCell[i]]] += fit.Weights[i] > 0 ? 1 : 0;
        LinearPredictions own = separate.Estimates.Predict(design.GroupRows(reference), fit.Family.Link);
        var distribution = fit.Joint.AtEstimate();
        var combination = fit.Joint.NewCombination();
        double variance = term.Covariance[0, 0];
        var groups = new PooledGroup[levels];
        for (int g = 0; g < levels; g++)
        {
            double[] at = design.ReferenceOf(g, reference);
            combination.Clear();
            combination.AddFixed(at);
            combination.AddRandom(term, g, 0, 1);
            double prediction = fit.Estimated.Sum(j => fit.Beta[j] * at[j]), conditional = term.ConditionalStandardDeviation(g, 0);
            groups[g] = new PooledGroup(term.Levels[g], sizes[g], own.IsEstimable[g] ? own.Link[g] : double.NaN, own.IsEstimable[g] ? own.LinkStdError[g] : double.NaN,
                prediction + term.Modes[g, 0], Math.Sqrt(distribution.Variance(combination)), prediction,
                variance > 0 ? information[g] / (information[g] + 1 / variance) : 0, variance > 0 ? 1 - conditional * conditional / variance : 0);
        }
        return groups;
    }
}

/// <summary>One group in the three poolings; all estimates on the scale of the linear predictor.</summary>
/// <param name="Level">The level of the grouping factor.</param>
/// <param name="Rows">Its number of rows.</param>
/// <param name="NoPooling">The group's own estimate.</param>
/// <param name="NoPoolingStdError">Its standard error.</param>
/// <param name="PartialPooling">The multilevel estimate.</param>
/// <param name="PartialPoolingSd">Its standard deviation, that of the fixed effects included.</param>
/// <param name="Predicted">What the group-level model predicts for the group without its effect: what it is pulled to.</param>
/// <param name="ApproximateWeight">The weight of the group's own data by equation 12.1.</param>
/// <param name="Weight">The weight from the conditional variance.</param>
public sealed record PooledGroup(
    string Level, int Rows, double NoPooling, double NoPoolingStdError, double PartialPooling, double PartialPoolingSd, double Predicted, double ApproximateWeight, double Weight);
