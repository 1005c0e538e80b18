using Terrace.Families;

namespace Terrace.NonlinearModels;

/// <summary>How a nonlinear model is set up and fitted.</summary>
public sealed record NonlinearModelOptions
{
    /// <summary>Start values by the parameters' names. A self-starting function needs none; those given replace its own.</summary>
    public IReadOnlyDictionary<string, double> Start { get; init; } = new Dictionary<string, double>();

    /// <summary>Mean functions of one's own that the formula calls.</summary>
    public IReadOnlyList<MeanFunction> Functions { get; init; } = [];

    /// <summary>
    /// The curvature in the Laplace approximation of a mixed model: expected, that is Gauss and Newton's without second derivatives of the mean (the default, as in lme4), or observed,
    /// the exact one.
    /// </summary>
    public Information Information { get; init; } = Information.Expected;

    /// <summary>
    /// Whether a mixed model's covariance of the fixed effects comes from the Hessian of −2 log L in the variance parameters and fixed effects (as lme4's where its numerical Hessian
    /// is positive definite), which counts the uncertainty of the variances, instead of the tangent linear model at the estimates (the default).
    /// </summary>
    public bool HessianStandardErrors { get; init; }

    /// <summary>The most steps of a least-squares search.</summary>
    public int MaximumIterations { get; init; } = 500;

    /// <summary>The most evaluations of the likelihood in one search (mixed models).</summary>
    public int MaximumEvaluations { get; init; } = 2000;
}
