using Terrace.Families.Densities;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.DistributionalModels;

/// <summary>J = ∂b̂/∂(θ, γ, δ), b̂ = Λû, by implicit differentiation at the modes.</summary>
/// <remarks>
/// <para>dγ: dû = −H⁻¹Λ'Z'(W∘X dγ). dδ_k: dû = H⁻¹Λ'Z'(w ℓ₁_ψ∘Q_k dδ). dT_ab: dû = H⁻¹(dΛ'Z'w ℓ₁ − Λ'Z'(W∘Z dΛ u)), and db̂ = Λ dû + dΛ u.</para>
/// <para>The derivation of the gradient in docs/algorithms/more-families.md; Kass and Steffey (1989) for its use. Check: DistributionalDevianceTests (finite differences).</para>
/// </remarks>
internal sealed class ModeSlopes
{
    private readonly MixedModelCells _cells;
    private readonly ResponseLikelihood _likelihood;
    private readonly ConditionalModes _modes;
    private readonly double[] _rows;
    private readonly double[] _products;
    private readonly double[] _step;
    private readonly double[] _scoreProducts;

    public ModeSlopes(MixedModelCells cells, ResponseLikelihood likelihood, ConditionalModes modes)
    {
        _cells = cells;
        _likelihood = likelihood;
        _modes = modes;
        _rows = new double[cells.Count];
        _products = new double[cells.Coefficients];
        _step = new double[cells.Coefficients];
        _scoreProducts = new double[cells.Coefficients];
    }

    /// <summary>J at the modes found last, of which the likelihood has been evaluated with all derivatives.</summary>
    public Matrix Compute()
    {
        DensityDerivatives at = _likelihood.Derivatives;
        int thetas = _cells.Layout.ThetaCount, p = _cells.FixedColumns;
        var slopes = new Matrix(_cells.Layout.Columns, thetas + p + _likelihood.Coefficients);
        _cells.TransposedProduct(at.First, _scoreProducts);
        foreach (RandomTermLayout term in _cells.Layout.Terms)
        {
            for (int b = 0; b < term.Width; b++)
            {
                for (int a = b; a < term.Width; a++) Variance(term, a, b, slopes.Column(term.ThetaIndex(a, b)));
            }
        }
        for (int j = 0; j < p; j++)
        {
            for (int i = 0; i < _rows.Length; i++) _rows[i] = -_modes.ObservedWeights[i] * _cells.X[i * p + j];
            Solve(slopes.Column(thetas + j));
        }
        int first = thetas + p;
        for (int k = 0; k < _likelihood.Parameters.Length; k++)
        {
            ParameterPredictor parameter = _likelihood.Parameters[k];
            for (int j = 0; j < parameter.Count; j++)
            {
                for (int i = 0; i < _rows.Length; i++) _rows[i] = at.OwnFirst[k][i] * parameter.Basis.Rows[i * parameter.Count + j];
                Solve(slopes.Column(first++));
            }
        }
        return slopes;
    }

    /// <summary>Λ H⁻¹ Λ'Z' rows.</summary>
    private void Solve(Span<double> slope)
    {
        _cells.TransposedProduct(_rows, _products);
        _modes.Lambda.MultiplyTransposed(_products, _step);
        Finish(slope);
    }

    private void Finish(Span<double> slope)
    {
        int q = slope.Length;
        _modes.Factor.Solve(_step.AsSpan(0, q));
        Array.Clear(_step, q, _step.Length - q);
        _modes.Lambda.Multiply(_step, _products);
        _products.AsSpan(0, q).CopyTo(slope);
    }

    private void Variance(RandomTermLayout term, int a, int b, Span<double> slope)
    {
        Array.Clear(_products);
        for (int level = 0; level < term.Levels.Count; level++) _products[term.Index(level, a)] = _modes.Spherical[term.Index(level, b)];
        double[] direct = [.. _products.AsSpan(0, slope.Length)];
        Array.Clear(_rows);
        _cells.AddProduct(_products, _rows);
        for (int i = 0; i < _rows.Length; i++) _rows[i] *= -_modes.ObservedWeights[i];
        _cells.TransposedProduct(_rows, _products);
        _modes.Lambda.MultiplyTransposed(_products, _step);
        for (int level = 0; level < term.Levels.Count; level++) _step[term.Index(level, b)] += _scoreProducts[term.Index(level, a)];
        Finish(slope);
        for (int i = 0; i < direct.Length; i++) slope[i] += direct[i];
    }
}
