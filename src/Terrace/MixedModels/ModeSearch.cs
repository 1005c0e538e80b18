namespace Terrace.MixedModels;

/// <summary>
/// The search for conditional modes that generalised and distributional mixed models have in common: Newton steps for u (and γ, where the fixed effects move too), halved until the penalised deviance falls.
/// </summary>
/// <remarks>
/// <para>Minimises D(u) = d(η) + u'u, η = offset + Xγ + ZΛu, by δ = H⁻¹(Λ'Z's − u), H = Λ'Z'WZΛ + I, with s = −½ ∂d/∂η and W its negative derivative, or another W where H is not positive definite.
/// It ends after the step whose decrement δ'(Λ'Z's − u) is below the tolerance times 1 + D; that step's error is of the order of its square.</para>
/// <para>Bates (2011), <em>Computational methods for mixed models</em>, section 5; step halving by the condition of Armijo, Nocedal and Wright (2006), equation 3.4. Symbols: Λ'Z's − u, then δ -> <c>_step</c>; W -> <see cref="ObservedWeights"/>. Check:
/// LaplaceDevianceTests and DistributionalDevianceTests (stationarity by finite differences).</para>
/// </remarks>
internal abstract class ModeSearch
{
    private readonly int _active;
    private readonly int _mostSteps;
    private readonly CrossProductAccumulator _accumulator;
    private readonly double[] _step;
    private readonly double[] _previous;
    private readonly double[] _coefficients;
    private readonly double[] _products;

    /// <summary>Sets up the search; with <paramref name="joint"/> the fixed effects move too.</summary>
    protected ModeSearch(MixedModelCells cells, bool joint, int mostSteps)
    {
        Cells = cells;
        Joint = joint;
        _mostSteps = mostSteps;
        int p = joint ? cells.FixedColumns : 0;
        _active = cells.Layout.Columns + p;
        _accumulator = new CrossProductAccumulator(cells);
        Product = new BlockedCrossProduct(cells.Layout, cells.Pattern, p);
        Factor = new BlockedCholesky(cells.Layout, cells.Pattern, p);
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

    /// <summary>W per cell: minus the second derivative of the log density at the mode.</summary>
    public double[] ObservedWeights { get; }

    /// <summary>The cross-products at the mode (of Z, and of X too if joint) under the observed weights.</summary>
    public BlockedCrossProduct Product { get; }

    /// <summary>The factor of H at the mode.</summary>
    public BlockedCholesky Factor { get; }

    public RelativeCovarianceFactor Lambda { get; }

    /// <summary>u'u at the mode.</summary>
    public double Penalty { get; private set; }

    protected MixedModelCells Cells { get; }

    /// <summary>Whether the fixed effects move too.</summary>
    protected bool Joint { get; }

    /// <summary>s per cell at the current point.</summary>
    protected abstract ReadOnlySpan<double> Scores { get; }

    /// <summary>Searches at θ; false if no mode is found. <paramref name="tolerance"/> bounds the decrement relative to D.</summary>
    public bool Solve(ReadOnlySpan<double> theta, double tolerance)
    {
        Lambda.Set(theta);
        Prepare();
        double objective = Evaluate();
        if (!double.IsFinite(objective))
        {
            Array.Clear(Spherical, 0, Cells.Layout.Columns);
            objective = Evaluate();
            if (!double.IsFinite(objective)) return false;
        }
        for (int step = 0; step < _mostSteps; step++)
        {
            if (!FindStep(out double decrement)) return false;
            bool last = decrement <= tolerance * (1 + Math.Abs(objective));
            if (!Advance(ref objective, decrement)) return last && Refactor();
            if (last) return Refactor();
        }
        return false;
    }

    /// <summary>Computes what stays the same during a search.</summary>
    protected virtual void Prepare()
    {
    }

    /// <summary>η of the coefficients (b, γ) into <see cref="Eta"/>.</summary>
    protected abstract void SetPredictor(ReadOnlySpan<double> coefficients);

    /// <summary>d at <see cref="Eta"/>, and what the next step needs of it.</summary>
    protected abstract double EvaluateRows();

    /// <summary>W at the current point into <see cref="ObservedWeights"/>, where <see cref="EvaluateRows"/> has not put it there.</summary>
    protected virtual void SetWeights()
    {
    }

    /// <summary>Weights with which H is positive definite, for a step where it is not with the observed ones.</summary>
    protected abstract ReadOnlySpan<double> PositiveWeights();

    private double Evaluate()
    {
        Lambda.Multiply(Spherical, _coefficients);
        SetPredictor(_coefficients);
        double rows = EvaluateRows(), penalty = 0;
        for (int i = 0; i < Cells.Layout.Columns; i++) penalty += Spherical[i] * Spherical[i];
        Penalty = penalty;
        return rows + penalty;
    }

    private bool FindStep(out double decrement)
    {
        if (Joint) Cells.TransposedProduct(Scores, _products);
        else Cells.TransposedRandomProduct(Scores, _products);
        Lambda.MultiplyTransposed(_products, _step);
        for (int i = 0; i < Cells.Layout.Columns; i++) _step[i] -= Spherical[i];
        decrement = 0;
        if (!Refactor() && !FactorWith(PositiveWeights())) return false;
        var step = _step.AsSpan(0, _active);
        step.CopyTo(_products);
        Factor.Solve(step);
        for (int i = 0; i < _active; i++) decrement += step[i] * _products[i];
        return double.IsFinite(decrement);
    }

    /// <summary>The factor at the current point, with observed weights.</summary>
    private bool Refactor()
    {
        SetWeights();
        return FactorWith(ObservedWeights);
    }

    private bool FactorWith(ReadOnlySpan<double> weights)
    {
        _accumulator.Accumulate(weights, [], Product);
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
