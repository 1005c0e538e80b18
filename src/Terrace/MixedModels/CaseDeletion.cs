using Terrace.Design;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>The fixed effects of a fit without some rows.</summary>
/// <param name="Beta">The fixed effects that the whole fit estimates.</param>
/// <param name="Covariance">Their covariance.</param>
/// <param name="StandardDeviations">Of all random effects, term by term, then σ; null where they are kept.</param>
internal sealed record DeletedFit(double[] Beta, Matrix Covariance, double[]? StandardDeviations);

/// <summary>A way to fit a model without the rows of a level.</summary>
internal interface ICaseDeletion
{
    /// <summary>The fit without the cells whose code is <paramref name="level"/>; null where the fixed effects cannot be estimated without them.</summary>
    DeletedFit? Without(int[] codes, int level, CancellationToken cancellation);
}

/// <summary>Fits the whole model again, the rows left out having a weight of 0.</summary>
internal sealed class RefittedDeletion(MixedModelFit fit, ModelRows rows) : ICaseDeletion
{
    /// <inheritdoc/>
    public DeletedFit? Without(int[] codes, int level, CancellationToken cancellation)
    {
        double[] weights = [.. rows.RowToCell.Select((cell, i) => codes[cell] == level ? 0 : rows.Weights?[i] ?? 1)];
        try
        {
            MixedModelFit without = Refitting.Refit(fit, rows with { Weights = weights }, cancellation);
            if (!without.Estimated.SequenceEqual(fit.Estimated)) return null;
            double[] deviations = [.. without.Terms.SelectMany(t => Enumerable.Range(0, t.TermNames.Count).Select(t.StandardDeviation)), without.Sigma];
            return new DeletedFit([.. without.Estimated.Select(j => without.Beta[j])], without.BetaCovariance, deviations);
        }
        catch (ModelException)
        {
            return null;
        }
    }
}

/// <summary>Solves the joint least-squares problem again at the estimated θ and σ, the working weights of the cells left out being 0: from the estimates, the step is −H⁻¹ times what those cells contributed to the gradient.</summary>
/// <remarks>Pregibon (1981), <em>Logistic regression diagnostics</em>, for one step from the estimates; exact for a linear model given θ. Check: GroupInfluenceTests.</remarks>
internal sealed class OneStepDeletion : ICaseDeletion
{
    private const double Vanished = 1e-6;
    private readonly MixedModelFit _fit;
    private readonly FittedCells _fitted;
    private readonly RelativeCovarianceFactor _lambda;
    private readonly CrossProductAccumulator _accumulator;
    private readonly BlockedCrossProduct _product;
    private readonly BlockedCholesky _factor;
    private readonly double[] _whole;
    private readonly double[] _score;
    private readonly double[] _weights;
    private readonly double[] _products;
    private readonly double[] _solution;

    public OneStepDeletion(MixedModelFit fit, ModelRows rows)
    {
        _fit = fit;
        _fitted = new FittedCells(fit, rows);
        var cells = _fitted.Cells;
        _lambda = new RelativeCovarianceFactor(cells.Layout);
        _lambda.Set(fit.Theta);
        _accumulator = new CrossProductAccumulator(cells);
        _product = new BlockedCrossProduct(cells.Layout, cells.Pattern, cells.FixedColumns);
        _factor = new BlockedCholesky(cells.Layout, cells.Pattern, cells.FixedColumns);
        _score = new double[cells.Count];
        BlockedCholesky all = fit.Joint.AtEstimate().Factor;
        _whole = [.. Enumerable.Range(0, cells.FixedColumns).Select(j => all.FixedEntry(j, j))];
        _weights = new double[cells.Count];
        _products = new double[cells.Coefficients];
        _solution = new double[cells.Coefficients];
    }

    /// <inheritdoc/>
    public DeletedFit? Without(int[] codes, int level, CancellationToken cancellation)
    {
        for (int c = 0; c < _weights.Length; c++) (_weights[c], _score[c]) = codes[c] == level ? (0.0, -_fitted.Score[c]) : (_fitted.Weights[c], 0.0);
        _accumulator.Accumulate(_weights, [], _product);
        if (!_factor.TryFactor(_product, _lambda) || LosesAColumn()) return null;
        _fitted.Cells.TransposedProduct(_score, _products);
        _lambda.MultiplyTransposed(_products, _solution);
        _factor.Solve(_solution);
        double[] step = _fitted.Cells.Basis.ToCoefficients(_solution.AsSpan(_fitted.Cells.Layout.Columns));
        return new DeletedFit([.. step.Select((d, j) => _fit.Beta[_fit.Estimated[j]] + d)], _fit.Joint.FixedCovariance(_factor, _fit.Sigma), null);
    }

    /// <summary>Whether a column of X has next to nothing left of what it had with all rows.</summary>
    private bool LosesAColumn()
    {
        for (int j = 0; j < _fitted.Cells.FixedColumns; j++)
        {
            if (_factor.FixedEntry(j, j) < Vanished * _whole[j]) return true;
        }
        return false;
    }
}
