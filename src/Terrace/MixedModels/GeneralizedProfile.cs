using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.MixedModels;

/// <summary>
/// What is minimised when one parameter of a generalised linear mixed model is held: −2 log L by Laplace or quadrature over all other standard deviations, correlations and fixed effects.
/// </summary>
/// <remarks>
/// <para>The natural parameters are θ and the basis coefficients γ = γ̂ + Lξ, LL' their covariance, so that the Hessian in ξ starts near 2I. Held are: sd_a = c, by T_a = c v/|v| with free v; a correlation, by
/// <see cref="HeldCorrelation"/>; β_j = c, by ξ = x − k(k'x)/|k|² + k(c − β̂_j)/|k|², k'ξ being β_j − β̂_j. One coordinate is idle in each.</para>
/// <para>The profile is that of Bates, Mächler, Bolker and Walker (2015), section 5.1, for glmer; the coordinates are our own. Families with a dispersion are refused, as their likelihood is profiled in φ by a
/// formula that is no likelihood (<see cref="ScaleProfile"/>); lme4 refuses them too. Check: ProfileLikelihoodTests (lme4; finite differences).</para>
/// </remarks>
internal sealed class GeneralizedProfile : ProfileCriterion
{
    private readonly RefitModel _model;
    private readonly MixedModelFit _fit;
    private readonly RandomEffectsLayout _layout;
    private readonly LaplaceDeviance _laplace;
    private readonly Objective _criterion;
    private readonly double[] _gamma;
    private readonly Matrix _triangle;

    /// <summary>Sets up a profile of the fit behind <paramref name="model"/>.</summary>
    public GeneralizedProfile(RefitModel model)
        : base(model.Fit, model.Cells.Layout, model.Cells.Basis, model.Parameters, [.. CriterionCurvature.ScalesOf(model.Fit.Joint), .. Enumerable.Repeat(1.0, model.Cells.FixedColumns)])
    {
        _model = model;
        _fit = model.Fit;
        _layout = model.Cells.Layout;
        _laplace = new LaplaceDeviance(model.Cells, model.Observations, model.Data.Information);
        double[] spherical = model.OriginalSpherical();
        spherical.CopyTo(_laplace.Modes.Spherical, 0);
        _criterion = GeneralizedLinearMixedModel.Criterion(model.Cells, model.Observations, _laplace, QuadratureEngine.PointsOf(_fit.Engine)!.Value, out _);
        _gamma = spherical[_layout.Columns..];
        _triangle = CovarianceOfGamma();
        if (_gamma.Length > 0 && !Cholesky.TryFactor(_triangle)) throw new ModelException("The covariance of the fixed effects is not positive definite, so they cannot be profiled; use Wald intervals or simplify the model.");
    }

    private int Thetas => _layout.ThetaCount;

    /// <inheritdoc/>
    public override int? FirstFixed => Thetas;

    /// <inheritdoc/>
    public override double Minimum() => _criterion([.. _fit.Theta, .. _gamma], []);

    protected override ProfileTarget StandardDeviation(ModelParameter parameter)
    {
        var term = _layout.Terms[parameter.TermIndex];
        int row = parameter.Row, last = term.ThetaIndex(row, row);
        double estimate = Math.Sqrt(ModelParameters.Product(term, row, row, _fit.Theta)), value = estimate;
        double[] start = Start();
        if (estimate < 1e-6 * Units[last]) start[last] = Units[last];
        double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
        {
            double length = Math.Sqrt(ModelParameters.Product(term, row, row, point)), along = 0;
            point.CopyTo(Point);
            for (int c = 0; c <= row; c++) Point[term.ThetaIndex(row, c)] *= value / length;
            double deviance = AtPoint(gradient);
            if (gradient.IsEmpty) return deviance;
            for (int c = 0; c <= row; c++) along += gradient[term.ThetaIndex(row, c)] * point[term.ThetaIndex(row, c)] / length;
            for (int c = 0; c <= row; c++)
            {
                int k = term.ThetaIndex(row, c);
                gradient[k] = value / length * (gradient[k] - along * point[k] / length);
            }
            return deviance;
        }

        double scale = Math.Max(estimate, 0.3 * Units[last]);
        return Create(parameter, estimate, 0.5 * scale / Math.Sqrt(2 * term.Levels.Count), c => value = c, Evaluate, start, Diagonals().Where(k => k != last)) with { Lower = 0 };
    }

