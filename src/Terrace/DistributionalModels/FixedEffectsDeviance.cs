using Terrace.Families.Densities;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.DistributionalModels;

/// <summary>−2 log likelihood of a model without random effects as a function of (γ, δ), with its gradient: −2 (X'wℓ₁, Q_k'wℓ_ψ). It is also where a mixed model's search begins.</summary>
internal sealed class FixedEffectsDeviance
{
    private readonly FixedEffectsBasis _basis;
    private readonly double[] _offset;
    private readonly ResponseLikelihood _likelihood;

    public FixedEffectsDeviance(FixedEffectsBasis basis, double[] offset, ResponseLikelihood likelihood)
    {
        _basis = basis;
        _offset = offset;
        _likelihood = likelihood;
        Eta = new double[offset.Length];
    }

    /// <summary>The number of parameters.</summary>
    public int Count => _basis.Rank + _likelihood.Coefficients;

    /// <summary>The conditional linear predictor at the last evaluation.</summary>
    public double[] Eta { get; }

    /// <summary>The value at (γ, δ), and its gradient unless that span is empty; NaN where it is not defined.</summary>
    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        int p = _basis.Rank;
        if (!_likelihood.SetParameters(parameters[p..])) return double.NaN;
        for (int i = 0; i < Eta.Length; i++)
        {
            double sum = _offset[i];
            for (int j = 0; j < p; j++) sum += _basis.Rows[i * p + j] * parameters[j];
            Eta[i] = sum;
        }
        double value = _likelihood.Evaluate(Eta, gradient.IsEmpty ? DensityDetail.Modes : DensityDetail.Gradient);
        if (!double.IsFinite(value)) return double.NaN;
        if (!gradient.IsEmpty) Differentiate(gradient);
        return value;
    }

    /// <summary>Σ s s' over the cells at the last evaluation with a gradient, s the score of (γ, δ): a first guess at the information (Berndt, Hall, Hall and Hausman).</summary>
    public Matrix ScoreProducts(double[] weight)
    {
        var products = new Matrix(Count, Count);
        var score = new double[Count];
        for (int i = 0; i < weight.Length; i++)
        {
            if (weight[i] == 0) continue;
            CellScore(i, score);
            for (int b = 0; b < score.Length; b++)
            {
                for (int a = b; a < score.Length; a++) products[a, b] += score[a] * score[b] / weight[i];
            }
        }
        return products;
    }

    private void CellScore(int cell, double[] score)
    {
        int p = _basis.Rank, first = p;
        for (int j = 0; j < p; j++) score[j] = _basis.Rows[cell * p + j] * _likelihood.Derivatives.First[cell];
        for (int k = 0; k < _likelihood.Parameters.Length; k++)
        {
            ParameterPredictor parameter = _likelihood.Parameters[k];
            for (int j = 0; j < parameter.Count; j++) score[first + j] = parameter.Basis.Rows[cell * parameter.Count + j] * _likelihood.Derivatives.Own[k][cell];
            first += parameter.Count;
        }
    }

    private void Differentiate(Span<double> gradient)
    {
        int p = _basis.Rank;
        double[] score = _likelihood.Derivatives.First;
        gradient[..p].Clear();
        for (int i = 0; i < score.Length; i++)
        {
            for (int j = 0; j < p; j++) gradient[j] += _basis.Rows[i * p + j] * score[i];
        }
        _likelihood.TransposedProducts(_likelihood.Derivatives.Own, gradient[p..]);
        for (int j = 0; j < gradient.Length; j++) gradient[j] *= -2;
    }
}
