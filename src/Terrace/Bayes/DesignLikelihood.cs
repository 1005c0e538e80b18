namespace Terrace.Bayes;

/// <summary>The likelihood of any family: linear predictors from the designs, then the response model, then the chain rule back. Checked by finite differences in <c>BayesianDensityTests</c>.</summary>
internal sealed class DesignLikelihood : CoefficientLikelihood
{
    private readonly PredictorEvaluator[] _predictors;
    private readonly ResponseModel _response;
    private readonly double[][] _eta;
    private readonly double[][] _score;
    private readonly CoefficientMap _map;
    private readonly double[] _effects;
    private readonly double[] _byEffects;

    public DesignLikelihood(ModelStructure structure, ResponseModel response)
    {
        _predictors = [.. structure.Predictors.Select(predictor => new PredictorEvaluator(predictor, [.. structure.Terms.Where(term => term.Predictor == predictor.Predictor)]))];
        _response = response;
        _eta = [.. structure.Predictors.Select(_ => new double[structure.Cells])];
        _score = [.. structure.Predictors.Select(_ => new double[structure.Cells])];
        _map = structure.Map;
        int effects = _map.IsIdentity ? 0 : _map.Effects;
        (_effects, _byEffects) = (new double[effects], new double[effects]);
    }

    /// <summary>The linear predictors at the last evaluation.</summary>
    public double[][] Eta => _eta;

    public override double Evaluate(ReadOnlySpan<double> x, ReadOnlySpan<double> psi, Span<double> gradient, Span<double> psiGradient)
    {
        Predict(x);
        double value = _response.Evaluate(_eta, psi, _score, psiGradient);
        Span<double> byEffects = _map.IsIdentity ? gradient : _byEffects;
        for (int k = 0; k < _predictors.Length; k++) _predictors[k].Scatter(_score[k], byEffects);
        if (!_map.IsIdentity) _map.Back(byEffects, gradient);
        return value;
    }

    /// <summary>Computes <see cref="Eta"/>.</summary>
    public void Predict(ReadOnlySpan<double> x)
    {
        if (!_map.IsIdentity)
        {
            _map.ToEffects(x, _effects);
            x = _effects;
        }
        for (int k = 0; k < _predictors.Length; k++) _predictors[k].Predict(x, _eta[k]);
    }
}
