using Terrace.Design;
using Terrace.DistributionalModels;
using Terrace.Families;
using Terrace.MixedModels;

namespace Terrace.Predictions;

/// <summary>What predictions need of a distributional model, without the data.</summary>
public sealed class DistributionalPredictionModel
{
    /// <summary>The distribution of the response and the link of its conditional predictor.</summary>
    public required ResponseFamily Family { get; init; }

    /// <summary>The coding of every component.</summary>
    public required ComponentFrames Frames { get; init; }

    /// <summary>The ordered categories of the response; empty for other responses.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>The coefficients of every component, the conditional one first.</summary>
    public required IReadOnlyList<ComponentFit> Components { get; init; }

    /// <summary>The random-effects terms.</summary>
    public IReadOnlyList<RandomTermFit> Terms { get; init; } = [];

    /// <summary>The joint uncertainty of coefficients and random effects.</summary>
    internal EstimateUncertainty Uncertainty { get; init; } = EstimateUncertainty.None;

    /// <summary>The grouping factors, each once.</summary>
    public IReadOnlyList<string> Groups => [.. Terms.Select(term => term.Group).Distinct()];

    /// <summary>Whether zeros have a part of their own.</summary>
    internal bool HasZeroPart => Components.Any(component => component.Component == Component.ZeroInflation);

    /// <summary>What predictions need of <paramref name="fit"/>, whose data <paramref name="frames"/> coded.</summary>
    public static DistributionalPredictionModel Of(DistributionalModelFit fit, ComponentFrames frames)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return new DistributionalPredictionModel { Family = fit.Family, Frames = frames, Categories = fit.Categories, Components = fit.Components, Terms = fit.Terms, Uncertainty = fit.Uncertainty };
    }
}
