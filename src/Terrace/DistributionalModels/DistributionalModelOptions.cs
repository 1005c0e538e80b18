using Terrace.Families;
using Terrace.MixedModels;

namespace Terrace.DistributionalModels;

/// <summary>How a distributional model is fitted.</summary>
public sealed record DistributionalModelOptions
{
    /// <summary>The curvature in the Laplace approximation: the observed information (the approximation proper, as glmmTMB) or the expected one (as lme4; Poisson and <c>neg-binomial</c> without a zero part).</summary>
    public Information Information { get; init; } = Information.Observed;

    /// <summary>How random effects are solved for; not iteratively, which is for linear models.</summary>
    public Factorisation Factorisation { get; init; } = Factorisation.Automatic;

    /// <summary>The most evaluations of the criterion in one search.</summary>
    public int MaximumEvaluations { get; init; } = 1000;
}
