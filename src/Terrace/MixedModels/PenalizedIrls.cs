using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>
/// Penalised iteratively reweighted least squares: the conditional modes u of the spherical random effects given (θ, γ), or the joint mode of (u, γ) given θ.
/// </summary>
/// <remarks>
/// <para>Minimises D(u) = deviance(η) + u'u, η = offset + Xγ + ZΛu, by Newton steps δ = −H⁻¹g, g = u − Λ'Z'ℓ', H = Λ'Z'W ZΛ + I with the observed W (the expected one where H
/// is not positive definite), halved until D falls; it ends when the decrement −g'δ is below 1e-12 (1 + D), after the step.</para>
/// <para>Symbols: ℓ' -> <see cref="Score"/>; W -> <see cref="ObservedWeights"/>; g -> <c>_step</c> before the solve.</para>
/// <para>Bates (2011), <em>Computational methods for mixed models</em>, section 5. Deviations: Newton instead of Fisher scoring, and a far smaller tolerance than lme4's 1e-7, so
/// that the criterion is smooth. Check: LaplaceDevianceTests (stationarity by finite differences).</para>
/// </remarks>
internal sealed class PenalizedIrls
{
    private const int MaximumSteps = 100;
    private readonly MixedModelCells _cells;
    private readonly Observations _observations;
    private readonly CrossProductAccumulator _accumulator;
    private readonly int _active;
    private readonly double[] _step;
    private readonly double[] _previous;
    private readonly double[] _coefficients;
    private readonly double[] _products;
    private readonly bool _moves;
    private readonly double[] _fixedPart;

    /// <summary>Sets up the search; with <paramref name="joint"/> the fixed effects move too.</summary>
    public PenalizedIrls(MixedModelCells cells, Observations observations, bool joint)
    {
        _cells = cells;
        _observations = observations;
        _accumulator = new CrossProductAccumulator(cells);
        int p = joint ? cells.FixedColumns : 0;
        _active = cells.Layout.Columns + p;
        Product = new BlockedCrossProduct(cells.Layout, cells.Pattern, p);
        Factor = new BlockedCholesky(cells.Layout, cells.Pattern, p);
        Lambda = new RelativeCovarianceFactor(cells.Layout);
        Spherical = new double[cells.Coefficients];
        Eta = new double[cells.Count];
        Score = new double[cells.Count];
        ObservedWeights = new double[cells.Count];
        _step = new double[cells.Coefficients];
        _previous = new double[cells.Coefficients];
        _coefficients = new double[cells.Coefficients];
        _products = new double[cells.Coefficients];
        _moves = joint;
        _fixedPart = new double[joint ? 0 : cells.Count];
    }

    /// <summary>What bounds the decrement relative to D where <see cref="Solve(ReadOnlySpan{double})"/> is not told; as the step after it is still taken, the error is of the order of its square.</summary>
    public double Tolerance { get; set; } = 1e-12;

    /// <summary>(u, γ): the start of the next search and the result of the last.</summary>
    public double[] Spherical { get; }

    public double[] Eta { get; }

    /// <summary>∂ℓ/∂η per cell at the mode.</summary>
    public double[] Score { get; }

    /// <summary>−∂²ℓ/∂η² per cell at the mode.</summary>
    public double[] ObservedWeights { get; }

    /// <summary>The cross-products at the mode (of Z, and of X too if joint) under the observed weights.</summary>
    public BlockedCrossProduct Product { get; }

    /// <summary>The factor of H at the mode.</summary>
    public BlockedCholesky Factor { get; }

    public RelativeCovarianceFactor Lambda { get; }

    /// <summary>The deviance of the rows at the mode.</summary>
    public double Deviance { get; private set; }

    /// <summary>u'u at the mode.</summary>
    public double Penalty { get; private set; }

    /// <summary>Searches at θ with <see cref="Tolerance"/>.</summary>
    public bool Solve(ReadOnlySpan<double> theta) => Solve(theta, Tolerance);

    /// <summary>Searches at θ, for given fixed effects unless joint; false if no mode is found. <paramref name="tolerance"/> bounds the decrement relative to D.</summary>
    public bool Solve(ReadOnlySpan<double> theta, double tolerance)
    {
        Lambda.Set(theta);
        if (!_moves) SetFixedPart();
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
            bool last = decrement <= tolerance * (1 + Math.Abs(objective));
            if (!Advance(ref objective, decrement)) return last && Refactor();
            if (last) return Refactor();
        }
        return false;
    }

    /// <summary>offset + Xγ, which stays while only u moves.</summary>
    private void SetFixedPart()
    {
        _cells.Offset.CopyTo(_fixedPart, 0);
        _cells.AddFixedProduct(Spherical.AsSpan(_cells.Layout.Columns), _fixedPart);
    }

    /// <summary>The factor at the current point, with observed weights.</summary>
    private bool Refactor()
    {
        _accumulator.Accumulate(ObservedWeights, [], Product);
        return Factor.TryFactor(Product, Lambda);
    }

    private double Evaluate()
    {
        Lambda.Multiply(Spherical, _coefficients);
        if (_moves)
        {
            _cells.LinearPredictor(_coefficients, Eta);
        }
        else
        {
            _fixedPart.CopyTo(Eta, 0);
            _cells.AddRandomProduct(_coefficients, Eta);
        }
        double kernel = _observations.Family.Kernel.Evaluate(Eta, _observations.Y, _observations.Weight, Information.Observed, Score, ObservedWeights, []);
        Deviance = _observations.DevianceOfRows(kernel + _observations.KernelConstant);
        double penalty = 0;
        for (int i = 0; i < _cells.Layout.Columns; i++) penalty += Spherical[i] * Spherical[i];
        Penalty = penalty;
        return kernel + penalty;
    }

    private bool FindStep(out double decrement)
    {
        if (_moves) _cells.TransposedProduct(Score, _products);
        else _cells.TransposedRandomProduct(Score, _products);
        Lambda.MultiplyTransposed(_products, _step);
        for (int i = 0; i < _cells.Layout.Columns; i++) _step[i] -= Spherical[i];
        decrement = 0;
        if (!Refactor() && !FactorExpected()) return false;
        var step = _step.AsSpan(0, _active);
        step.CopyTo(_products);
        Factor.Solve(step);
        for (int i = 0; i < _active; i++) decrement += step[i] * _products[i];
        return double.IsFinite(decrement);
    }

    private bool FactorExpected()
    {
        var score = new double[Score.Length];
        var expected = new double[Score.Length];
        _observations.Family.Kernel.Evaluate(Eta, _observations.Y, _observations.Weight, Information.Expected, score, expected, []);
        _accumulator.Accumulate(expected, [], Product);
        return Factor.TryFactor(Product, Lambda);
    }

    /// <summary>Moves along the step, halving it while the objective rises by more than rounding.</summary>
    private bool Advance(ref double objective, double decrement)
    {
        Spherical.CopyTo(_previous, 0);
        double noise = 1e-13 * (1 + Math.Abs(objective));
        for (double length = 1; length > 1e-9; length /= 2)
        {
            for (int i = 0; i < _active; i++) Spherical[i] = _previous[i] + length * _step[i];
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
