namespace Terrace.MixedModels;

/// <summary>What a parameter of a mixed model is.</summary>
public enum ModelParameterKind
{
    /// <summary>The standard deviation of a covariate's effects between groups.</summary>
    StandardDeviation,

    /// <summary>The correlation of two covariates' effects.</summary>
    Correlation,

    /// <summary>The residual standard deviation, or the root of the dispersion.</summary>
    ResidualStandardDeviation,

    /// <summary>A fixed effect: a coefficient of a linear predictor, or a parameter of a nonlinear model's mean function.</summary>
    FixedEffect,

    /// <summary>A parameter of the distribution that is one number for all rows, on its own scale: φ, ν, the probability of a structural zero, a threshold.</summary>
    DistributionParameter,
}

/// <summary>One parameter of a mixed model on the scale on which intervals are given: standard deviations, correlations, σ, fixed effects.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name in lme4's <c>confint</c>: <c>.sig01</c>, <c>.sigma</c>, <c>Days</c>.</param>
/// <param name="LongName">The name in words: <c>sd_(Intercept)|Subject</c>, <c>cor_Days.(Intercept)|Subject</c>, <c>sigma</c>, <c>Days</c>.</param>
public sealed record ModelParameter(ModelParameterKind Kind, string Name, string LongName)
{
    /// <summary>The grouping factor, or null.</summary>
    public string? Group { get; init; }

    /// <summary>The covariate whose effects vary (of a correlation the later one), or null.</summary>
    public string? Term { get; init; }

    /// <summary>The earlier covariate of a correlation, or null.</summary>
    public string? OtherTerm { get; init; }

    /// <summary>The component of a distributional model that it belongs to.</summary>
    public string Component { get; init; } = "conditional";

    /// <summary>The term's place in <see cref="MixedModelFit.Terms"/>, or −1.</summary>
    internal int TermIndex { get; init; } = -1;

    /// <summary>The component of the standard deviation, or the later of the two correlated ones.</summary>
    internal int Row { get; init; }

    /// <summary>The earlier of two correlated components.</summary>
    internal int Column { get; init; }

    /// <summary>The column of the model matrix; of a distributional model the place in its own list of coefficients. −1 of others.</summary>
    internal int Coefficient { get; init; } = -1;
}
