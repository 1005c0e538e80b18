using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.Numerics.Distributions;

namespace Terrace.Predictions;

/// <summary>
/// Predicts rows of new data from a fit, with standard deviations and intervals.
/// <para>η = offset + x'β + Σ z'b; Var(η) = (x, z)' Cov(β, b) (x, z) + Σ z'Σz over the terms whose level is new (their b is 0). On the scale of the outcome the standard
/// deviation is |dμ/dη| sd(η) (delta method) and the interval is that of η transformed, so that it keeps to possible values.</para>
/// <para>x, z: a row of <see cref="DesignMatrices.X"/> and of a term's <see cref="RandomTermDesign.Z"/>; β, b: <see cref="PredictionModel.Beta"/>, the terms' modes; Σ: a term's
/// covariance; the joint covariance of (β, b) comes from <see cref="JointPrecision"/>, given the variance parameters.</para>
/// <para>Linear models as R's <c>predict.lm</c> (t quantiles), generalised ones as <c>predict.glm</c> with <c>se.fit</c>; mixed models: D. Bates et al. (2015), section 5, joint
/// covariance. Deviation from lme4: the variance of a new level counts. Pinned by <c>PredictorTests</c> against R and by simulation.</para>
/// </summary>
public sealed class Predictor
{
    private readonly PredictionModel _model;
    private readonly PredictionOptions _options;
    private readonly ConditionalDistribution? _conditional;
    private readonly LinearCombination? _combination;
    private readonly OutcomeDistribution _outcome;
    private readonly double _quantile;
    private readonly (RandomTermFit Fit, int Position)[] _terms;

    /// <summary>Prepares predictions from <paramref name="model"/>.</summary>
    /// <exception cref="ModelException">The options name a grouping factor that the model lacks, or ask for outcomes on the scale of the link.</exception>
    public Predictor(PredictionModel model, PredictionOptions? options = null)
    {
        _model = model;
        _options = options ?? new PredictionOptions();
        if (_options is { Interval: PredictionInterval.Outcome, Scale: PredictionScale.Link })
            throw new ModelException("New outcomes have no scale of the linear predictor; ask for the scale of the response.");
        _terms = [.. model.Terms.Where(IsIncluded).Select(term => (term, term.FormulaPosition))];
        _conditional = model.Joint is { Factorisation: not Factorisation.Iterative } joint ? joint.AtEstimate() : null; // an iterative fit predicts without standard deviations
        _combination = model.Joint?.NewCombination();
        _outcome = new OutcomeDistribution(model.Family, model.Dispersion);
        _quantile = model.Coefficients?.CriticalValue(_options.Level) ?? Normal.Quantile(0.5 + 0.5 * _options.Level);
        RequireKnownGroups(_options, model.Groups);
    }

    /// <summary>Predicts the rows of a source of <paramref name="sourceRows"/> rows, of which <paramref name="rows"/> are those without a missing value.</summary>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public RowPredictions Predict(ModelRows rows, int sourceRows, CancellationToken cancellation = default)
    {
        Prediction[] cells = _model.Nonlinear is not null ? new NonlinearPredictor(_model, _options, _quantile).Predict(rows.Design, cancellation)
            : _model.Coefficients is { } coefficients ? PredictFixed(coefficients, rows.Design) : PredictMixed(rows.Design, cancellation);
        var predictions = new RowPredictions(sourceRows, _options.Interval) { Unseen = Unseen(rows.Design) };
        for (int i = 0; i < rows.Rows; i++) predictions.Set(rows.SourceRows[i], cells[rows.RowToCell[i]]);
        return predictions;
    }

    private bool IsIncluded(RandomTermFit term) => _options.Groups?.Contains(term.Group) ?? true;

    /// <summary>Checks that the grouping factors that the options name are among <paramref name="groups"/>.</summary>
    /// <exception cref="ModelException">One is not.</exception>
    internal static void RequireKnownGroups(PredictionOptions options, IReadOnlyList<string> groups)
    {
        string? unknown = options.Groups?.FirstOrDefault(group => !groups.Contains(group));
        if (unknown is null) return;
        string near = NearestName.Suggest(unknown, groups) is { } name ? $" Did you mean '{name}'?" : "";
        throw new ModelException($"The model has no grouping factor '{unknown}'; it has {(groups.Count == 0 ? "none" : string.Join(", ", groups))}.{near}");
    }

