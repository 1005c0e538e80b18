using Terrace.Design;
using Terrace.Families;
using Terrace.Families.Densities;
using Terrace.Numerics.Distributions;

namespace Terrace.Predictions;

/// <summary>
/// Predicts rows of new data from a distributional model, with standard deviations and intervals: the mean of the whole model, zero part and truncation included, or the probability of
/// each ordered category.
/// <para>sd of a mean m(η, ψ) by the delta method, √(g'Cg), g its gradient in the predictors, C their covariance (<see cref="RowPredictors"/>). Intervals: where m depends on η alone the
/// ends are those of η transformed; other means are positive, and their interval is that of log m; that of a probability p is of logit p. A new outcome has the distribution of the
/// family mixed over a normal η, the other parameters at their estimates (<see cref="DistributionalOutcome"/>).</para>
/// <para>Brooks et al. (2017) for the model; the joint covariance as glmmTMB's <c>predict</c>. Pinned by <c>DistributionalPredictionTests</c> against glmmTMB and ordinal.</para>
/// </summary>
public sealed class DistributionalPredictor
{
    private readonly DistributionalPredictionModel _model;
    private readonly PredictionOptions _options;
    private readonly RowPredictors _predictors;
    private readonly DistributionalOutcome _outcome;
    private readonly double _quantile;

    /// <summary>Prepares predictions from <paramref name="model"/>.</summary>
    /// <exception cref="ModelException">The options name a grouping factor that the model lacks, or ask for outcomes on the scale of the link or of categories.</exception>
    public DistributionalPredictor(DistributionalPredictionModel model, PredictionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _options = options ?? new PredictionOptions();
        Predictor.RequireKnownGroups(_options, model.Groups);
        if (_options.Interval == PredictionInterval.Outcome && _options.Scale == PredictionScale.Link)
            throw new ModelException("New outcomes have no scale of the linear predictor; ask for the scale of the response.");
        if (_options.Interval == PredictionInterval.Outcome && model.Family.IsOrdered)
            throw new ModelException("A new outcome of ordered categories has no interval; the probabilities of the categories say how likely each one is: ask for the interval of the mean.");
        _predictors = new RowPredictors(model, _options);
        _outcome = new DistributionalOutcome(model.Family, model.HasZeroPart);
        _quantile = Normal.Quantile(0.5 + 0.5 * _options.Level);
    }

    /// <summary>Whether there is a prediction for each category of a row.</summary>
    public bool IsByCategory => _model.Family.IsOrdered && _options.Scale == PredictionScale.Response;

    /// <summary>Predicts the rows of a source of <paramref name="sourceRows"/> rows, of which <paramref name="rows"/> are those without a missing value; of ordered categories one table for each.</summary>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public IReadOnlyList<CategoryPredictions> Predict(ComponentRows rows, int sourceRows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        string?[] categories = IsByCategory ? [.. _model.Categories] : [null];
        UnseenLevels[] unseen = Predictor.Unseen(rows.Conditional.Design);
        CategoryPredictions[] tables = [.. categories.Select(category => new CategoryPredictions(category, new RowPredictions(sourceRows, _options.Interval) { Unseen = unseen }))];
        for (int row = 0; row < rows.Conditional.Rows; row++)
        {
            if (row % 1024 == 0) cancellation.ThrowIfCancellationRequested();
            _predictors.Set(rows, row);
            for (int c = 0; c < tables.Length; c++) tables[c].Rows.Set(rows.Conditional.SourceRows[row], IsByCategory ? OfCategory(c) : OfRow());
        }
        return tables;
    }

    private Prediction OfRow()
    {
        double eta = _predictors.Values[0], sd = Math.Sqrt(Math.Max(0, _predictors.Covariance[0, 0]));
        if (_options.Scale == PredictionScale.Link) return new Prediction(eta, sd, eta - _quantile * sd, eta + _quantile * sd);
        ReadOnlySpan<double> psi = _predictors.Values.AsSpan(1);
        ResponseMoments moments = ResponseMoments.Of(_model.Family, eta, psi, _model.HasZeroPart, 1);
        if (_options.Interval == PredictionInterval.Outcome) return _outcome.Of(eta, sd, psi, moments.Mean, 0.5 - 0.5 * _options.Level);
        if (moments.Own == 0 && moments.Zero == 0 && _model.Family.Distribution != ResponseDistribution.LogNormal) return Transformed(moments, eta, sd);
        double error = Math.Sqrt(Math.Max(0, MeanVariance(moments))), reach = _quantile * error / moments.Mean;
        return new Prediction(moments.Mean, error, moments.Mean * Math.Exp(-reach), moments.Mean * Math.Exp(reach));
    }

    private Prediction Transformed(ResponseMoments moments, double eta, double sd)
    {
        Link link = _model.Family.Link;
        double Bound(double at) => link.IsValidEta(at) ? link.Mean(at) : double.NaN;
        double a = Bound(eta - _quantile * sd), b = Bound(eta + _quantile * sd);
        return new Prediction(moments.Mean, Math.Abs(moments.Slope) * sd, Math.Min(a, b), Math.Max(a, b));
    }

    private double MeanVariance(ResponseMoments moments)
    {
        var gradient = new double[_predictors.Values.Length];
        gradient[0] = moments.Slope;
        if (gradient.Length > 1) gradient[1] += moments.Own;
        if (_model.HasZeroPart) gradient[^1] += moments.Zero;
        return Form(gradient);
    }

    private double Form(double[] gradient)
    {
        double sum = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            for (int j = 0; j < gradient.Length; j++) sum += gradient[i] * _predictors.Covariance[i, j] * gradient[j];
        }
        return sum;
    }

    /// <summary>The probability of a category: the density's value and score say how it depends on the predictors.</summary>
    private Prediction OfCategory(int category)
    {
        int n = _predictors.Values.Length;
        ResponseDensity density = _model.Family.Density(new OutcomeValues([category], null, [1], _model.Categories), false);
        var at = new DensityDerivatives(1, n - 1);
        density.SetParameters([.. Enumerable.Range(1, n - 1).Select(k => new[] { _predictors.Values[k] })]);
        density.Evaluate([_predictors.Values[0]], DensityDetail.Gradient, at);
        double p = Math.Exp(at.Value[0]), error = Math.Sqrt(Math.Max(0, Form([p * at.First[0], .. at.Own.Select(own => p * own[0])])));
        double logit = Math.Log(p) - Math.Log(1 - p), reach = _quantile * error / (p * (1 - p));
        return new Prediction(p, error, Link.Logit.Mean(logit - reach), Link.Logit.Mean(logit + reach));
    }
}

/// <summary>Predictions of rows for one category, or for the response where there are no categories.</summary>
/// <param name="Category">The category, or null.</param>
/// <param name="Rows">The predictions.</param>
public sealed record CategoryPredictions(string? Category, RowPredictions Rows);
