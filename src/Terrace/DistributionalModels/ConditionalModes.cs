using Terrace.Families.Densities;
using Terrace.MixedModels;

namespace Terrace.DistributionalModels;

/// <summary>
/// The conditional modes û of the spherical random effects given (θ, γ, δ): the minimum of −2 Σ w ℓ(η, ψ) + u'u, η = offset + Xγ + ZΛu.
/// </summary>
/// <remarks>
/// <para>Newton steps d = H⁻¹(Λ'Z'ℓ₁ − u), H = Λ'Z'W ZΛ + I with W = −w ℓ₂, halved until the objective falls; ended after the step whose promise d'(Λ'Z'ℓ₁ − u) is below 1e-12
/// (1 + objective). Where H is not positive definite (a log density need not be concave) the negative W count as 0.</para>
/// <para>Symbols: ℓ₁, ℓ₂ -> <see cref="DensityDerivatives.First"/>, <see cref="DensityDerivatives.Second"/>; W -> <see cref="ObservedWeights"/>.</para>
/// <para>Bates (2011), <em>Computational methods for mixed models</em>, section 5, with Newton's weights as in Brooks et al. (2017), <em>glmmTMB balances speed and flexibility</em>.
/// Check: DistributionalDevianceTests.</para>
/// </remarks>
internal sealed class ConditionalModes
{
    private const int MaximumSteps = 200;
    private const double Tolerance = 1e-12;
    private readonly MixedModelCells _cells;
    private readonly ResponseLikelihood _likelihood;
    private readonly CrossProductAccumulator _accumulator;
    private readonly double[] _step;
    private readonly double[] _previous;
    private readonly double[] _coefficients;
    private readonly double[] _products;

    public ConditionalModes(MixedModelCells cells, ResponseLikelihood likelihood)
    {
        _cells = cells;
        _likelihood = likelihood;
        _accumulator = new CrossProductAccumulator(cells);
        Product = new BlockedCrossProduct(cells.Layout, cells.Pattern, 0);
        Factor = new BlockedCholesky(cells.Layout, cells.Pattern, 0);
        Lambda = new RelativeCovarianceFactor(cells.Layout);
        Spherical = new double[cells.Coefficients];
        Eta = new double[cells.Count];
        ObservedWeights = new double[cells.Count];
        _step = new double[cells.Coefficients];
        _previous = new double[cells.Coefficients];
        _coefficients = new double[cells.Coefficients];
        _products = new double[cells.Coefficients];
    }

    /// <summary>(u, γ): the start of the next search and the result of the last.</summary>
    public double[] Spherical { get; }

    public double[] Eta { get; }

    /// <summary>−w ∂²ℓ/∂η² per cell at the mode.</summary>
    public double[] ObservedWeights { get; }

    /// <summary>Z'WZ at the mode.</summary>
    public BlockedCrossProduct Product { get; }

    /// <summary>The factor of H at the mode.</summary>
    public BlockedCholesky Factor { get; }

    public RelativeCovarianceFactor Lambda { get; }

    /// <summary>−2 Σ w ℓ at the mode.</summary>
    public double MinusTwoLogDensity { get; private set; }

    /// <summary>u'u at the mode.</summary>
    public double Penalty { get; private set; }

    /// <summary>Searches at θ, with the fixed effects in <see cref="Spherical"/> and the parameters set in the likelihood; false if no mode is found.</summary>
    public bool Solve(ReadOnlySpan<double> theta)
    {
        Lambda.Set(theta);
        double objective = Evaluate();
        if (!double.IsFinite(objective))
        {
            Array.Clear(Spherical, 0, _cells.Layout.Columns);
            objective = Evaluate();
            if (!double.IsFinite(objective)) return false;
        }
        for (int step = 0; step < MaximumSteps; step++)
        {
            if (!FindStep(out double decrement)) return false;
            bool last = decrement <= Tolerance * (1 + Math.Abs(objective));
            if (!Advance(ref objective, decrement)) return last && Refactor();
            if (last) return Refactor();
        }
        return false;
    }

    /// <summary>−2 Σ w ℓ + u'u at the current point.</summary>
    private double Evaluate()
    {
        Lambda.Multiply(Spherical, _coefficients);
        _cells.LinearPredictor(_coefficients, Eta);
        MinusTwoLogDensity = _likelihood.Evaluate(Eta, DensityDetail.Modes);
        double penalty = 0;
        for (int i = 0; i < _cells.Layout.Columns; i++) penalty += Spherical[i] * Spherical[i];
        Penalty = penalty;
        return MinusTwoLogDensity + penalty;
    }

    private bool FindStep(out double decrement)
    {
        int q = _cells.Layout.Columns;
        _cells.TransposedProduct(_likelihood.Derivatives.First, _products);
        Lambda.MultiplyTransposed(_products, _step);
        for (int i = 0; i < q; i++) _step[i] -= Spherical[i];
        decrement = 0;
        if (!Refactor() && !FactorPositivePart()) return false;
        var step = _step.AsSpan(0, q);
        step.CopyTo(_products);
        Factor.Solve(step);
        for (int i = 0; i < q; i++) decrement += step[i] * _products[i];
        return double.IsFinite(decrement);
    }

    /// <summary>The factor of H at the current point.</summary>
    private bool Refactor()
    {
        double[] second = _likelihood.Derivatives.Second;
        for (int i = 0; i < second.Length; i++) ObservedWeights[i] = -second[i];
        _accumulator.Accumulate(ObservedWeights, [], Product);
        return Factor.TryFactor(Product, Lambda);
    }

    /// <summary>The same with negative weights left out, which is always positive definite.</summary>
    private bool FactorPositivePart()
    {
        for (int i = 0; i < ObservedWeights.Length; i++) ObservedWeights[i] = Math.Max(0, ObservedWeights[i]);
        _accumulator.Accumulate(ObservedWeights, [], Product);
        return Factor.TryFactor(Product, Lambda);
    }

    /// <summary>Moves along the step, halving it while the objective rises by more than rounding.</summary>
    private bool Advance(ref double objective, double decrement)
    {
        Spherical.CopyTo(_previous, 0);
        double noise = 1e-13 * (1 + Math.Abs(objective));
        for (double length = 1; length > 1e-9; length /= 2)
        {
            for (int i = 0; i < _cells.Layout.Columns; i++) Spherical[i] = _previous[i] + length * _step[i];
            double value = Evaluate();
            if (value <= objective - 1e-4 * length * decrement + noise)
            {
                objective = value;
                return true;
            }
        }
        _previous.CopyTo(Spherical, 0);
        objective = Evaluate();
        return false;
    }
}
