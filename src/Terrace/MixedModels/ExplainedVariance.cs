using Terrace.Design;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// R² and intraclass correlations of a mixed model on the scale of the linear predictor: the shares of fixed effects, grouping factors and distribution in the variance of an observation.
/// </summary>
/// <remarks>
/// <para>σ_f² = Var(x'β) over the rows (offsets left out); σ_τ² = mean of z'Σz over the rows, which is Σσ_g² for random intercepts; σ_ε² the distribution-specific variance. Marginal R² = σ_f²/V, conditional R² = (σ_f² + σ_τ²)/V,
/// V = σ_f² + σ_τ² + σ_ε²; adjusted ICC = σ_τ²/(σ_τ² + σ_ε²), unadjusted ICC = σ_τ²/V; of one factor its own part of σ_τ² in the numerator.</para>
/// <para>Nakagawa, Johnson and Schielzeth (2017), <em>The coefficient of determination R² and intra-class correlation coefficient from generalized linear mixed-effects models revisited and expanded</em>, equations 2.1 to 3.10 and
/// table 2; Johnson (2014), <em>Extension of Nakagawa and Schielzeth's R²_GLMM to random slopes models</em>, equation 11. The mean of the response that σ_ε² needs comes from a model with the same groups and no predictors, as they recommend.
/// Check: ExplainedVarianceTests (the published formulas from fits of lme4).</para>
/// </remarks>
public sealed record ExplainedVariance
{
    /// <summary>σ_f²: the variance of the fixed part over the rows.</summary>
    public required double FixedVariance { get; init; }

    /// <summary>σ_τ² of each grouping factor, all its terms together.</summary>
    public required IReadOnlyList<GroupVariance> Groups { get; init; }

    /// <summary>R² and ICC by each way to know the variance of the distribution, the recommended one first; empty for a family for which none is published.</summary>
    public required IReadOnlyList<VarianceShares> Measures { get; init; }

    /// <summary>σ_τ²: the mean variance of the random effects' part.</summary>
    public double RandomVariance => Groups.Sum(group => group.Variance);

    /// <summary>Computes the shares for a fit to <paramref name="rows"/>.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="rows">The rows it was fitted to.</param>
    /// <param name="nullModel">The same model without predictors (<see cref="NullModel"/>); null takes the mean of the fixed part and the random variance of the fit itself, which is the same where predictors are centred.</param>
    public static ExplainedVariance Of(MixedModelFit fit, ModelRows rows, MixedModelFit? nullModel = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        FittedRows.Require(fit, rows);
        double[] fixedPart = FixedPart(fit, rows);
        var groups = GroupVariances(fit, rows);
        double average = fixedPart.Average(), random = groups.Sum(g => g.Variance);
        if (nullModel is not null) (average, random) = (nullModel.Beta[0], GroupVariances(nullModel, rows).Sum(g => g.Variance));
        var result = new ExplainedVariance { FixedVariance = SampleVariance(fixedPart), Groups = groups, Measures = [] };
        return result with { Measures = [.. DistributionVariance.Of(fit.Family, fit.Sigma * fit.Sigma, average, random).Select(v => result.Shares(v.Method, v.Variance))] };
    }

    /// <summary>Fits the model with an intercept in place of all fixed effects; offset, groups, weights and engine as they were.</summary>
    public static MixedModelFit NullModel(MixedModelFit fit, ModelRows rows, CancellationToken cancellation = default)
    {
        FittedRows.Require(fit, rows);
        var intercept = new Matrix(rows.Cells, 1);
        intercept.Column(0).Fill(1);
        ModelRows without = rows with { Design = rows.Design with { X = intercept, ColumnNames = ["(Intercept)"], Assign = [0] } };
        return Refitting.Refit(fit, without, cancellation);
    }

    private VarianceShares Shares(string method, double residual)
    {
        double random = RandomVariance, all = FixedVariance + random + residual;
        return new VarianceShares(method, residual, FixedVariance / all, (FixedVariance + random) / all, random / (random + residual), random / all,
            [.. Groups.Select(g => new GroupIcc(g.Group, g.Variance / (random + residual), g.Variance / all))]);
    }

    private static double[] FixedPart(MixedModelFit fit, ModelRows rows)
    {
        var cells = new double[rows.Cells];
        foreach (int j in fit.Estimated)
        {
            var column = rows.Design.X.Column(j);
            for (int c = 0; c < cells.Length; c++) cells[c] += fit.Beta[j] * column[c];
        }
        return [.. Counted(fit).Select(i => cells[fit.RowToCell[i]])];
    }

    private static GroupVariance[] GroupVariances(MixedModelFit fit, ModelRows rows) =>
        [.. fit.Terms.GroupBy(term => term.Group).Select(terms => new GroupVariance(terms.Key, terms.Sum(term => MeanVariance(fit, term, rows.Design.RandomTerms[term.FormulaPosition].Z))))];

    /// <summary>The mean of z'Σz over the rows.</summary>
    private static double MeanVariance(MixedModelFit fit, RandomTermFit term, Matrix z)
    {
        var cells = new double[z.Rows];
        for (int c = 0; c < cells.Length; c++)
        {
            for (int a = 0; a < z.Columns; a++)
            {
                for (int b = 0; b < z.Columns; b++) cells[c] += z[c, a] * term.Covariance[a, b] * z[c, b];
            }
        }
        return Counted(fit).Average(i => cells[fit.RowToCell[i]]);
    }

    private static IEnumerable<int> Counted(MixedModelFit fit) => Enumerable.Range(0, fit.RowToCell.Count).Where(i => fit.Weights[i] > 0);

    private static double SampleVariance(double[] values)
    {
        double mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }
}

/// <summary>The part of one grouping factor in the variance of the linear predictor.</summary>
/// <param name="Group">The grouping factor.</param>
/// <param name="Variance">The mean of z'Σz over the rows, all terms of the factor together.</param>
public sealed record GroupVariance(string Group, double Variance);

/// <summary>R² and intraclass correlations for one distribution-specific variance.</summary>
/// <param name="Method"><c>residual</c> (Gaussian), <c>theoretical</c>, <c>lognormal</c>, <c>delta</c> or <c>trigamma</c>.</param>
/// <param name="ResidualVariance">σ_ε².</param>
/// <param name="Marginal">R² of the fixed effects.</param>
/// <param name="Conditional">R² of fixed and random effects.</param>
/// <param name="AdjustedIcc">The share of the groups in what the fixed effects leave.</param>
/// <param name="UnadjustedIcc">The share of the groups in the whole variance.</param>
/// <param name="Groups">Both shares for each grouping factor.</param>
public sealed record VarianceShares(
    string Method, double ResidualVariance, double Marginal, double Conditional, double AdjustedIcc, double UnadjustedIcc, IReadOnlyList<GroupIcc> Groups);

/// <summary>The intraclass correlation of one grouping factor.</summary>
/// <param name="Group">The grouping factor.</param>
/// <param name="Adjusted">Its share in what the fixed effects leave.</param>
/// <param name="Unadjusted">Its share in the whole variance.</param>
public sealed record GroupIcc(string Group, double Adjusted, double Unadjusted);
