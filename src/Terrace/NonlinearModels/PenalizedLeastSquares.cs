using Terrace.Families;
using Terrace.MixedModels;

namespace Terrace.NonlinearModels;

/// <summary>
/// Penalised nonlinear least squares: the conditional modes u of the spherical random effects given (θ, γ), or the joint mode of (u, γ) given θ.
/// </summary>
/// <remarks>
/// <para>Minimises r²(u) = Σ w (y − μ)² + u'u, μ = f(x; β + b), b = Λu, by steps δ = C⁻¹g, g = Λ'Z'W(y − μ) − u with Z = ∂μ/∂b at the current u, halved until r² falls. C is the exact curvature
/// (<see cref="ObservedCurvature"/>), kept from earlier points as long as a step takes the relative offset √(g'δ / r²) down tenfold, or, where that is not positive definite,
/// H = Λ'Z'WZΛ + I. It ends when the offset is below 1e-13 or rounding keeps it from falling: log |H| is not stationary in u, so that the modes must be that exact for it to be smooth.</para>
/// <para>Bates (2011), <em>Computational methods for mixed models</em>, section 6 (nonlinear mixed models, PNLS); Ortega and Rheinboldt (1970), section 7.1, for the kept curvature. Deviations from
/// lme4: it steps by H alone, which does not converge where residuals are large against the bend of the mean, and stops at 1e-10 or earlier.</para>
/// <para>Symbols: g -> <c>_gradient</c>; δ -> <c>_step</c>; r² -> <see cref="Penalised"/>. Check: NonlinearLikelihoodTests (stationarity by differences).</para>
/// </remarks>
internal sealed class PenalizedLeastSquares
{
    private const int MaximumSteps = 200;
    private const double Tolerance = 1e-13;
    private const double Tolerable = 1e-8;
    private const double Unseen = 1e-6;
    private readonly LinearizedCells _linear;
    private readonly MixedModelCells _cells;
    private readonly Observations _observations;
    private readonly CrossProductAccumulator _accumulator;
    private readonly ObservedCurvature _curvature;
    private readonly int _active;
    private readonly double[] _gradient;
    private readonly double[] _step;
    private readonly double[] _previous;
    private readonly double[] _coefficients;
    private readonly double[] _residuals;
    private BlockedCholesky? _kept;

    /// <summary>Sets up the search; with <paramref name="joint"/> the fixed effects move too.</summary>
    public PenalizedLeastSquares(LinearizedCells linear, Observations observations, bool joint)
    {
        _linear = linear;
        _cells = linear.Cells;
        _observations = observations;
        _accumulator = new CrossProductAccumulator(_cells);
        _curvature = new ObservedCurvature(linear, joint);
        int p = joint ? _cells.FixedColumns : 0;
        _active = _cells.Layout.Columns + p;
        Product = new BlockedCrossProduct(_cells.Layout, _cells.Pattern, p);
        Factor = new BlockedCholesky(_cells.Layout, _cells.Pattern, p);
        Lambda = new RelativeCovarianceFactor(_cells.Layout);
        Spherical = new double[_cells.Coefficients];
        _gradient = new double[_cells.Coefficients];
        _step = new double[_cells.Coefficients];
        _previous = new double[_cells.Coefficients];
        _coefficients = new double[_cells.Coefficients];
        _residuals = new double[_cells.Count];
    }

    /// <summary>(u, γ): the start of the next search and the result of the last.</summary>
    public double[] Spherical { get; }

    /// <summary>The cross-products of the tangent at the mode.</summary>
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
            SetGradient();
            bool isFresh = _kept is null;
            if (isFresh && !Renew()) return false;
            double offset = SetStep();
            if (!isFresh && !(offset <= 0.1 * before))
            {
                if (!Renew()) return false;
                isFresh = true;
                offset = SetStep();
            }
            if (!double.IsFinite(offset)) return false;
            if (offset <= Tolerance || (offset <= Tolerable && isFresh && offset > 0.3 * before)) return Refactor();
            before = offset;
            if (!Advance(offset)) return offset <= Tolerable && Refactor();
        }
        return before <= Tolerable && Refactor();
    }

    /// <summary>log |C| at the mode with the exact curvature, for given γ; NaN where it is not positive definite.</summary>
    public double ObservedLogDeterminant() =>
        _curvature.TryFactor(_observations.Weight, _residuals, Lambda) ? _curvature.Factor.LogDeterminantRandom : double.NaN;

    private bool Refactor()
    {
        _accumulator.Accumulate(_observations.Weight, [], Product);
        return Factor.TryFactor(Product, Lambda);
    }

    /// <summary>The curvature at the current point, for this and the next steps; that of Gauss and Newton is not kept.</summary>
    private bool Renew()
    {
        _kept = null;
        if (_curvature.TryFactor(_observations.Weight, _residuals, Lambda)) _kept = _curvature.Factor;
        return _kept is not null || Refactor();
    }

    /// <summary>μ, X, Z and r² at (u, γ).</summary>
    private bool Evaluate()
    {
        Lambda.Multiply(Spherical, _coefficients);
        if (!_linear.Move(_coefficients)) return false;
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

    private void SetGradient()
    {
        _cells.TransposedProduct(_residuals, _previous);
        Lambda.MultiplyTransposed(_previous, _gradient);
        for (int i = 0; i < _cells.Layout.Columns; i++) _gradient[i] -= Spherical[i];
    }

    /// <summary>The step by the curvature at hand; returns its relative offset.</summary>
    private double SetStep()
    {
        Span<double> step = _step.AsSpan(0, _active);
        _gradient.AsSpan(0, _active).CopyTo(step);
        (_kept ?? Factor).Solve(step);
        double decrement = 0;
        for (int i = 0; i < _active; i++) decrement += step[i] * _gradient[i];
        return Math.Sqrt(Math.Max(0, decrement) / Penalised);
    }

    /// <summary>Moves along the step, halving it while r² does not fall; false (at the old point) where no length does. Near the mode, where r² shows no difference, the whole step is taken.</summary>
    private bool Advance(double offset)
    {
        Spherical.CopyTo(_previous, 0);
        double start = Penalised, wanted = offset < Unseen ? -1e-12 : 1e-4 * offset * offset;
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
