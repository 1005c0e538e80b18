namespace Terrace.Bayes;

/// <summary>The priors of a model after scaling, ready for its log density; the order is that of the design's columns and terms.</summary>
public sealed record ModelPriors
{
    /// <summary>The prior of the intercept of the centred design, at the means of the predictors; null where the formula has no intercept.</summary>
    public Prior? Intercept { get; init; }

    /// <summary>The priors of the coefficients, one for each column of the design but the intercept (aliased columns left out).</summary>
    public required IReadOnlyList<Prior> Coefficients { get; init; }

    /// <summary>The priors of the group-level terms in the order of the formula.</summary>
    public required IReadOnlyList<TermPrior> Terms { get; init; }

    /// <summary>The priors of what the family adds, by name: <c>sigma</c>, <c>phi</c>, <c>nu</c>, <c>zi</c>, <c>thresholds</c>.</summary>
    public required IReadOnlyDictionary<string, Prior> Auxiliary { get; init; }

    /// <summary>The coefficients of formulas for other parameters of the distribution, by component (<c>dispersion</c>, <c>zero-inflation</c>), intercept (on the centred design) first where there is one.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Prior>> Components { get; init; } = new Dictionary<string, IReadOnlyList<Prior>>();
}

/// <summary>The prior of one group-level term's standard deviations and correlations.</summary>
public abstract record TermPrior
{
    /// <summary>Whether the standard deviations are meant in units of the residual standard deviation (rstanarm's Gaussian models).</summary>
    public bool RelativeToSigma { get; init; }
}

/// <summary>Independent priors of the standard deviations, restricted to positive values, and an LKJ prior of the correlation matrix (brms).</summary>
/// <param name="StandardDeviations">One for each column of the term.</param>
/// <param name="LkjShape">The shape η of the LKJ distribution; 1 is uniform over correlation matrices.</param>
public sealed record IndependentTermPrior(IReadOnlyList<Prior> StandardDeviations, double LkjShape = 1) : TermPrior;

/// <summary>
/// The decomposition-of-covariance prior of rstanarm: sds² = (τ·scale)²·J·π with τ ~ Gamma(shape, 1), π ~ Dirichlet(concentration), correlations ~ LKJ(regularization).
/// </summary>
public sealed record DecovPrior(double Regularization = 1, double Concentration = 1, double Shape = 1, double Scale = 1) : TermPrior;
