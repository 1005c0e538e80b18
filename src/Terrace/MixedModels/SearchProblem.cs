using Terrace.Design;
using Terrace.Families;
using Terrace.Numerics.Optimization;

namespace Terrace.MixedModels;

/// <summary>The criterion of a fit, ready to be searched again: in the coordinates of its search, with the way back to standard deviations and fixed effects.</summary>
/// <remarks>The criteria are those of the fit (<see cref="ProfiledDeviance"/>, <see cref="LaplaceDeviance"/> and their kin); Bates et al. (2015). Check: RestartCheckTests (the same optimum as the fit).</remarks>
internal abstract class SearchProblem
{
    protected SearchProblem(RandomEffectsLayout layout, RandomTermScaling? scaling)
    {
        Layout = layout;
        Scaling = scaling;
        Start = [];
        Curvature = [];
    }

    /// <summary>The layout of the covariance parameters at the head of a point.</summary>
    public RandomEffectsLayout Layout { get; }

    /// <summary>The point where fits start.</summary>
    public double[] Start { get; protected init; }

    /// <summary>The diagonal of the Hessian that fits assume there.</summary>
    public double[] Curvature { get; protected init; }

    /// <summary>The coordinates of the covariance parameters; null without random effects.</summary>
    protected RandomTermScaling? Scaling { get; }

    /// <summary>Sets up the criterion of <paramref name="fit"/> on its rows.</summary>
    public static SearchProblem Of(MixedModelFit fit, ModelRows rows)
    {
        FittedRows.Require(fit, rows);
        var observations = Observations.Resolve(rows, fit.Family);
        var cells = new MixedModelCells(rows.Design, FixedEffectsBasis.Of(rows.Design.X, observations.Weight));
        var scaling = new RandomTermScaling(cells, observations.Weight);
        if (scaling.IsFar) cells = new MixedModelCells(scaling.Orthonormal(rows.Design), cells.Basis);
        return QuadratureEngine.PointsOf(fit.Engine) is { } points
            ? new GeneralizedSearchProblem(fit, cells, observations, scaling, points)
            : new LinearSearchProblem(fit, cells, observations, scaling);
    }

    /// <summary>The criterion and its gradient.</summary>
    public abstract double Evaluate(ReadOnlySpan<double> point, Span<double> gradient);

    /// <summary>The estimated fixed effects at a point.</summary>
    public abstract double[] FixedEffects(double[] point);

    /// <summary>σ at a point.</summary>
    public abstract double Sigma(double[] point);

    /// <summary>The relative covariance parameters of the covariates as they are.</summary>
    public virtual double[] Theta(double[] point)
    {
        double[] theta = point[..Layout.ThetaCount];
        Scaling?.ToTheta(theta);
        return theta;
    }

    /// <summary>The standard deviations of all random effects at a point, term by term.</summary>
    public double[] StandardDeviations(double[] point)
    {
        double[] theta = Theta(point);
        double sigma = Sigma(point);
        return [.. from term in Layout.Terms
                   from r in Enumerable.Range(0, term.Width)
                   select sigma * Math.Sqrt(ModelParameters.Product(term, r, r, theta))];
    }
}

/// <summary>The profiled deviance or REML criterion.</summary>
internal sealed class LinearSearchProblem : SearchProblem
{
    private readonly ProfiledDeviance _deviance;
    private readonly RandomTermScaling _coordinates;
    private readonly FixedEffectsBasis _basis;
    private readonly double[] _centre;
    private readonly double[] _theta;

    public LinearSearchProblem(MixedModelFit fit, MixedModelCells cells, Observations observations, RandomTermScaling scaling) : base(cells.Layout, scaling)
    {
        _basis = cells.Basis;
        double[] response = LinearMixedModel.Centre(cells, observations, out _centre);
        var product = LinearMixedModel.CrossProduct(cells, observations, response);
        _deviance = new ProfiledDeviance(product, observations.WeightedRows, observations.WithinSquares.Sum(), observations.SumLogWeight, cells.Basis.LogDeterminant, fit.Engine == "reml");
        _coordinates = scaling.IsFar ? scaling.Identity() : scaling;
        _theta = new double[cells.Layout.ThetaCount];
        Start = cells.Layout.IdentityTheta();
        Curvature = LinearMixedModel.CurvatureGuess(_deviance, _coordinates, [.. Start]);
    }

    public override double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
    {
        point.CopyTo(_theta);
        _coordinates.ToTheta(_theta);
        double value = _deviance.Evaluate(_theta, gradient);
        if (gradient.Length > 0) _coordinates.ToGradient(gradient);
        return value;
    }

    public override double[] FixedEffects(double[] point)
    {
        Evaluate(point, []);
        double[] gamma = _deviance.Spherical[Layout.Columns..];
        for (int j = 0; j < gamma.Length; j++) gamma[j] += _centre[j];
        return _basis.ToCoefficients(gamma);
    }

    public override double Sigma(double[] point)
    {
        Evaluate(point, []);
        return Math.Sqrt(_deviance.PenalisedSumOfSquares / _deviance.Degrees);
    }
}

/// <summary>The Laplace or quadrature approximation, or the joint mode.</summary>
internal sealed class GeneralizedSearchProblem : SearchProblem
{
    private readonly FixedEffectsBasis _basis;
    private readonly Observations _observations;
    private readonly LaplaceDeviance _laplace;
    private readonly LaplaceParameters _parameters;

    public GeneralizedSearchProblem(MixedModelFit fit, MixedModelCells cells, Observations observations, RandomTermScaling scaling, int points) : base(cells.Layout, scaling)
    {
        (_basis, _observations) = (cells.Basis, observations);
        _laplace = new LaplaceDeviance(cells, observations, fit.Information);
        Objective criterion = GeneralizedLinearMixedModel.Criterion(cells, observations, _laplace, points, out _);
        _parameters = LaplaceParameters.Start(cells, observations, _laplace, criterion, points == 0);
        Start = _parameters.StartPoint;
        Curvature = _parameters.CurvatureGuess();
    }

    public override double Evaluate(ReadOnlySpan<double> point, Span<double> gradient) => _parameters.Evaluate(point, gradient);

    public override double[] Theta(double[] point)
    {
        double[] theta = _parameters.Natural(point)[..Layout.ThetaCount];
        if (Scaling!.IsFar) Scaling.ToTheta(theta);
        return theta;
    }

    public override double[] FixedEffects(double[] point)
    {
        Evaluate(point, []);
        return _basis.ToCoefficients(_laplace.Modes.Spherical.AsSpan(Layout.Columns));
    }

    public override double Sigma(double[] point)
    {
        Evaluate(point, []);
        return GeneralizedLinearMixedModel.Scale(_observations, _laplace.Modes);
    }
}
