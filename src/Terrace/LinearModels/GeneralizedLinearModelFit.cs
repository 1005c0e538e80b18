using Terrace.Design;
using Terrace.Families;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.LinearModels;

/// <summary>
/// A fitted linear or generalised linear model. Everything is of the original rows, whether they were collapsed to cells or not, and defined as in R: degrees
/// of freedom count rows of positive weight; the dispersion is Pearson's (McCullagh and Nelder, 1989, section 4.5), computed with the weights of the last
/// iteration, as the covariance matrix is. Immutable. Checked against R in <c>LinearModelFixtureTests</c>.
/// </summary>
public sealed class GeneralizedLinearModelFit
{
    private readonly IrlsResult _result;
    private readonly Lazy<RowDiagnostics> _diagnostics;

    internal GeneralizedLinearModelFit(
        Observations observations, DesignMatrices design, IrlsResult result, double nullDeviance, IReadOnlyList<ModelWarning> warnings, LinearModelStatistics? linear = null)
    {
        _result = result;
        (Observations, Design) = (observations, design);
        Linear = linear;
        Warnings = warnings;
        NullDeviance = nullDeviance;
        Rank = result.Step.Qr.Rank;
        ResidualDf = observations.WeightedRows - Rank;
        NullDf = observations.WeightedRows - (NullModel.HasIntercept(design) ? 1 : 0);
        Dispersion = Family.HasKnownDispersion ? 1 : EstimateDispersion();
        LogLikelihood = observations.LogLikelihood(Deviance, LikelihoodDispersion());
        Estimates = Estimate(design);
        _diagnostics = new Lazy<RowDiagnostics>(() => new RowDiagnostics(observations, result, Dispersion));
    }

    /// <summary>The family with its link.</summary>
    public Family Family => Observations.Family;

    /// <summary>The coefficients with their covariance matrix, tests and predictions.</summary>
    public CoefficientEstimates Estimates { get; }

    /// <summary>The number of rows of positive weight.</summary>
    public int Rows => Observations.WeightedRows;

    /// <summary>The number of cells that the rows collapse to.</summary>
    public int Cells => _result.Eta.Length;

    /// <summary>The number of coefficients that are not aliased.</summary>
    public int Rank { get; }

    /// <summary>Rows less <see cref="Rank"/>.</summary>
    public int ResidualDf { get; }

    /// <summary>The residual degrees of freedom of the null model.</summary>
    public int NullDf { get; }

    /// <summary>Σ w d(y, μ); of a linear model the residual sum of squares.</summary>
    public double Deviance => _result.Deviance;

    /// <summary>The deviance of the model with an intercept (and the offset) only.</summary>
    public double NullDeviance { get; }

    /// <summary>φ: 1 for binomial and Poisson, otherwise Pearson's estimate (of a linear model σ²); NaN without residual degrees of freedom.</summary>
    public double Dispersion { get; }

    /// <summary>The log likelihood, constants included; NaN for quasi families. Where φ is estimated it is Σ w d / Σ w here, as in R (exact for the Gaussian and inverse Gaussian).</summary>
    public double LogLikelihood { get; }

    /// <summary>The number of parameters that the likelihood counts: the rank, and the dispersion where it is estimated.</summary>
    public int Parameters => Rank + (Family.HasKnownDispersion || !Family.HasLikelihood ? 0 : 1);

    /// <summary>Akaike's criterion; NaN for quasi families.</summary>
    public double Aic => -2 * LogLikelihood + 2 * Parameters;

    /// <summary>Schwarz's criterion; NaN for quasi families.</summary>
    public double Bic => -2 * LogLikelihood + Math.Log(Rows) * Parameters;

    /// <summary>The number of iterations of IRLS; 1 for a linear model.</summary>
    public int Iterations => _result.Iterations;

    /// <summary>Whether the iterations met the stopping rule.</summary>
    public bool Converged => _result.Converged;

    /// <summary>What the user should know: <c>aliased</c>, <c>not-converged</c>, <c>separation</c>.</summary>
    public IReadOnlyList<ModelWarning> Warnings { get; }

    /// <summary>σ, R² and F of a linear model; null for a generalised one.</summary>
    public LinearModelStatistics? Linear { get; }

    /// <summary>Residuals, leverages and Cook's distances of the rows, computed when first asked for.</summary>
    public RowDiagnostics Diagnostics => _diagnostics.Value;

    /// <summary>What the model was fitted to.</summary>
    internal Observations Observations { get; }

    /// <summary>The model matrix and offset of the cells.</summary>
    internal DesignMatrices Design { get; }

    /// <summary>The fitted mean of every row.</summary>
    public double[] FittedValues() => ByRow(_result.Mean);

    /// <summary>The linear predictor of every row, offset included.</summary>
    public double[] LinearPredictor() => ByRow(_result.Eta);

    /// <summary>
    /// Predictions for every row of <paramref name="rows"/> (coded by the model frame of the fit), their offset included, on the scales of link and response with
    /// standard errors.
    /// </summary>
    public LinearPredictions Predict(ModelRows rows)
    {
        LinearPredictions cells = Estimates.Predict(rows.Design, Family.Link);
        return new LinearPredictions(
            Spread(cells.Link, rows.RowToCell), Spread(cells.LinkStdError, rows.RowToCell), Spread(cells.Response, rows.RowToCell),
            Spread(cells.ResponseStdError, rows.RowToCell), Spread(cells.IsEstimable, rows.RowToCell));
    }

    private CoefficientEstimates Estimate(DesignMatrices design)
    {
        Matrix covariance = _result.Step.UnscaledCovariance();
        for (int k = 0; k < covariance.Values.Length; k++) covariance.Values[k] *= Dispersion;
        double[] values = [.. _result.Coefficients];
        foreach (int j in _result.Step.Qr.Pivot.Skip(Rank)) values[j] = double.NaN;
        return new CoefficientEstimates
        {
            Terms = design.ColumnNames,
            Values = values,
            Covariance = covariance,
            EstimableColumns = _result.Step.EstimableColumns(),
            Dependencies = _result.Step.Dependencies(design.X),
            DegreesOfFreedom = Family.HasKnownDispersion ? double.PositiveInfinity : ResidualDf,
        };
    }

    // Pearson's statistic with the working weights of the last step, over the residual degrees of freedom.
    private double EstimateDispersion()
    {
        if (ResidualDf <= 0) return double.NaN;
        double sum = 0;
        for (int c = 0; c < _result.Eta.Length; c++)
        {
            double w = Observations.Weight[c], slope = Family.Link.Slope(_result.Eta[c]), residual = Observations.Y[c] - _result.Mean[c];
            if (_result.Step.Weight[c] > 0) sum += _result.Step.Weight[c] * (residual * residual + Observations.WithinSquares[c] / w) / (slope * slope);
        }
        return sum / ResidualDf;
    }

    private double LikelihoodDispersion() => Family.HasKnownDispersion ? 1 : Deviance / (Family.IsGaussian ? Rows : Observations.WeightSum);

    private double[] ByRow(double[] cells) => Spread(cells, Observations.RowToCell);

    private static T[] Spread<T>(T[] cells, int[] rowToCell)
    {
        var rows = new T[rowToCell.Length];
        for (int i = 0; i < rows.Length; i++) rows[i] = cells[rowToCell[i]];
        return rows;
    }
}
