namespace Terrace.NonlinearModels;

/// <summary>How a nonlinear model is set up and fitted.</summary>
public sealed record NonlinearModelOptions
{
    /// <summary>Start values by the parameters' names. A self-starting function needs none; those given replace its own.</summary>
    public IReadOnlyDictionary<string, double> Start { get; init; } = new Dictionary<string, double>();

    /// <summary>Mean functions of one's own that the formula calls.</summary>
    public IReadOnlyList<MeanFunction> Functions { get; init; } = [];

    /// <summary>The most steps of a least-squares search.</summary>
    public int MaximumIterations { get; init; } = 500;

    /// <summary>The most evaluations of the likelihood in one search (mixed models).</summary>
    public int MaximumEvaluations { get; init; } = 2000;
}
