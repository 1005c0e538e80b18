using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>
/// Minus twice the Laplace approximation of a generalised mixed model's log likelihood as a function of θ alone, the fixed effects being those of the joint penalised mode of (u, γ): what lme4
/// minimises with nAGQ = 0. With its exact gradient.
/// </summary>
/// <remarks>
/// <para>F₀(θ) = F(θ, γ̂(θ)) with F of <see cref="LaplaceDeviance"/>. Differentiating the stationarity of the mode, with H the joint Hessian and v = H⁻¹(0, ∂F/∂γ), s = −W_obs∘(ZΛv_u + Xv_γ):
/// dF₀/dθ = ∂F/∂θ + Σ_levels (Z's)_a u_b + Σ_levels (Z'ℓ')_a v_b for entry (a, b) of a term's T.</para>
/// <para>Bates et al. (2015) and lme4's <c>glmer</c>, argument nAGQ. The fixed effects are not those that maximise the likelihood; the search has fewer parameters.</para>
/// <para>Symbols: v -> <c>_adjoint</c>; s -> <c>_direct</c>. Check: JointModeDevianceTests (finite differences), MixedModelFixtureTests (lme4).</para>
/// </remarks>
internal sealed class JointModeDeviance
{
    private readonly MixedModelCells _cells;
    private readonly LaplaceDeviance _laplace;
    private readonly PenalizedIrls _joint;
    private readonly double[] _point;
    private readonly double[] _gradient;
    private readonly double[] _adjoint;
    private readonly double[] _coefficients;
    private readonly double[] _scoreProducts;
    private readonly double[] _direct;

    /// <summary>Sets up the criterion; <paramref name="laplace"/> evaluates F and keeps the state at the joint mode.</summary>
    public JointModeDeviance(MixedModelCells cells, Observations observations, LaplaceDeviance laplace)
    {
        _cells = cells;
        _laplace = laplace;
        _joint = new PenalizedIrls(cells, observations, joint: true);
        _point = new double[cells.Layout.ThetaCount + cells.FixedColumns];
        _gradient = new double[_point.Length];
        _adjoint = new double[cells.Coefficients];
        _coefficients = new double[cells.Coefficients];
        _scoreProducts = new double[cells.Coefficients];
        _direct = new double[cells.Count];
    }

    /// <summary>F₀ at θ, and its gradient unless that span is empty; NaN where there is no mode. The first search for the mode starts where <see cref="LaplaceDeviance.Modes"/> is.</summary>
    public double Evaluate(ReadOnlySpan<double> theta, Span<double> gradient)
    {
        _laplace.Modes.Spherical.CopyTo(_joint.Spherical, 0);
        if (!_joint.Solve(theta)) return double.NaN;
        _joint.Spherical.CopyTo(_laplace.Modes.Spherical, 0);
        theta.CopyTo(_point);
        _joint.Spherical.AsSpan(_cells.Layout.Columns).CopyTo(_point.AsSpan(theta.Length));
        double value = _laplace.Evaluate(_point, gradient.IsEmpty ? [] : _gradient);
        if (!gradient.IsEmpty) Differentiate(gradient);
        return value;
    }

    private void Differentiate(Span<double> gradient)
    {
        int thetas = gradient.Length, q = _cells.Layout.Columns;
        _gradient.AsSpan(0, thetas).CopyTo(gradient);
        Array.Clear(_adjoint, 0, q);
        _gradient.AsSpan(thetas).CopyTo(_adjoint.AsSpan(q));
        _joint.Factor.Solve(_adjoint);
        _joint.Lambda.Multiply(_adjoint, _coefficients);
        Array.Clear(_direct);
        _cells.AddProduct(_coefficients, _direct);
        for (int i = 0; i < _direct.Length; i++) _direct[i] *= -_joint.ObservedWeights[i];
        _cells.TransposedProduct(_direct, _coefficients);
        _cells.TransposedProduct(_joint.Score, _scoreProducts);
        foreach (var term in _cells.Layout.Terms)
        {
            for (int b = 0; b < term.Width; b++)
            {
                for (int a = b; a < term.Width; a++)
                    gradient[term.ThetaIndex(a, b)] += LevelProducts.Sum(term, a, b, _coefficients, _joint.Spherical) + LevelProducts.Sum(term, a, b, _scoreProducts, _adjoint);
            }
        }
    }
}
