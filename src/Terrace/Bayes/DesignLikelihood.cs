using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>The likelihood of any family: linear predictors from the designs, then the response model, then the chain rule back. Checked by finite differences in <c>BayesianDensityTests</c>.</summary>
internal sealed class DesignLikelihood : CoefficientLikelihood
{
    private readonly PredictorDesign[] _predictors;
    private readonly GroupTerm[] _terms;
    private readonly ResponseModel _response;
    private readonly double[][] _eta;
    private readonly double[][] _score;

    public DesignLikelihood(IReadOnlyList<PredictorDesign> predictors, IReadOnlyList<GroupTerm> terms, ResponseModel response, int cells)
    {
        _predictors = [.. predictors];
        _terms = [.. terms];
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
        foreach (PredictorDesign predictor in _predictors)
        {
            double[] score = _score[predictor.Predictor];
            for (int j = 0; j < predictor.Columns.Length; j++) gradient[predictor.Start + j] = ContiguousLoops.Dot(predictor.Columns[j], score);
        }
        foreach (GroupTerm term in _terms) Scatter(term, _score[term.Predictor], gradient.Slice(term.Start, term.Count));
        return value;
    }

    /// <summary>Computes <see cref="Eta"/>.</summary>
    public void Predict(ReadOnlySpan<double> x)
    {
        foreach (PredictorDesign predictor in _predictors)
        {
            double[] eta = _eta[predictor.Predictor];
            predictor.Offset.CopyTo(eta, 0);
            for (int j = 0; j < predictor.Columns.Length; j++) ContiguousLoops.AddMultiple(x[predictor.Start + j], predictor.Columns[j], eta);
        }
        foreach (GroupTerm term in _terms) Gather(term, x.Slice(term.Start, term.Count), _eta[term.Predictor]);
    }

    private static void Gather(GroupTerm term, ReadOnlySpan<double> effects, double[] eta)
    {
        int[] codes = term.Codes;
        int width = term.Width;
        for (int j = 0; j < width; j++)
        {
            double[]? z = term.Covariates[j];
            if (z is null)
                for (int i = 0; i < eta.Length; i++) eta[i] += effects[codes[i] * width + j];
            else
                for (int i = 0; i < eta.Length; i++) eta[i] += z[i] * effects[codes[i] * width + j];
        }
    }

    private static void Scatter(GroupTerm term, double[] score, Span<double> gradient)
    {
        gradient.Clear();
        int[] codes = term.Codes;
        int width = term.Width;
        for (int j = 0; j < width; j++)
        {
            double[]? z = term.Covariates[j];
            if (z is null)
                for (int i = 0; i < score.Length; i++) gradient[codes[i] * width + j] += score[i];
            else
                for (int i = 0; i < score.Length; i++) gradient[codes[i] * width + j] += z[i] * score[i];
        }
    }
}
