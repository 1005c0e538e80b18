using Terrace.Families;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.NonlinearModels;

namespace Terrace.Predictions;

/// <summary>What predictions need of a fit, the same for every kind of model and without the data.</summary>
public sealed class PredictionModel
{
    /// <summary>The family and link.</summary>
    public required Family Family { get; init; }

    /// <summary>The columns of the model matrix, aliased ones included.</summary>
    public required IReadOnlyList<string> FixedNames { get; init; }

    /// <summary>The fixed effects, NaN where aliased.</summary>
    public required IReadOnlyList<double> Beta { get; init; }

    /// <summary>The dispersion φ: the residual variance of a Gaussian model, 1 of a binomial or Poisson one.</summary>
    public required double Dispersion { get; init; }

    /// <summary>The coefficients of a model without random effects and their covariance; null for a mixed model.</summary>
    public CoefficientEstimates? Coefficients { get; init; }

    /// <summary>The random-effects terms; of a fit read from a file, without conditional covariances.</summary>
    public IReadOnlyList<RandomTermFit> Terms { get; init; } = [];

    /// <summary>The joint distribution of the coefficients of a mixed model, otherwise null.</summary>
    public JointPrecision? Joint { get; init; }

    /// <summary>The mean function of a nonlinear model, whose parameters the fixed effects are; otherwise null.</summary>
    public NonlinearMean? Nonlinear { get; init; }

    /// <summary>The grouping factors, each once.</summary>
    public IReadOnlyList<string> Groups => [.. Terms.Select(term => term.Group).Distinct()];

    /// <summary>What predictions need of a linear or generalised linear model.</summary>
    public static PredictionModel Of(GeneralizedLinearModelFit fit) => Of(fit.Family, fit.Estimates, fit.Dispersion);

    /// <summary>What predictions need of a mixed model.</summary>
    public static PredictionModel Of(MixedModelFit fit) => new()
    {
        Family = fit.Family,
        FixedNames = fit.FixedNames,
        Beta = fit.Beta,
        Dispersion = fit.Sigma * fit.Sigma,
        Terms = fit.Terms,
        Joint = fit.Joint,
    };

    /// <summary>What predictions need of a nonlinear model.</summary>
    public static PredictionModel Of(NonlinearModelFit fit) => new()
    {
        Family = Family.Gaussian(),
        FixedNames = fit.Mean.Parameters,
        Beta = fit.Estimates.Values,
        Dispersion = fit.Sigma * fit.Sigma,
        Coefficients = fit.Estimates,
        Nonlinear = fit.Mean,
    };

    /// <summary>What predictions need of a nonlinear mixed model.</summary>
    public static PredictionModel Of(NonlinearMixedModelFit fit) => new()
    {
        Family = Family.Gaussian(),
        FixedNames = fit.FixedNames,
        Beta = fit.Beta,
        Dispersion = fit.Sigma * fit.Sigma,
        Terms = fit.Terms,
        Joint = fit.Joint,
        Nonlinear = fit.Mean,
    };

    internal static PredictionModel Of(Family family, CoefficientEstimates estimates, double dispersion, NonlinearMean? nonlinear = null) => new()
    {
        Family = family,
        FixedNames = estimates.Terms,
        Beta = estimates.Values,
        Dispersion = dispersion,
        Coefficients = estimates,
        Nonlinear = nonlinear,
    };
}