    protected override ProfileTarget ResidualStandardDeviation(ModelParameter parameter) => throw new InvalidOperationException("A family without a dispersion has no residual standard deviation.");

    protected override ProfileTarget FixedEffect(ModelParameter parameter)
    {
        int j = _fit.Estimated.ToList().IndexOf(parameter.Coefficient);
        double[] combination = Combination(j);
        double estimate = _fit.Beta[parameter.Coefficient], value = estimate, squares = 0;
        foreach (double k in combination) squares += k * k;
        double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
        {
            point.CopyTo(Point);
            Project(combination, squares, value - estimate, Point.AsSpan(Thetas));
            double deviance = AtPoint(gradient);
            if (!gradient.IsEmpty) Project(combination, squares, 0, gradient[Thetas..]);
            return deviance;
        }

        return Create(parameter, estimate, 0.5 * Math.Sqrt(squares), c => value = c, Evaluate, Start(), Diagonals());
    }

    /// <summary>x becomes x − k(k'x)/|k|² + k shift/|k|².</summary>
    private static void Project(double[] k, double squares, double shift, Span<double> x)
    {
        double along = -shift;
        for (int i = 0; i < k.Length; i++) along += k[i] * x[i];
        for (int i = 0; i < k.Length; i++) x[i] -= k[i] * along / squares;
    }

    /// <summary>k with β_j − β̂_j = k'ξ: L' times row j of R⁻¹.</summary>
    private double[] Combination(int j)
    {
        double[] row = _model.Cells.Basis.RowOfInverse(j);
        var k = new double[row.Length];
        for (int c = 0; c < k.Length; c++)
        {
            for (int i = c; i < k.Length; i++) k[c] += _triangle[i, c] * row[i];
        }
        return k;
    }

    protected override double[] Start() => [.. _fit.Theta, .. new double[_gamma.Length]];

    /// <summary>−2 log L at (θ, ξ) in <see cref="ProfileCriterion.Point"/>, which becomes (θ, γ), and its gradient in (θ, ξ).</summary>
    protected override double AtPoint(Span<double> gradient)
    {
        var gamma = Point.AsSpan(Thetas);
        for (int i = gamma.Length - 1; i >= 0; i--)
        {
            double sum = _gamma[i];
            for (int c = 0; c <= i; c++) sum += _triangle[i, c] * gamma[c];
            gamma[i] = sum;
        }
        double value = _criterion(Point, gradient);
        if (gradient.IsEmpty) return value;
        var inGamma = gradient[Thetas..];
        for (int c = 0; c < inGamma.Length; c++)
        {
            double sum = 0;
            for (int i = c; i < inGamma.Length; i++) sum += _triangle[i, c] * inGamma[i];
            inGamma[c] = sum;
        }
        return value;
    }

    /// <summary>R C R' for the covariance C of β.</summary>
    private Matrix CovarianceOfGamma()
    {
        int p = _gamma.Length;
        var half = new Matrix(p, p);
        for (int j = 0; j < p; j++) _model.Cells.Basis.FromCoefficients(_fit.BetaCovariance.Column(j)).CopyTo(half.Column(j));
        var covariance = new Matrix(p, p);
        for (int i = 0; i < p; i++)
        {
            double[] row = _model.Cells.Basis.FromCoefficients([.. Enumerable.Range(0, p).Select(j => half[i, j])]);
            for (int j = 0; j < p; j++) covariance[i, j] = row[j];
        }
        return covariance;
    }

    protected override double[] Values() => Parameters.Values(Point.AsSpan(0, Thetas), 1, Beta(Point.AsSpan(Thetas)));
}
