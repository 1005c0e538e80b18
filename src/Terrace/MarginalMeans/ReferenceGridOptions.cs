namespace Terrace.MarginalMeans;

/// <summary>How much each combination of the other factors' levels counts in a marginal mean.</summary>
public enum MarginWeights
{
    /// <summary>All combinations alike.</summary>
    Equal,

    /// <summary>As often as the combination occurs in the data.</summary>
    Proportional,
}

/// <summary>At which values of the predictors marginal means are taken.</summary>
public sealed record ReferenceGridOptions
{
    /// <summary>Values of a predictor by its name: one or more numbers of a covariate, which otherwise stands at its mean, or some of a factor's levels.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> At { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
