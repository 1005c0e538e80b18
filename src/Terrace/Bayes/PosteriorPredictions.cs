using Terrace.Design;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Bayes;

/// <summary>
/// Rows of data under every posterior draw: rstanarm's and brms's <c>posterior_linpred</c>, <c>posterior_epred</c> and <c>posterior_predict</c>, and the Bayesian R² that follows. Each row comes with the values of all
/// draws, chain after chain; rows × draws are never held.
/// </summary>
/// <remarks>Gelman and Hill (2007), chapter 21; Gelman, Goodrich, Gabry and Vehtari (2019), R-squared for Bayesian regression models, equation 3. Checked in <c>BayesianPredictionTests</c>.</remarks>
public sealed class PosteriorPredictions
{
    private const ulong OutcomeStream = 1UL << 44;
    private readonly PosteriorCoefficients _coefficients;
    private readonly ComponentRows _rows;
    private readonly PosteriorPredictors _predictors;
    private readonly PosteriorResponse _response;
    private readonly ulong _seed;

    /// <summary>Prepares the rows, coded by the frames of the fit with new levels allowed.</summary>
    /// <param name="coefficients">The posterior.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="groups">The grouping factors whose effects count; null for all, empty for none.</param>
    /// <param name="seed">The seed of unseen levels' effects and of new outcomes.</param>
    public PosteriorPredictions(PosteriorCoefficients coefficients, ComponentRows rows, IReadOnlyCollection<string>? groups = null, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(coefficients);
        ArgumentNullException.ThrowIfNull(rows);
        (_coefficients, _rows, _seed) = (coefficients, rows, seed);
        _predictors = new PosteriorPredictors(coefficients, rows, groups, false, seed);
        _response = new PosteriorResponse(coefficients);
    }

    /// <summary>The number of rows.</summary>
    public int Rows => _rows.Conditional.Rows;

    /// <summary>The number of draws.</summary>
    public int Draws => _coefficients.Draws.Count;

    /// <summary>The conditional linear predictor of a row in every draw (of unordered categories that of category <paramref name="predictor"/> + 1 against the first).</summary>
    public double[] LinearPredictor(int row, int predictor = 0)
    {
        _predictors.Set(row);
        return [.. _predictors.Values[predictor]];
    }

    /// <summary>The expected response of a row in every draw, by the whole model: of trials the probability, with the zero part and truncation of counts.</summary>
    /// <exception cref="InvalidOperationException">The response has categories: see <see cref="Probability"/>.</exception>
    public double[] Expectation(int row)
    {
        if (_response.IsByCategory) throw new InvalidOperationException("A response of categories has a probability for each, not an expectation.");
        _predictors.Set(row);
        var means = new double[Draws];
        _response.Means(_predictors.Values, _rows.Conditional.Trials?[row] ?? 1, means);
        return means;
    }

    /// <summary>The probability of a category of a row in every draw.</summary>
    /// <exception cref="InvalidOperationException">The response has no categories.</exception>
    public double[] Probability(int row, int category)
    {
        if (!_response.IsByCategory) throw new InvalidOperationException("The response has no categories.");
        _predictors.Set(row);
        var probabilities = new double[Draws];
        _response.Probabilities(_predictors.Values, category, probabilities);
        return probabilities;
    }

    /// <summary>A new response of a row in every draw: of trials the share of successes.</summary>
    /// <exception cref="InvalidOperationException">The response has categories.</exception>
    public double[] Outcome(int row)
    {
        if (_response.IsByCategory) throw new InvalidOperationException("New responses of categories follow from their probabilities.");
        _predictors.Set(row);
        var outcomes = new double[Draws];
        _response.Outcomes(_predictors.Values, _rows.Conditional.Trials?[row] ?? 1, _rows.Conditional.Weights?[row] ?? 1, new Rng(_seed, OutcomeStream + (ulong)row), outcomes);
        return outcomes;
    }

    /// <summary>R² of every draw: the variance of the expectations over the rows, over that and the variance that the model leaves, σ² of a Gaussian model and the mean of μ(1 − μ) of a binomial one (as rstanarm).</summary>
    /// <exception cref="ModelException">The family is neither gaussian nor binomial.</exception>
    public double[] RSquared()
    {
        double[]? sigma = _coefficients.Parameter("sigma");
        bool binomial = _coefficients.Family == "binomial";
        if (!binomial && (_coefficients.Family != "gaussian" || sigma is null)) throw new ModelException($"Bayesian R² is for gaussian and binomial models, not for the {_coefficients.Family} family.");
        double[] sum = new double[Draws], squares = new double[Draws], left = new double[Draws];
        for (int row = 0; row < Rows; row++)
        {
            double[] mean = Expectation(row);
            for (int s = 0; s < mean.Length; s++)
            {
                sum[s] += mean[s];
                squares[s] += mean[s] * mean[s];
                left[s] += mean[s] * (1 - mean[s]) / Rows;
            }
        }
        var result = new double[Draws];
        for (int s = 0; s < result.Length; s++)
        {
            double explained = (squares[s] - sum[s] * sum[s] / Rows) / (Rows - 1), residual = binomial ? left[s] : sigma![s] * sigma[s];
            result[s] = explained / (explained + residual);
        }
        return result;
    }
}
