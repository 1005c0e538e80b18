using Terrace.Families;
using Terrace.MixedModels;

namespace Terrace.NonlinearModels;

/// <summary>
/// Penalised nonlinear least squares: the conditional modes u of the spherical random effects given (θ, γ), or the joint mode of (u, γ) given θ.
/// </summary>
/// <remarks>
/// <para>Minimises r²(u) = Σ w (y − μ)² + u'u, μ = f(x; β + b), b = Λu, by Gauss–Newton steps δ = H⁻¹ (Λ'Z'W(y − μ) − u), H = Λ'Z'WZΛ + I with Z = ∂μ/∂b at the current u, halved until
/// r² falls. It ends when √(g'δ / r²) is below 1e-13 or no longer falls: the mode must be that exact for the log determinant of H, which is not stationary in u, to be smooth.</para>
/// <para>Bates (2011), <em>Computational methods for mixed models</em>, section 6 (nonlinear mixed models, PNLS). Deviation from lme4: a far smaller tolerance than its 1e-7 (its
/// numerical Hessians are not positive definite for that reason).</para>
/// <para>Symbols: g -> <c>_step</c> before the solve; r² -> <see cref="Penalised"/>. Check: NonlinearMixedModelTests (stationarity by differences).</para>
/// </remarks>
internal sealed class PenalizedLeastSquares
{
    private const int MaximumSteps = 200;
    private const double Tolerance = 1e-13;
    private const double Tolerable = 1e-7;
    private readonly LinearizedCells _linear;
    private readonly MixedModelCells _cells;
    private readonly Observations _observations;
    private readonly CrossProductAccumulator _accumulator;
    private readonly int _active;
    private readonly double[] _step;
    private readonly double[] _previous;
    private readonly double[] _coefficients;
    private readonly double[] _residuals;

    /// <summary>Sets up the search; with <paramref name="joint"/> the fixed effects move too.</summary>
    public PenalizedLeastSquares(LinearizedCells linear, Observations observations, bool joint)
    {
        _linear = linear;
        _cells = linear.Cells;
        _observations = observations;
        _accumulator = new CrossProductAccumulator(_cells);
        int p = joint ? _cells.FixedColumns : 0;
        _active = _cells.Layout.Columns + p;
        Product = new BlockedCrossProduct(_cells.Layout, _cells.Pattern, p);
        Factor = new BlockedCholesky(_cells.Layout, _cells.Pattern, p);
        Lambda = new RelativeCovarianceFactor(_cells.Layout);
        Spherical = new double[_cells.Coefficients];
        _step = new double[_cells.Coefficients];
        _previous = new double[_cells.Coefficients];
        _coefficients = new double[_cells.Coefficients];
        _residuals = new double[_cells.Count];
    }

    /// <summary>(u, γ): the start of the next search and the result of the last.</summary>
    public double[] Spherical { get; }

    /// <summary>The cross-products at the mode.</summary>
    public BlockedCrossProduct Product { get; }

    /// <summary>The factor of H at the mode.</summary>
    public BlockedCholesky Factor { get; }

    public RelativeCovarianceFactor Lambda { get; }

    /// <summary>r² at the mode, of the rows.</summary>
    public double Penalised { get; private set; }

    /// <summary>(b, γ) at the mode.</summary>
    public ReadOnlySpan<double> Coefficients => _coefficients;

    /// <summary>w (y − μ) per cell at the mode.</summary>
    public ReadOnlySpan<double> WeightedResiduals => _residuals;

    /// <summary>Searches at θ, for given γ unless joint; false if no mode is found.</summary>
    public bool Solve(ReadOnlySpan<double> theta)
    {
        Lambda.Set(theta);
        if (!Evaluate())
        {
            Array.Clear(Spherical, 0, _cells.Layout.Columns);
            if (!Evaluate()) return false;
        }
        double before = double.PositiveInfinity;
        for (int step = 0; step < MaximumSteps; step++)
        {
            if (!FindStep(out double offset)) return false;
            if (offset <= Tolerance || (offset < Tolerable && offset > 0.9 * before)) return true;
            before = offset;
            if (!Advance(offset)) return offset <= Tolerable && Refactor();
        }
        return before <= Tolerable;
    }

    private bool Refactor()
    {
        _accumulator.Accumulate(_observations.Weight, [], Product);
        return Factor.TryFactor(Product, Lambda);
    }

    /// <summary>μ, X, Z and r² at (u, γ).</summary>
    private bool Evaluate()
    {
        Lambda.Multiply(Spherical, _coefficients);
        if (!_linear.Move(_coefficients, withSlopes: true)) return false;
        double sum = 0;
        for (int i = 0; i < _residuals.Length; i++)
        {
            double residual = _observations.Y[i] - _linear.Mean[i];
            _residuals[i] = _observations.Weight[i] * residual;
            sum += _residuals[i] * residual;
        }
        for (int i = 0; i < _cells.Layout.Columns; i++) sum += Spherical[i] * Spherical[i];
        Penalised = _observations.DevianceOfRows(sum);
        return double.IsFinite(Penalised);
    }

    /// <summary>The step from here, with the factor of H here, and the relative offset √(g'H⁻¹g / r²).</summary>
    private bool FindStep(out double offset)
    {
        offset = double.NaN;
        if (!Refactor()) return false;
        _cells.TransposedProduct(_residuals, _previous);
        Lambda.MultiplyTransposed(_previous, _step);
        for (int i = 0; i < _cells.Layout.Columns; i++) _step[i] -= Spherical[i];
        Span<double> step = _step.AsSpan(0, _active);
        step.CopyTo(_previous);
        Factor.Solve(step);
        double decrement = 0;
        for (int i = 0; i < _active; i++) decrement += step[i] * _previous[i];
        offset = Math.Sqrt(Math.Max(0, decrement) / Penalised);
        return double.IsFinite(offset);
    }

    /// <summary>Moves along the step, halving it while r² does not fall; false (at the old point) where no length does. Near the mode, where r² shows no difference, the whole step is taken.</summary>
    private bool Advance(double offset)
    {
        Spherical.CopyTo(_previous, 0);
        double start = Penalised, wanted = offset < 1e-6 ? -1e-12 : 1e-4 * offset * offset;
        for (double length = 1; length > 1e-9; length /= 2)
        {
            for (int i = 0; i < _active; i++) Spherical[i] = _previous[i] + length * _step[i];
            if (Evaluate() && Penalised <= start * (1 - length * wanted)) return true;
        }
        _previous.CopyTo(Spherical, 0);
        Evaluate();
        return false;
    }
}
