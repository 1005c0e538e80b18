using Terrace.Inference.Posterior;

namespace Terrace.Poststratification;

/// <summary>Estimates of all areas of all groupings, one grouping after the other, by one model and one kind of interval.</summary>
internal sealed record ModelEstimates
{
    /// <summary>The estimates.</summary>
    public required IReadOnlyList<IntervalEstimate> Areas { get; init; }

    /// <summary>One sentence on what the intervals are.</summary>
    public required string Meaning { get; init; }

    /// <summary>The share of each area's population that the estimate is of.</summary>
    public required IReadOnlyList<double> Covered { get; init; }

    /// <summary>Draws or replicates of the estimates, one set for each grouping; empty where there are none.</summary>
    public IReadOnlyList<Draws> Draws { get; init; } = [];

    /// <summary>Draws of the model's parameters, or null.</summary>
    public Draws? Parameters { get; init; }

    /// <summary>How many bootstrap replicates could not be fitted.</summary>
    public int Failed { get; init; }

    /// <summary>The estimates of one grouping.</summary>
    public IReadOnlyList<IntervalEstimate> Of(IReadOnlyList<Areas> groupings, int grouping)
    {
        int offset = groupings.Take(grouping).Sum(areas => areas.Count);
        return [.. Areas.Skip(offset).Take(groupings[grouping].Count)];
    }
}
