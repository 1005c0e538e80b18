using Terrace.Poststratification;

namespace Terrace.Cli.Options;

/// <summary>What the command line says about the population, the areas and the intervals.</summary>
internal sealed record MrpSettings
{
    /// <summary>The file of cells and counts.</summary>
    public required string PopulationFile { get; init; }

    /// <summary>The column of the counts.</summary>
    public required string CountColumn { get; init; }

    /// <summary>The groupings to estimate for.</summary>
    public required IReadOnlyList<Grouping> By { get; init; }

    /// <summary>The file of an accepted recoding, or null.</summary>
    public string? MapFile { get; init; }

    /// <summary>The file for a proposed recoding, or null.</summary>
    public string? SuggestMapFile { get; init; }

    /// <summary>How intervals are made.</summary>
    public required MrpInterval Interval { get; init; }

    /// <summary>The kind of new levels' effects, or null where none was given.</summary>
    public string? NewLevels { get; init; }

    /// <summary>The file of known values, or null.</summary>
    public string? TruthFile { get; init; }

    /// <summary>The directory for results, or null.</summary>
    public string? OutDirectory { get; init; }
}
