namespace Terrace.SavedFits;

/// <summary>What the intervals of a report are.</summary>
/// <param name="Kind"><c>profile</c>, <c>restricted-profile</c> or <c>bootstrap</c>.</param>
/// <param name="Level">Their probability.</param>
public sealed record IntervalSummary(string Kind, double Level)
{
    /// <summary>The number of bootstrap replicates, or null.</summary>
    public int? Replicates { get; init; }

    /// <summary>Whether the group effects of a bootstrap stayed at their modes; null where there are none.</summary>
    public bool? KeepGroupEffects { get; init; }

    /// <summary>How many of them could not be fitted.</summary>
    public int Failed { get; init; }

    /// <summary>How many of them had a variance of 0 or a correlation of ±1.</summary>
    public int Singular { get; init; }
}
