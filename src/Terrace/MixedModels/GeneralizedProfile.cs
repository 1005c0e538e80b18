using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.MixedModels;

/// <summary>
/// What is minimised when one parameter of a generalised linear mixed model is held: −2 log L by Laplace or quadrature over all other standard deviations, correlations and fixed effects.
/// </summary>
/// <remarks>
/// <para>The natural parameters are θ and the basis coefficients γ = γ̂ + Lξ, LL' their covariance, so that the Hessian in ξ starts near 2I; what is held and how is in <see cref="CoordinateProfile"/>.</para>
/// <para>The profile is that of Bates, Mächler, Bolker and Walker (2015), section 5.1, for glmer; the coordinates are our own. Families with a dispersion are refused, as their likelihood is profiled in φ by a
/// formula that is no likelihood (<see cref="ScaleProfile"/>); lme4 refuses them too. Check: ProfileLikelihoodTests (lme4; finite differences).</para>
/// </remarks>
internal sealed class GeneralizedProfile : CoordinateProfile
{
    private readonly RefitModel _model;
    private readonly MixedModelFit _fit;
    private readonly LaplaceDeviance _laplace;
    private readonly Objective _criterion;
    private readonly double[] _gamma;
    private readonly Matrix _triangle;

    /// <summary>Sets up a profile of the fit behind <paramref name="model"/>.</summary>
    public GeneralizedProfile(RefitModel model)
        : base(model.Cells.Layout, [.. model.Fit.Theta], [.. CriterionCurvature.ScalesOf(model.Fit.Joint), .. Enumerable.Repeat(1.0, model.Cells.FixedColumns)])
    {
        _model = model;
        _fit = model.Fit;
        _laplace = new LaplaceDeviance(model.Cells, model.Observations, model.Data.Information);
        double[] spherical = model.OriginalSpherical();
        spherical.CopyTo(_laplace.Modes.Spherical, 0);
        _criterion = GeneralizedLinearMixedModel.Criterion(model.Cells, model.Observations, _laplace, QuadratureEngine.PointsOf(_fit.Engine)!.Value, out _);
        _gamma = spherical[Layout.Columns..];
        _triangle = model.Cells.Basis.FromCoefficientCovariance(_fit.BetaCovariance);
        if (_gamma.Length > 0 && !Cholesky.TryFactor(_triangle)) throw new ModelException("The covariance of the fixed effects is not positive definite, so they cannot be profiled; use Wald intervals or simplify the model.");
    }

    /// <inheritdoc/>
    public override double Minimum() => _criterion([.. _fit.Theta, .. _gamma], []);

    /// <summary>β_j and k: L' times row j of R⁻¹.</summary>
    protected override HeldCombination Combination(ModelParameter parameter)
    {
        double[] row = _model.Cells.Basis.RowOfInverse(_fit.Estimated.ToList().IndexOf(parameter.Coefficient)), k = new double[row.Length];
        for (int c = 0; c < k.Length; c++)
        {
            for (int i = c; i < k.Length; i++) k[c] += _triangle[i, c] * row[i];
        }
        return new HeldCombination(_fit.Beta[parameter.Coefficient], k);
    }

    protected override double[] Start() => [.. Theta, .. new double[_gamma.Length]];

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

    protected override double[] Values() => _model.Parameters.Values(Point.AsSpan(0, Thetas), 1, _model.Cells.Basis.ToColumns(Point.AsSpan(Thetas), 0));
}