    private Prediction[] PredictFixed(CoefficientEstimates coefficients, DesignMatrices design)
    {
        LinearPredictions linear = coefficients.Predict(design, _model.Family.Link);
        var cells = new Prediction[design.Rows];
        for (int cell = 0; cell < cells.Length; cell++)
            cells[cell] = linear.IsEstimable[cell] ? OnScale(linear.Link[cell], linear.LinkStdError[cell]) : Prediction.None;
        return cells;
    }

    private Prediction[] PredictMixed(DesignMatrices design, CancellationToken cancellation)
    {
        var cells = new Prediction[design.Rows];
        var x = new double[design.X.Columns];
        for (int cell = 0; cell < cells.Length; cell++)
        {
            if (cell % 1024 == 0) cancellation.ThrowIfCancellationRequested();
            for (int j = 0; j < x.Length; j++) x[j] = design.X[cell, j];
            (double eta, double variance) = LinearPredictor(design, cell, x);
            cells[cell] = OnScale(eta, Math.Sqrt(Math.Max(0, variance)));
        }
        return cells;
    }

    private (double Eta, double Variance) LinearPredictor(DesignMatrices design, int cell, double[] x)
    {
        double eta = design.Offset[cell], extra = 0;
        for (int j = 0; j < x.Length; j++)
        {
            if (!double.IsNaN(_model.Beta[j])) eta += x[j] * _model.Beta[j];
        }
        _combination!.Clear();
        _combination.AddFixed(x);
        foreach ((RandomTermFit fit, int position) in _terms)
        {
            RandomTermDesign term = design.RandomTerms[position];
            int level = term.Codes[cell];
            if (level >= term.Levels.Count || _options.Interval == PredictionInterval.Group) extra += NewLevelVariance(fit, term, cell);
            else eta += AddLevel(fit, term, cell, level);
        }
        return (eta, _conditional is null ? double.NaN : extra + _conditional.Variance(_combination));
    }

    private double AddLevel(RandomTermFit fit, RandomTermDesign term, int cell, int level)
    {
        double sum = 0;
        for (int k = 0; k < fit.TermNames.Count; k++)
        {
            sum += term.Z[cell, k] * fit.Modes[level, k];
            _combination!.AddRandom(fit, level, k, term.Z[cell, k]);
        }
        return sum;
    }

    private static double NewLevelVariance(RandomTermFit fit, RandomTermDesign term, int cell)
    {
        double sum = 0;
        for (int i = 0; i < fit.TermNames.Count; i++)
        {
            for (int j = 0; j < fit.TermNames.Count; j++) sum += term.Z[cell, i] * fit.Covariance[i, j] * term.Z[cell, j];
        }
        return sum;
    }

    private Prediction OnScale(double eta, double sd)
    {
        if (_options.Scale == PredictionScale.Link) return new Prediction(eta, sd, eta - _quantile * sd, eta + _quantile * sd);
        Family family = _model.Family;
        double mean = family.Link.Mean(eta);
        if (_options.Interval == PredictionInterval.Outcome) return OutcomeOf(eta, sd, mean);
        double a = Bound(eta - _quantile * sd), b = Bound(eta + _quantile * sd);
        return new Prediction(mean, Math.Abs(family.Link.Slope(eta)) * sd, Math.Min(a, b), Math.Max(a, b));
    }

    private Prediction OutcomeOf(double eta, double sd, double mean)
    {
        double outcomeSd = _outcome.Sd(eta, sd);
        if (_model.Family.IsGaussian && _model.Family.Link == Link.Identity)
            return new Prediction(mean, outcomeSd, mean - _quantile * outcomeSd, mean + _quantile * outcomeSd);
        double tail = 0.5 - 0.5 * _options.Level;
        return new Prediction(mean, outcomeSd, _outcome.Quantile(tail, eta, sd), _outcome.Quantile(1 - tail, eta, sd));
    }

    /// <summary>The mean at an end of the linear predictor's interval; NaN where the link does not allow it.</summary>
    private double Bound(double eta) => _model.Family.Link.IsValidEta(eta) ? _model.Family.Link.Mean(eta) : double.NaN;

    internal static UnseenLevels[] Unseen(DesignMatrices design) =>
        [.. design.RandomTerms.Where(term => term.NewLevels.Count > 0).DistinctBy(term => term.Group).Select(term => new UnseenLevels(term.Group, term.NewLevels))];
}
