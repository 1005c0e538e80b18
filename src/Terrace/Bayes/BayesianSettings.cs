using Terrace.Inference.Sampling;

namespace Terrace.Bayes;

/// <summary>How a Bayesian model is fitted: priors, sampler and coordinates. Immutable.</summary>
public sealed record BayesianSettings
{
    /// <summary>The set of default priors.</summary>
    public PriorPreset Preset { get; init; } = PriorPreset.Rstanarm;

    /// <summary>Priors in the place of default ones.</summary>
    public IReadOnlyList<UserPrior> Priors { get; init; } = [];

    /// <summary>Whether the data are left out.</summary>
    public bool PriorOnly { get; init; }

    /// <summary><c>nuts</c>; <c>gibbs</c> for the classical sampler of Gaussian and binomial logit models; or <c>approx</c> for the fast approximation, which falls through to <c>nuts</c> where its own check rejects it.</summary>
    public string Engine { get; init; } = "nuts";

    /// <summary>The coordinates that the sampler runs in.</summary>
    public SamplerPreference Preference { get; init; } = new();

    /// <summary>Whether draws are moved for rows whose leave-one-out importance ratios are not to be trusted (Pareto k above 0.7); see <see cref="Terrace.Inference.Evaluation.MomentMatching"/>.</summary>
    public bool MatchMoments { get; init; }

    /// <summary>How the sampler runs.</summary>
    public NutsOptions Sampling { get; init; } = new() { AdaptDelta = 0.95, MaxTreeDepth = 15 };
}
