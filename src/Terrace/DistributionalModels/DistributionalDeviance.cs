using Terrace.Families;
using Terrace.Families.Densities;
using Terrace.MixedModels;

namespace Terrace.DistributionalModels;

/// <summary>
/// Minus twice the Laplace approximation of the log likelihood of a mixed model with further parameters, as a function of (θ, γ, δ), with its exact gradient.
/// </summary>
/// <remarks>
/// <para>F(θ, γ, δ) = −2 Σ w ℓ(η̂, ψ) + û'û + log |M|, M = Λ'Z'VZΛ + I with V = −w ℓ₂ (the Laplace approximation proper) or the expected information (lme4's).</para>
/// <para>By implicit differentiation, with h the leverages of M, H = Λ'Z'WZΛ + I with W = −w ℓ₂, c = −2 w ℓ₁ + h∘V_η, a = Λ'Z'c + 2û, q = H⁻¹a, t = ZΛq, s = c − W∘t:
/// ∂F/∂γ = X's; ∂F/∂T_ab = Σ_levels (Z's)_a u_b + 2 (<see cref="CovarianceTrace"/>) + Σ_levels (Z'w ℓ₁)_a q_b; ∂F/∂δ_k = Q_k'(−2 w ℓ_ψ + h∘V_ψ + w ℓ₁_ψ∘t).</para>
/// <para>Tierney and Kadane (1986) for the approximation; the gradient is derived in docs/algorithms/more-families.md. Symbols: V, V_η, V_ψ -> <c>_weights</c>, <c>_slope</c>, <c>_own</c>;
/// c, then s -> <c>_direct</c>; t -> <see cref="ModeAdjoint.Move"/>. Check: DistributionalDevianceTests (finite differences, and a dense twin).</para>
/// </remarks>
internal sealed class DistributionalDeviance
{
    private readonly MixedModelCells _cells;
    private readonly ResponseLikelihood _likelihood;
    private readonly bool _expected;
    private readonly SelectedInverse _inverse;
    private readonly CovarianceTrace _trace;
    private readonly Leverages _leverages;
    private readonly CrossProductAccumulator _accumulator;
    private readonly BlockedCrossProduct _product;
    private readonly double[] _point;
    private readonly double[] _gradient;
    private double _value = double.NaN;
    private bool _hasGradient;
    private readonly double[] _weights;
    private readonly double[] _slope;
    private readonly double[][] _own;
    private readonly double[] _direct;
    private readonly ModeAdjoint _adjoint;
    private readonly double[] _coefficients;
    private readonly double[] _scoreProducts;
    private readonly double[] _traces;

    public DistributionalDeviance(MixedModelCells cells, ResponseLikelihood likelihood, Information information)
    {
        _cells = cells;
        _likelihood = likelihood;
        _expected = information == Information.Expected;
        Modes = new ConditionalModes(cells, likelihood);
        _inverse = new SelectedInverse(cells.Layout, cells.Pattern, 0);
        _trace = new CovarianceTrace(cells.Layout, 0);
        _leverages = new Leverages(cells);
        _accumulator = new CrossProductAccumulator(cells);
        _product = _expected ? new BlockedCrossProduct(cells.Layout, cells.Pattern, 0) : Modes.Product;
        Factor = _expected ? new BlockedCholesky(cells.Layout, cells.Pattern, 0) : Modes.Factor;
        _point = new double[cells.Layout.ThetaCount + cells.FixedColumns + likelihood.Coefficients];
        Array.Fill(_point, double.NaN);
        _gradient = new double[_point.Length];
        _weights = new double[cells.Count];
        _slope = new double[cells.Count];
        _own = [.. likelihood.Parameters.Select(_ => new double[cells.Count])];
        _direct = new double[cells.Count];
        _adjoint = new ModeAdjoint(cells, Modes);
        _coefficients = new double[cells.Coefficients];
        _scoreProducts = new double[cells.Coefficients];
        _traces = new double[cells.Layout.ThetaCount];
    }

    /// <summary>The search for the conditional modes, and its state at the last evaluation.</summary>
    public ConditionalModes Modes { get; }

