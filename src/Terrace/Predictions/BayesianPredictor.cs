using Terrace.Bayes;
using Terrace.Design;
using Terrace.Inference.Posterior;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Predictions;

/// <summary>
/// Predicts rows of new data from the posterior draws of a Bayesian model: the mean of the draws, their standard deviation, and quantiles for intervals. Of categories one prediction for each.
/// </summary>
/// <remarks>
/// Interval <c>mean</c> is of <c>posterior_epred</c>, <c>group</c> of the same with every level unseen, <c>outcome</c> of <c>posterior_predict</c> (rstanarm, brms). Rows × draws are never held. Gelman and Hill (2007), chapter 21.
/// Checked in <c>BayesianPredictionTests</c>.
/// </remarks>
public sealed class BayesianPredictor
{
    private const ulong OutcomeStream = 1UL << 44;
    private readonly PosteriorCoefficients _coefficients;
    private readonly PredictionOptions _options;
    private readonly PosteriorResponse _response;
    private readonly ulong _seed;

    /// <summary>Prepares predictions.</summary>
    /// <exception cref="ModelException">The options name a grouping factor that the model lacks, or ask for outcomes of categories or on the scale of the link.</exception>
    public BayesianPredictor(PosteriorCoefficients coefficients, PredictionOptions? options = null, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(coefficients);
        (_coefficients, _options, _seed) = (coefficients, options ?? new PredictionOptions(), seed);
        _response = new PosteriorResponse(coefficients);
        Predictor.RequireKnownGroups(_options, coefficients.Groups);
        if (_options.Interval == PredictionInterval.Outcome && _options.Scale == PredictionScale.Link) throw new ModelException("New outcomes have no scale of the linear predictor; ask for the scale of the response.");
        if (_options.Interval == PredictionInterval.Outcome && _response.IsByCategory)
            throw new ModelException("A new outcome of categories has no interval; the probabilities of the categories say how likely each one is: ask for the interval of the mean.");
        if (_options.Scale == PredictionScale.Link && coefficients.Conditional > 1)
            throw new ModelException("Unordered categories have a linear predictor each; ask for the scale of the response, which has their probabilities.");
    }

    private bool IsByCategory => _response.IsByCategory && _options.Scale == PredictionScale.Response;

    /// <summary>Predicts the rows of a source of <paramref name="sourceRows"/> rows, of which <paramref name="rows"/> are those without a missing value; of categories one table for each.</summary>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public IReadOnlyList<CategoryPredictions> Predict(ComponentRows rows, int sourceRows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        string?[] categories = IsByCategory ? [.. _coefficients.Categories] : [null];
        UnseenLevels[] unseen = Predictor.Unseen(rows.Conditional.Design);
        CategoryPredictions[] tables = [.. categories.Select(category => new CategoryPredictions(category, new RowPredictions(sourceRows, _options.Interval) { Unseen = unseen }))];
        var predictors = new PosteriorPredictors(_coefficients, rows, _options.Groups, _options.Interval == PredictionInterval.Group, _seed, _options.NewLevelEffects);
        var values = new double[_coefficients.Draws.Count];
        for (int row = 0; row < rows.Conditional.Rows; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            predictors.Set(row);
            for (int c = 0; c < tables.Length; c++)
            {
                Draw(predictors.Values, rows.Conditional, row, c, values);
                tables[c].Rows.Set(rows.Conditional.SourceRows[row], Summary(predictors.Values, rows.Conditional.Trials?[row] ?? 1, values));
            }
        }
        return tables;
    }

    private void Draw(double[][] eta, ModelRows rows, int row, int category, double[] values)
    {
        double trials = rows.Trials?[row] ?? 1;
        if (IsByCategory) _response.Probabilities(eta, category, values);
        else if (_options.Scale == PredictionScale.Link) eta[0].CopyTo(values, 0);
        else if (_options.Interval == PredictionInterval.Outcome) _response.Outcomes(eta, trials, rows.Weights?[row] ?? 1, new Rng(_seed, OutcomeStream + (ulong)row), values);
        else _response.Means(eta, trials, values);
    }

    /// <summary>Mean, standard deviation and quantiles; the estimate of a new outcome is the mean of its expectations, which varies less from run to run.</summary>
    private Prediction Summary(double[][] eta, double trials, double[] values)
    {
        DrawSummary summary = DrawSummary.Of(values, _options.Level);
        if (_options.Interval != PredictionInterval.Outcome) return new Prediction(summary.Mean, summary.Sd, summary.Lower, summary.Upper);
        _response.Means(eta, trials, values);
        return new Prediction(SampleMoments.Mean(values), summary.Sd, summary.Lower, summary.Upper);
    }
}
