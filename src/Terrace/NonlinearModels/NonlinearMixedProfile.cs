using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.NonlinearModels;

/// <summary>
/// What is minimised when one parameter of a nonlinear mixed model is held: −2 log L by Laplace over all other standard deviations, correlations, σ and fixed effects.
/// </summary>
/// <remarks>
/// F(θ, γ, σ) = log |M| + n log 2πσ² + r²/σ² − Σ log w; without σ given it is profiled out (<see cref="NonlinearLaplace"/>). Held are σ = c as it stands; sd_a = c by scaling row T_a with c/s and σ = s/|row|, s a fixed
/// reference, as in <see cref="LinearProfile"/>; a correlation, by <see cref="HeldCorrelation"/>; a fixed effect by projecting the coordinates ξ of γ = γ̂ + Lξ, LL' = Cov(γ̂). The profile is that of Bates, Mächler,
/// Bolker and Walker (2015), section 5.1. Check: NonlinearProfileTests.
/// </remarks>
internal sealed class NonlinearMixedProfile : CoordinateProfile
{
    private readonly NonlinearMixedModelFit _fit;
    private readonly NonlinearLaplace _laplace;
    private readonly FixedEffectsBasis _basis;
    private readonly ModelParameters _parameters;
    private readonly double[] _gamma;
    private readonly Matrix _triangle;
    private readonly Objective _criterion;
    private double? _sigma;

    public NonlinearMixedProfile(NonlinearMixedModelFit fit) : this(fit, new NonlinearProblem(fit.Mean, fit.Data.Rows))
    {
    }

    private NonlinearMixedProfile(NonlinearMixedModelFit fit, NonlinearProblem problem)
        : base(fit.Joint.Layout, [.. fit.Theta], [.. CriterionCurvature.ScalesOf(fit.Joint), .. Enumerable.Repeat(1.0, fit.Beta.Length)])
    {
        _fit = fit;
        double[] jacobian = new double[problem.Count * problem.Parameters], mean = new double[problem.Count];
        problem.Evaluate(fit.Start.ToArray(), mean, jacobian);
        var linear = new LinearizedCells(problem, fit.Data.Rows, jacobian);
        _basis = linear.Cells.Basis;
        _laplace = new NonlinearLaplace(linear, problem.Observations, joint: false, fit.Data.Options.Information);
        _parameters = ModelParameters.Of(fit.Tangent);
        _gamma = _basis.FromCoefficients(fit.Beta);
        _triangle = _basis.FromCoefficientCovariance(fit.BetaCovariance);
        if (!Cholesky.TryFactor(_triangle)) throw new ModelException("The covariance of the fixed effects is not positive definite, so they cannot be profiled; use Wald or bootstrap intervals, or simplify the model.");
        _criterion = _laplace.InCoordinates(Natural);
        Minimum();
    }

    /// <inheritdoc/>
    public override int? FirstFixed => null;

    /// <inheritdoc/>
    public override double Minimum() => _laplace.Value(_fit.Theta, _gamma);

    protected override ProfileTarget StandardDeviation(ModelParameter parameter)
    {
        var term = Layout.Terms[parameter.TermIndex];
        int row = parameter.Row, last = term.ThetaIndex(row, row);
        double length = Math.Sqrt(ModelParameters.Product(term, row, row, Theta)), estimate = _fit.Sigma * length, reference = estimate, value = estimate;
        double[] start = Start();
        if (length < 1e-6 * Units[last])
        {
            start[last] = Units[last];
            reference = _fit.Sigma * Units[last];
        }
        Objective criterion = _laplace.InCoordinates(point =>
        {
            double sigma = reference / Math.Sqrt(ModelParameters.Product(term, row, row, point));
            double[] own = [.. point];
            for (int c = 0; c <= row; c++) own[term.ThetaIndex(row, c)] *= value / reference;
            return Natural(own) with { Sigma = sigma };
        });
        double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
        {
            point.CopyTo(Point);
            for (int c = 0; c <= row; c++) Point[term.ThetaIndex(row, c)] *= value / reference;
            _sigma = reference / Math.Sqrt(ModelParameters.Product(term, row, row, point));
            return criterion(point, gradient);
        }

        double scale = Math.Max(estimate, 0.3 * _fit.Sigma * Units[last]);
        return Create(parameter, estimate, 0.5 * scale / Math.Sqrt(2 * term.Levels.Count), c => value = c, Evaluate, start, Diagonals().Where(k => k != last)) with { Lower = 0 };
    }

    protected override ProfileTarget ResidualStandardDeviation(ModelParameter parameter)
    {
        double value = _fit.Sigma;
        Objective criterion = _laplace.InCoordinates(point => Natural(point) with { Sigma = value });
        double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
        {
            point.CopyTo(Point);
            _sigma = value;
            return criterion(point, gradient);
        }

        return Create(parameter, _fit.Sigma, 0.5 * _fit.Sigma / Math.Sqrt(2.0 * _fit.Rows), c => value = c, Evaluate, Start(), Diagonals()) with { Lower = 0 };
    }

    /// <summary>β_j and k: L' times row j of R⁻¹.</summary>
    protected override HeldCombination Combination(ModelParameter parameter)
    {
        double[] k = _basis.RowOfInverse(parameter.Coefficient);
        for (int c = 0; c < k.Length; c++)
        {
            double sum = 0;
            for (int i = c; i < k.Length; i++) sum += _triangle[i, c] * k[i];
            k[c] = sum;
        }
        return new HeldCombination(_fit.Beta[parameter.Coefficient], k);
    }

    protected override double[] Start() => [.. Theta, .. new double[_gamma.Length]];

    protected override double AtPoint(Span<double> gradient)
    {
        _sigma = null;
        return _criterion(Point, gradient);
    }

    protected override double[] Values()
    {
        NonlinearPoint at = Natural(Point);
        double sigma = _sigma ?? Math.Sqrt(_laplace.Modes.Penalised / _fit.Rows);
        return _parameters.Values(at.Theta, sigma, _basis.ToCoefficients(at.Gamma));
    }

    private NonlinearPoint Natural(double[] point)
    {
        double[] gamma = [.. _gamma];
        for (int i = 0; i < gamma.Length; i++)
        {
            for (int c = 0; c <= i; c++) gamma[i] += _triangle[i, c] * point[Thetas + c];
        }
        return new NonlinearPoint(point[..Thetas], gamma);
    }
}
