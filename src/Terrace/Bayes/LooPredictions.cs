using Terrace.Inference.Diagnostics;
using Terrace.Inference.Evaluation;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Bayes;

/// <summary>Where a row's response lies in its predictive distribution without the row: <c>P(ỹ &lt; y)</c>, <c>P(ỹ ≤ y)</c>, and a point drawn evenly between them, uniform where the model is right.</summary>
/// <param name="Pit">The probability integral transform; of discrete responses randomised.</param>
/// <param name="Lower">P(ỹ &lt; y).</param>
/// <param name="Upper">P(ỹ ≤ y).</param>
public readonly record struct PitValue(double Pit, double Lower, double Upper);

/// <summary>
/// What a model says of each row without having seen it, by importance weights of the draws: probability integral transforms (loo's <c>loo_pit</c>) and the explained variance (rstanarm's and brms's <c>loo_R2</c>).
/// <code>
/// w_is smoothed from 1/p(y_i | θ_s);   pit_i = Σ_s w_is [1(ỹ_is &lt; y_i) + u_i 1(ỹ_is = y_i)];   e_i = y_i − Σ_s w_is E(y_i | θ_s)
/// R² = 1 − var_d(e)/var_d(y),  var_d under weights d ~ Dirichlet(1, …, 1) of the rows (Bayesian bootstrap)
/// </code>
/// Gelman, Goodrich, Gabry and Vehtari (2019), R-squared for Bayesian regression models, and its online appendix on loo; Gabry, Simpson, Vehtari, Betancourt and Gelman (2019), Visualization in Bayesian workflow, section 5; Czado, Gneiting and Held (2009), for discrete
/// responses. Checked in <c>LooPredictionsTests</c> against exact fits without a row and against the R packages.
/// </summary>
public sealed class LooPredictions
{
    private const ulong OutcomeStream = 1UL << 46, UniformStream = 1UL << 47, BootstrapStream = 1UL << 48;
    private readonly BayesianFit _fit;
    private readonly RowLogLikelihood _likelihood;
    private readonly PosteriorResponse _response;
    private readonly ulong _seed;

    /// <summary>Of a fit; <paramref name="seed"/> is that of new outcomes and of the bootstrap.</summary>
    /// <exception cref="ModelException">The fit is without data, or its response is of unordered categories.</exception>
    public LooPredictions(BayesianFit fit, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (fit.Model.PriorOnly) throw new ModelException("Without the data there are no rows to be left out.");
        if (fit.Model.Structure.IsCategorical) throw new ModelException("Unordered categories have no order in which a response could lie low or high.");
        (_fit, _seed) = (fit, seed);
        _likelihood = new RowLogLikelihood(fit);
        _response = new PosteriorResponse(PosteriorCoefficients.Of(fit, fit.Model.Link.Name));
    }

    /// <summary>The transform of each row, in the order of the rows.</summary>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public IReadOnlyList<PitValue> Pit(CancellationToken cancellation = default)
    {
        var bounds = new (double Lower, double Upper)[_likelihood.Count];
        Each((i, weights, eta) => bounds[i] = Bounds(i, weights, eta), cancellation);
        var rng = new Rng(_seed, UniformStream);
        return [.. _likelihood.ObservationOfRow.Select(i => new PitValue(bounds[i].Lower + rng.NextDouble() * (bounds[i].Upper - bounds[i].Lower), bounds[i].Lower, bounds[i].Upper))];
    }

    /// <summary>Draws of the explained share of the variance of the rows' responses (of trials: of the shares), −1 where it is less.</summary>
    /// <exception cref="ModelException">The response has categories.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public double[] RSquared(int draws = 4000, CancellationToken cancellation = default)
    {
        if (_response.IsByCategory) throw new ModelException("A response of categories has no variance to be explained.");
        var expected = new double[_likelihood.Count];
        Each((i, weights, eta) =>
        {
            var means = new double[weights.Length];
            _response.Means(eta, _likelihood.Observation(i).Trials, means);
            for (int s = 0; s < means.Length; s++) expected[i] += weights[s] * means[s];
        }, cancellation);
        double[] y = [.. _likelihood.ObservationOfRow.Select(Response)], residual = [.. _likelihood.ObservationOfRow.Select((i, row) => y[row] - expected[i])];
        return [.. Enumerable.Range(0, draws).Select(draw => Bootstrapped(y, residual, new Rng(_seed, BootstrapStream + (ulong)draw)))];
    }

    private static double Bootstrapped(double[] y, double[] residual, Rng rng)
    {
        double total = 0, meanY = 0, meanE = 0, squaresY = 0, squaresE = 0;
        for (int i = 0; i < y.Length; i++)
        {
            double weight = rng.NextExponential();
            total += weight;
            meanY += weight * y[i];
            meanE += weight * residual[i];
            squaresY += weight * y[i] * y[i];
            squaresE += weight * residual[i] * residual[i];
        }
        double varianceY = squaresY / total - meanY / total * (meanY / total), varianceE = squaresE / total - meanE / total * (meanE / total);
        return Math.Clamp(1 - varianceE / varianceY, -1, 1);
    }

    /// <summary>The response in the units of outcomes: of trials the share.</summary>
    private double Response(int observation)
    {
        (double y, _, double trials) = _likelihood.Observation(observation);
        return _fit.Model.CountsSuccesses ? y / trials : y;
    }

    private (double, double) Bounds(int i, double[] weights, double[][] eta)
    {
        (double y, double weight, double trials) = _likelihood.Observation(i);
        var values = new double[weights.Length];
        double below = 0, equal = 0;
        if (_response.IsByCategory)
        {
            for (int category = 0; category <= (int)y; category++)
            {
                _response.Probabilities(eta, category, values);
                double probability = 0;
                for (int s = 0; s < values.Length; s++) probability += weights[s] * values[s];
                if (category < (int)y) below += probability;
                else equal = probability;
            }
            return (below, below + equal);
        }
        double own = Response(i);
        _response.Outcomes(eta, trials, weight, new Rng(_seed, OutcomeStream + (ulong)i), values);
        for (int s = 0; s < values.Length; s++)
        {
            if (values[s] < own) below += weights[s];
            else if (values[s] == own) equal += weights[s];
        }
        return (below, below + equal);
    }

    private void Each(Action<int, double[], double[][]> use, CancellationToken cancellation)
    {
        var values = new double[_likelihood.Draws];
        for (int i = 0; i < _likelihood.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            double[][] eta = _likelihood.LinearPredictors(i);
            _likelihood.Write(i, values);
            double efficiency = Loo.RelativeEfficiency(values, _likelihood.Chains);
            double[] weights = Array.ConvertAll(values, value => -value);
            ParetoSmoothing.Smooth(weights, efficiency);
            for (int s = 0; s < weights.Length; s++) weights[s] = Math.Exp(weights[s]);
            use(i, weights, eta);
        }
    }
}
