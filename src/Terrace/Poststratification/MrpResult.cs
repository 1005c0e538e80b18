using Terrace.Bayes;
using Terrace.Design;
using Terrace.Inference.Posterior;
using Terrace.LinearModels;
using Terrace.MixedModels;

namespace Terrace.Poststratification;

/// <summary>What a run of multilevel regression and poststratification found.</summary>
public sealed record MrpResult
{
    /// <summary>What was asked for.</summary>
    public required MrpOptions Options { get; init; }

    /// <summary>The engine that fitted the model: <c>ml</c>, <c>reml</c>, <c>laplace</c>, <c>agq:K</c> or <c>nuts</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>How the data are coded.</summary>
    public required ModelFrame ModelFrame { get; init; }

    /// <summary>The rows that the model was fitted to.</summary>
    public required ModelRows Rows { get; init; }

    /// <summary>The fit of a formula without group-level terms, otherwise null.</summary>
    public GeneralizedLinearModelFit? LinearFit { get; init; }

    /// <summary>The fit of a formula with group-level terms, otherwise null.</summary>
    public MixedModelFit? MixedFit { get; init; }

    /// <summary>The Bayesian fit, otherwise null.</summary>
    public BayesianFit? BayesianFit { get; init; }

    /// <summary>The number of people in the population.</summary>
    public required double Population { get; init; }

    /// <summary>The estimate for the whole population.</summary>
    public required IntervalEstimate Overall { get; init; }

    /// <summary>The estimates for the areas of each grouping asked for.</summary>
    public required IReadOnlyList<AreaEstimates> By { get; init; }

    /// <summary>The comparison of ways to estimate: first for the whole population, then for each grouping asked for.</summary>
    public required IReadOnlyList<PoolingComparison> Comparison { get; init; }

    /// <summary>The comparison with known values, if there are any.</summary>
    public TruthComparison? Truth { get; init; }

    /// <summary>How the levels of survey and population differ.</summary>
    public required LevelComparison Levels { get; init; }

    /// <summary>Draws of the model's parameters that carry their joint uncertainty, for a mixed model with the default interval; otherwise null.</summary>
    public Draws? Parameters { get; init; }

    /// <summary>Draws (or bootstrap replicates) of the estimates, where there are any: first for the whole population, then for each grouping.</summary>
    public IReadOnlyList<Draws> Estimates { get; init; } = [];

    /// <summary>How many bootstrap replicates could not be fitted.</summary>
    public int FailedReplicates { get; init; }

    /// <summary>One sentence on what the intervals are.</summary>
    public required string IntervalMeaning { get; init; }

    /// <summary>What the user should know.</summary>
    public required IReadOnlyList<ModelWarning> Warnings { get; init; }
}
