using Terrace.DistributionalModels;
using Terrace.Families;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Bayes;

/// <summary>
/// From a row's linear predictors under every draw to the expected response (<c>posterior_epred</c>: of trials the probability, of counts with a zero part the mean of the whole model), to the probability of a
/// category, and to new responses (<c>posterior_predict</c>).
/// </summary>
/// <remarks>Means by <see cref="ResponseMoments"/>, draws by <see cref="OutcomeSimulation"/> and <see cref="ResponseSimulation"/>. Checked in <c>BayesianPredictionTests</c>.</remarks>
internal sealed class PosteriorResponse
{
    private readonly PosteriorCoefficients _coefficients;
    private readonly Family? _family;
    private readonly ResponseFamily? _response;
    private readonly double[]? _dispersion;
    private readonly Func<double[][], int, int, double>[] _psi = [];
    private readonly bool _hasZeroPart;
    private readonly double[] _values;

    public PosteriorResponse(PosteriorCoefficients coefficients)
    {
        _coefficients = coefficients;
        string name = coefficients.Family;
        _values = [];
        if (name == "categorical") return;
        _hasZeroPart = coefficients.PredictorOf(Component.ZeroInflation) >= 0 || coefficients.Parameter("zi") is not null;
        bool isResponse = ResponseFamily.Names.Contains(name) && !(name is "gaussian" or "poisson" && !_hasZeroPart && coefficients.PredictorOf(Component.Dispersion) < 0);
        if (!isResponse)
        {
            _family = Family.Parse(name, coefficients.Link);
            _dispersion = coefficients.Parameter("sigma") is { } sigma ? [.. sigma.Select(s => s * s)] : coefficients.Parameter("shape") is { } shape ? [.. shape.Select(s => 1 / s)] : null;
            return;
        }
        _response = ResponseFamily.Parse(name, coefficients.Link);
        _psi = [.. Parameters()];
        _values = new double[_psi.Length];
    }

    /// <summary>Whether the response is a category, with a probability each instead of a mean.</summary>
    public bool IsByCategory => _coefficients.Family == "categorical" || _response?.IsOrdered == true;

    /// <summary>E(y) of each draw.</summary>
    public void Means(double[][] eta, double trials, Span<double> means)
    {
        for (int s = 0; s < means.Length; s++)
            means[s] = _family is { } family ? family.Link.Mean(eta[0][s]) : ResponseMoments.Of(_response!, eta[0][s], Psi(eta, s), _hasZeroPart, trials).Mean;
    }

    /// <summary>The probability of category <paramref name="category"/> in each draw.</summary>
    public void Probabilities(double[][] eta, int category, Span<double> probabilities)
    {
        var terms = new double[eta.Length + 1];
        for (int s = 0; s < probabilities.Length; s++)
        {
            if (_response is null)
            {
                for (int k = 0; k < eta.Length; k++) terms[k + 1] = eta[k][s];
                probabilities[s] = Math.Exp(terms[category] - LogSum.LogSumExp(terms));
                continue;
            }
            ReadOnlySpan<double> thresholds = Psi(eta, s);
            double above = category == thresholds.Length ? 1 : Cumulative(thresholds[category] - eta[0][s]), below = category == 0 ? 0 : Cumulative(thresholds[category - 1] - eta[0][s]);
            probabilities[s] = above - below;
        }
    }

    /// <summary>A new response in each draw: of trials the share of successes.</summary>
    public void Outcomes(double[][] eta, double trials, double weight, Rng rng, Span<double> outcomes)
    {
        for (int s = 0; s < outcomes.Length; s++)
        {
            if (_family is { } family) outcomes[s] = ResponseSimulation.Draw(family.Distribution, family.Link.Mean(eta[0][s]), family.IsBinomial ? trials : weight, _dispersion?[s] ?? 1, rng);
            else
            {
                double draw = OutcomeSimulation.Draw(_response!, eta[0][s], Psi(eta, s), _hasZeroPart, trials, rng);
                outcomes[s] = _response!.Kind == ResponseType.Trials ? draw / trials : draw;
            }
        }
    }

    private double Cumulative(double x) => _response!.Link == Link.Probit ? Normal.Cdf(x) : LogisticFunction.Logistic(x);

    private double[] Psi(double[][] eta, int draw)
    {
        for (int k = 0; k < _psi.Length; k++) _values[k] = _psi[k](eta, k, draw);
        return _values;
    }

    /// <summary>The parameters beside the mean in the density's order, each from its predictor or from its draws.</summary>
    private IEnumerable<Func<double[][], int, int, double>> Parameters()
    {
        int dispersion = _coefficients.PredictorOf(Component.Dispersion), zero = _coefficients.PredictorOf(Component.ZeroInflation);
        for (int k = 0; k < _response!.ParameterNames.Count; k++)
        {
            if (k == 0 && dispersion >= 0) yield return (eta, _, s) => eta[dispersion][s];
            else
            {
                double[] values = [.. _coefficients.Parameter(_response.ParameterNames[k])!.Select(value => Math.Log(value))];
                yield return (_, _, s) => values[s];
            }
        }
        if (_response.IsOrdered)
        {
            foreach (string threshold in _coefficients.Auxiliary)
            {
                double[] values = _coefficients.Parameter(threshold)!;
                yield return (_, _, s) => values[s];
            }
        }
        if (zero >= 0) yield return (eta, _, s) => eta[zero][s];
        else if (_coefficients.Parameter("zi") is { } probability)
        {
            double[] values = [.. probability.Select(value => LogisticFunction.Logit(value))];
            yield return (_, _, s) => values[s];
        }
    }
}
