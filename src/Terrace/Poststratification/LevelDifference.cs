namespace Terrace.Poststratification;

/// <summary>A level that one side lacks.</summary>
/// <param name="Level">The level.</param>
/// <param name="Share">Respondents with the level as a share of the survey, or the share of the population that has it.</param>
/// <param name="Count">The number of respondents, or of people.</param>
public sealed record UnmatchedLevel(string Level, double Share, double Count);

/// <summary>What survey and population do not share of one variable's levels.</summary>
public sealed record LevelDifference
{
    /// <summary>The variable.</summary>
    public required string Variable { get; init; }

    /// <summary>Levels of respondents that no cell of the population has.</summary>
    public required IReadOnlyList<UnmatchedLevel> OnlyInSurvey { get; init; }

    /// <summary>Levels of populated cells that no respondent has.</summary>
    public required IReadOnlyList<UnmatchedLevel> OnlyInPopulation { get; init; }

    /// <summary>For levels only in the survey, the level of the population that is probably meant.</summary>
    public required IReadOnlyDictionary<string, string> Suggestions { get; init; }

    /// <summary>What makes an estimate impossible or wrong: respondents who would be lost, levels that the model cannot predict. Empty if nothing does.</summary>
    public required IReadOnlyList<string> Errors { get; init; }

    /// <summary>What is worth knowing but has an honest answer: groups without respondents (<c>new-levels</c>), numbers that one side lacks (<c>level-mismatch</c>).</summary>
    public required IReadOnlyList<ModelWarning> Warnings { get; init; }
}