    /// <summary>The trace part of the last gradient, ½ of it.</summary>
    public ReadOnlySpan<double> Trace => _traces;

    /// <summary>The factor of M at the last evaluation.</summary>
    public BlockedCholesky Factor { get; }

    /// <summary>The number of parameters.</summary>
    public int Count => _point.Length;

    /// <summary>F at (θ, γ, δ), and its gradient unless that span is empty; NaN where there is no mode. Asking again at the last point costs nothing.</summary>
    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        if (!parameters.SequenceEqual(_point)) MoveTo(parameters);
        if (double.IsNaN(_value) || gradient.IsEmpty) return _value;
        if (!_hasGradient) Differentiate(_gradient);
        _hasGradient = true;
        _gradient.CopyTo(gradient);
        return _value;
    }

    private void MoveTo(ReadOnlySpan<double> parameters)
    {
        int thetas = _cells.Layout.ThetaCount, p = _cells.FixedColumns;
        parameters.CopyTo(_point);
        _hasGradient = false;
        _value = double.NaN;
        parameters.Slice(thetas, p).CopyTo(Modes.Spherical.AsSpan(_cells.Layout.Columns));
        if (!_likelihood.SetParameters(parameters[(thetas + p)..]) || !Modes.Solve(parameters[..thetas])) return;
        if (_expected)
        {
            _likelihood.ExpectedInformation(Modes.Eta, _weights, _slope, _own);
            _accumulator.Accumulate(_weights, [], _product);
            if (!Factor.TryFactor(_product, Modes.Lambda)) return;
        }
        _value = Modes.MinusTwoLogDensity + Modes.Penalty + Factor.LogDeterminantRandom;
    }

    private void Differentiate(Span<double> gradient)
    {
        int thetas = _cells.Layout.ThetaCount, q = _cells.Layout.Columns, p = _cells.FixedColumns;
        DensityDerivatives at = _likelihood.Derivatives;
        _likelihood.SetParameters(_point.AsSpan(thetas + p));
        _likelihood.Evaluate(Modes.Eta, DensityDetail.Gradient);
        if (!_expected) TakeObserved(at);
        _inverse.Compute(Factor);
        _trace.Compute(_product, Modes.Lambda, _inverse, gradient[..thetas]);
        gradient[..thetas].CopyTo(_traces);
        _leverages.Compute(Modes.Lambda, _inverse, _direct);
        for (int k = 0; k < _own.Length; k++) StartOwn(_own[k], at.Own[k]);
        for (int i = 0; i < _direct.Length; i++) _direct[i] = -2 * at.First[i] + _direct[i] * _slope[i];
        _adjoint.SetPenalty();
        _adjoint.Solve(_direct);
        for (int k = 0; k < _own.Length; k++) FinishOwn(_own[k], at.OwnFirst[k]);
        _likelihood.TransposedProducts(_own, gradient[(thetas + p)..]);
        _cells.TransposedProduct(at.First, _scoreProducts);
        _cells.TransposedProduct(_direct, _coefficients);
        for (int k = 0; k < thetas; k++) gradient[k] *= 2;
        _adjoint.AddToTheta(_coefficients, _scoreProducts, gradient);
        _coefficients.AsSpan(q).CopyTo(gradient.Slice(thetas, p));
    }

    /// <summary>V = −w ℓ₂ and its derivatives.</summary>
    private void TakeObserved(DensityDerivatives at)
    {
        for (int i = 0; i < _slope.Length; i++) _slope[i] = -at.Third[i];
        for (int k = 0; k < _own.Length; k++)
        {
            for (int i = 0; i < _slope.Length; i++) _own[k][i] = -at.OwnSecond[k][i];
        }
    }

    /// <summary>V_ψ becomes −2 w ℓ_ψ + h∘V_ψ.</summary>
    private void StartOwn(double[] own, double[] score)
    {
        for (int i = 0; i < own.Length; i++) own[i] = -2 * score[i] + _direct[i] * own[i];
    }

    private void FinishOwn(double[] own, double[] mixed)
    {
        for (int i = 0; i < own.Length; i++) own[i] += mixed[i] * _adjoint.Move[i];
    }
}
