using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>
/// Minus twice the Laplace approximation of a generalised linear mixed model's log likelihood as a function of (θ, γ), with its exact gradient.
/// </summary>
/// <remarks>
/// <para>F(θ, γ) = S(D) + û'û + log |M|, M = Λ'Z'W ZΛ + I at the conditional modes û(θ, γ): Bates (2011), section 5.2; Pinheiro and Chao (2006) for the approximation.</para>
/// <para>By implicit differentiation, with ℓ' the score, h the leverages, W' = dW/dη, c = −2 S'(D) ℓ' + h∘W', H = Λ'Z'W_obs ZΛ + I, a = Λ'Z'c + 2û, q = H⁻¹a,
/// s = c − W_obs∘(ZΛq): ∂F/∂γ = X's and, for entry (a, b) of a term's T,
/// ∂F/∂θ = Σ_levels (Z's)_a u_b + 2 tr-part (<see cref="CovarianceTrace"/>) + Σ_levels (Z'ℓ')_a q_b. Derived in docs/algorithms/mixed-models.md.</para>
/// <para>Symbols: S -> <see cref="ScaleProfile"/>; W, W' -> <c>_weights</c>, <c>_slope</c>; W_obs -> <see cref="ModeSearch.ObservedWeights"/>; c, then s -> <c>_direct</c>; q -> <see cref="ModeAdjoint"/>.</para>
/// <para>Check: LaplaceDevianceTests (finite differences, and a dense twin).</para>
/// </remarks>
internal sealed class LaplaceDeviance
{
    private readonly MixedModelCells _cells;
    private readonly Observations _observations;
    private readonly bool _separate;
    private readonly SelectedInverse _inverse;
    private readonly CovarianceTrace _trace;
    private readonly Leverages _leverages;
    private readonly CrossProductAccumulator _accumulator;
    private readonly BlockedCrossProduct _product;
    private readonly BlockedCholesky _factor;
    private readonly double[] _point;
    private readonly double[] _gradient;
    private double _value = double.NaN;
    private bool _hasGradient;
    private readonly double[] _weights;
    private readonly double[] _slope;
    private readonly double[] _score;
    private readonly double[] _direct;
    private readonly ModeAdjoint _adjoint;
    private readonly double[] _coefficients;
    private readonly double[] _scoreProducts;
    private readonly double[] _traces;

    public LaplaceDeviance(MixedModelCells cells, Observations observations, Information information)
    {
        _cells = cells;
        _observations = observations;
        Information = information;
        Modes = new PenalizedIrls(cells, observations, joint: false);
        _separate = information == Information.Expected && !observations.Family.IsCanonical;
        _inverse = new SelectedInverse(cells.Layout, cells.Pattern, 0);
        _trace = new CovarianceTrace(cells.Layout, 0);
        _leverages = new Leverages(cells);
        _accumulator = new CrossProductAccumulator(cells);
        _product = _separate ? new BlockedCrossProduct(cells.Layout, cells.Pattern, 0) : Modes.Product;
        _factor = _separate ? new BlockedCholesky(cells.Layout, cells.Pattern, 0) : Modes.Factor;
        _point = new double[cells.Layout.ThetaCount + cells.FixedColumns];
        Array.Fill(_point, double.NaN);
        _gradient = new double[_point.Length];
        _weights = new double[cells.Count];
        _slope = new double[cells.Count];
        _score = new double[cells.Count];
        _direct = new double[cells.Count];
        _adjoint = new ModeAdjoint(cells, Modes);
        _coefficients = new double[cells.Coefficients];
        _scoreProducts = new double[cells.Coefficients];
        _traces = new double[cells.Layout.ThetaCount];
    }

    /// <summary>The curvature in M.</summary>
    public Information Information { get; }

    /// <summary>The search for the conditional modes, and its state at the last evaluation.</summary>
    public PenalizedIrls Modes { get; }

    /// <summary>The weights in M at the last evaluation.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The derivatives of these weights with respect to η at the last evaluation.</summary>
    public ReadOnlySpan<double> Slopes => _slope;

    /// <summary>The trace part of the last gradient, ½ of it.</summary>
    public ReadOnlySpan<double> Trace => _traces;

    /// <summary>Z'WZ in M at the last evaluation.</summary>
    public BlockedCrossProduct Product => _product;

    /// <summary>The factor of M at the last evaluation.</summary>
    public BlockedCholesky Factor => _factor;

    /// <summary>Forgets the last point, after the responses have changed.</summary>
    public void Reset() => Array.Fill(_point, double.NaN);

    /// <summary>F at (θ, γ), and its gradient unless that span is empty; NaN where there is no mode. Asking again at the last point costs nothing.</summary>
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
        int thetas = _cells.Layout.ThetaCount;
        parameters.CopyTo(_point);
        _hasGradient = false;
        _value = double.NaN;
        parameters[thetas..].CopyTo(Modes.Spherical.AsSpan(_cells.Layout.Columns));
        if (!Modes.Solve(parameters[..thetas])) return;
        _observations.Family.Kernel.Evaluate(Modes.Eta, _observations.Y, _observations.Weight, Information, _score, _weights, _slope);
        if (_separate)
        {
            _accumulator.Accumulate(_weights, [], _product);
            if (!_factor.TryFactor(_product, Modes.Lambda)) return;
        }
        _value = ScaleProfile.MinusTwoLogLikelihood(_observations, Modes.Deviance) + Modes.Penalty + _factor.LogDeterminantRandom;
    }

    private void Differentiate(Span<double> gradient)
    {
        int thetas = _cells.Layout.ThetaCount, q = _cells.Layout.Columns;
        _inverse.Compute(_factor);
        _trace.Compute(_product, Modes.Lambda, _inverse, gradient[..thetas]);
        gradient[..thetas].CopyTo(_traces);
        _leverages.Compute(Modes.Lambda, _inverse, _direct);
        double slope = -2 * ScaleProfile.Slope(_observations, Modes.Deviance);
        for (int i = 0; i < _direct.Length; i++) _direct[i] = slope * _score[i] + _direct[i] * _slope[i];
        _adjoint.SetPenalty();
        _adjoint.Solve(_direct);
        _cells.TransposedProduct(_score, _scoreProducts);
        _cells.TransposedProduct(_direct, _coefficients);
        for (int k = 0; k < thetas; k++) gradient[k] *= 2;
        _adjoint.AddToTheta(_coefficients, _scoreProducts, gradient);
        _coefficients.AsSpan(q).CopyTo(gradient[thetas..]);
    }
}
