using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>How a linear mixed model is fitted.</summary>
public sealed record LinearMixedModelOptions
{
    /// <summary>Whether to use restricted maximum likelihood (the default) or maximum likelihood.</summary>
    public bool Reml { get; init; } = true;

    /// <summary>How the random effects beside those of the largest grouping factor are solved for.</summary>
    public Factorisation Factorisation { get; init; } = Factorisation.Automatic;

    /// <summary>Whether to compute the Hessian at the optimum by differences of the gradient however large the model is; small models always do (<see cref="ConvergenceCheck"/>).</summary>
    public bool VerifyHessian { get; init; }

    /// <summary>The most evaluations of the criterion in one search.</summary>
    public int MaximumEvaluations { get; init; } = 1000;
}

/// <summary>How a generalised linear mixed model is fitted.</summary>
public sealed record GeneralizedLinearMixedModelOptions
{
    /// <summary>The curvature in the Laplace approximation; they differ only for links that are not canonical.</summary>
    public Information Information { get; init; } = Information.Observed;

    /// <summary>
    /// How the random effects are integrated out, as lme4's nAGQ: 1 by the Laplace approximation (the default); K from 2 to <see cref="QuadratureEngine.LargestCount"/> by adaptive Gauss–Hermite
    /// quadrature with K points in the direction of each of a level's effects, for one grouping factor; 0 by the Laplace approximation at the joint mode of random and fixed effects, which is faster and less exact.
    /// </summary>
    public int QuadraturePoints { get; init; } = 1;

    /// <summary>How the random effects beside those of the largest grouping factor are solved for; not <see cref="Factorisation.Iterative"/>.</summary>
    public Factorisation Factorisation { get; init; } = Factorisation.Automatic;

    /// <summary>The most evaluations of the criterion in one search.</summary>
    public int MaximumEvaluations { get; init; } = 1000;
}
