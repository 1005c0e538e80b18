using Terrace.Design;
using Terrace.MixedModels;
using Terrace.NonlinearModels;

namespace Terrace.Predictions;

/// <summary>
/// Predicts rows from a nonlinear model: μ = f(x; φ), φ = β + Σ b over the terms whose level is known; Var(μ) = g'Cov(β, b)g + Σ g'Σg over the terms whose level is new,
/// g = ∂f/∂φ at φ (delta method), and σ² more for a new outcome. Bates and Watts (1988), section 2.3.2; R's <c>predict.nls</c> has no standard errors, lme4's nlmer neither.
/// Pinned by <c>NonlinearPredictionTests</c>.
/// </summary>
internal sealed class NonlinearPredictor
{
    private readonly PredictionModel _model;
    private readonly PredictionOptions _options;
    private readonly NonlinearMean _mean;
    private readonly double _quantile;
    private readonly ConditionalDistribution? _conditional;
    private readonly LinearCombination? _combination;
    private readonly RandomTermFit[] _terms;
    private readonly double[] _inputs;
    private readonly double[] _parameters;
    private readonly double[] _gradient;

    public NonlinearPredictor(PredictionModel model, PredictionOptions options, double quantile)
    {
        _model = model;
        _options = options;
        _mean = model.Nonlinear!;
        _quantile = quantile;
        _conditional = model.Joint?.AtEstimate();
        _combination = model.Joint?.NewCombination();
        _terms = [.. model.Terms.Where(term => options.Groups?.Contains(term.Group) ?? true)];
        _inputs = new double[_mean.Inputs.Count];
        _parameters = new double[_mean.Parameters.Count];
        _gradient = new double[_mean.Parameters.Count];
    }

    /// <summary>The prediction of each cell; none where the mean or its derivatives are not finite.</summary>
    public Prediction[] Predict(DesignMatrices design, CancellationToken cancellation)
    {
        var cells = new Prediction[design.Rows];
        for (int cell = 0; cell < cells.Length; cell++)
        {
            if (cell % 1024 == 0) cancellation.ThrowIfCancellationRequested();
            cells[cell] = Predict(design, cell);
        }
        return cells;
    }

    private Prediction Predict(DesignMatrices design, int cell)
    {
        for (int j = 0; j < _inputs.Length; j++) _inputs[j] = design.X[cell, j];
        for (int k = 0; k < _parameters.Length; k++) _parameters[k] = _model.Beta[k];
        foreach (RandomTermFit term in _terms)
        {
            int level = LevelOf(design, term, cell);
            for (int j = 0; level >= 0 && j < term.TermNames.Count; j++) _parameters[Position(term, j)] += term.Modes[level, j];
        }
        double mean = _mean.Evaluate(_inputs, _parameters, _gradient);
        double variance = Variance(design, cell);
        if (!double.IsFinite(mean) || !double.IsFinite(variance)) return Prediction.None;
        if (_options.Interval == PredictionInterval.Outcome) variance += _model.Dispersion;
        double sd = Math.Sqrt(Math.Max(0, variance));
        return new Prediction(mean, sd, mean - _quantile * sd, mean + _quantile * sd);
    }

    private double Variance(DesignMatrices design, int cell)
    {
        if (_model.Coefficients is { } coefficients) return Quadratic(coefficients.Covariance, k => _gradient[k], _gradient.Length);
        _combination!.Clear();
        _combination.AddFixed(_gradient);
        double extra = 0;
        foreach (RandomTermFit term in _terms)
        {
            int level = LevelOf(design, term, cell);
            if (level < 0) extra += Quadratic(term.Covariance, j => _gradient[Position(term, j)], term.TermNames.Count);
            for (int j = 0; level >= 0 && j < term.TermNames.Count; j++) _combination.AddRandom(term, level, j, _gradient[Position(term, j)]);
        }
        return extra + _conditional!.Variance(_combination);
    }

    /// <summary>The known level of a cell's group, or -1.</summary>
    private int LevelOf(DesignMatrices design, RandomTermFit term, int cell)
    {
        RandomTermDesign groups = design.RandomTerms[term.FormulaPosition];
        int level = groups.Codes[cell];
        return level >= groups.Levels.Count || _options.Interval == PredictionInterval.Group ? -1 : level;
    }

    private int Position(RandomTermFit term, int component) => _mean.TermParameters[term.FormulaPosition][component];

    private static double Quadratic(Numerics.LinearAlgebra.Matrix matrix, Func<int, double> weight, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
            for (int j = 0; j < count; j++) sum += weight(i) * matrix[i, j] * weight(j);
        return sum;
    }
}
