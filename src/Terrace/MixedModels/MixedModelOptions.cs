namespace Terrace.MixedModels;

/// <summary>How a linear mixed model is fitted.</summary>
public sealed record LinearMixedModelOptions
{
    /// <summary>Whether to use restricted maximum likelihood (the default) or maximum likelihood.</summary>
    public bool Reml { get; init; } = true;

    /// <summary>The most evaluations of the criterion in one search.</summary>
    public int MaximumEvaluations { get; init; } = 1000;
}

/// <summary>How a generalised linear mixed model is fitted.</summary>
public sealed record GeneralizedLinearMixedModelOptions
{
    /// <summary>The curvature in the Laplace approximation; they differ only for links that are not canonical.</summary>
    public LaplaceInformation Information { get; init; } = LaplaceInformation.Observed;

    /// <summary>The most evaluations of the criterion in one search.</summary>
    public int MaximumEvaluations { get; init; } = 1000;
}

/// <summary>The curvature of the log likelihood that the Laplace approximation uses.</summary>
public enum LaplaceInformation
{
    /// <summary>The second derivative itself, which is the Laplace approximation proper (as glmmTMB).</summary>
    Observed,

    /// <summary>Its expectation, the weights of iteratively reweighted least squares (as lme4).</summary>
    Expected,
}
