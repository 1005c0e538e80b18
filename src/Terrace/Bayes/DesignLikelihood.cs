namespace Terrace.Bayes;

/// <summary>The likelihood of any family: linear predictors from the designs, then the response model, then the chain rule back. Checked by finite differences in <c>BayesianDensityTests</c>.</summary>
internal sealed class DesignLikelihood : CoefficientLikelihood
{
    private readonly PredictorEvaluator[] _predictors;
    private readonly ResponseModel _response;
    private readonly double[][] _eta;
    private readonly double[][] _score;

    public DesignLikelihood(IReadOnlyList<PredictorDesign> predictors, IReadOnlyList<GroupTerm> terms, ResponseModel response, int cells)
    {
        _predictors = [.. predictors.Select(predictor => new PredictorEvaluator(predictor, [.. terms.Where(term => term.Predictor == predictor.Predictor)]))];
        _response = response;
        _eta = [.. predictors.Select(_ => new double[cells])];
        _score = [.. predictors.Select(_ => new double[cells])];
    }

    /// <summary>The linear predictors at the last evaluation.</summary>
    public double[][] Eta => _eta;

    public override double Evaluate(ReadOnlySpan<double> x, ReadOnlySpan<double> psi, Span<double> gradient, Span<double> psiGradient)
    {
        Predict(x);
        double value = _response.Evaluate(_eta, psi, _score, psiGradient);
        for (int k = 0; k < _predictors.Length; k++) _predictors[k].Scatter(_score[k], gradient);
        return value;
    }

    /// <summary>Computes <see cref="Eta"/>.</summary>
    public void Predict(ReadOnlySpan<double> x)
    {
        for (int k = 0; k < _predictors.Length; k++) _predictors[k].Predict(x, _eta[k]);
    }
}
