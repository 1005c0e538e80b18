using Terrace.Data;

namespace Terrace.Poststratification;

/// <summary>
/// Proposes, for levels that only the survey has, the level of the population that is probably meant: equal but for case, blanks, punctuation and zero padding; else near in
/// spelling; else an abbreviation (<c>Calif.</c> and <c>CA</c>), where only one level of the population comes into question and only one of the survey claims it.
/// </summary>
internal static class LevelSuggestions
{
    /// <summary>The proposals; levels for which there is none are left out.</summary>
    public static Dictionary<string, string> For(IReadOnlyList<string> onlyInSurvey, IReadOnlyList<string> onlyInPopulation, IReadOnlyList<string> population)
    {
        var suggestions = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string level in onlyInSurvey)
        {
            if (NearestName.Suggest(level, onlyInPopulation) is { } near || (near = Equivalent(level, population)) is not null) suggestions.Add(level, near);
        }
        string[] open = [.. onlyInPopulation.Except(suggestions.Values)];
        var abbreviations = onlyInSurvey.Where(level => !suggestions.ContainsKey(level))
            .Select(level => (Level: level, Targets: open.Where(target => Abbreviates(level, target)).ToArray()))
            .Where(pair => pair.Targets.Length == 1)
            .GroupBy(pair => pair.Targets[0])
            .Where(claims => claims.Count() == 1);
        foreach (var claim in abbreviations) suggestions.Add(claim.Single().Level, claim.Key);
        return suggestions;
    }

    // A level that the survey also has in its right form: only differences of writing count, not of spelling ("18-29" is near "19-29" but is not it).
    private static string? Equivalent(string level, IReadOnlyList<string> population)
    {
        string folded = NearestName.Fold(level);
        return population.FirstOrDefault(candidate => NearestName.Fold(candidate) == folded);
    }

    private static bool Abbreviates(string a, string b)
    {
        string first = NearestName.Fold(a), second = NearestName.Fold(b);
        (string shorter, string longer) = first.Length <= second.Length ? (first, second) : (second, first);
        return shorter.Length >= 2 && shorter.All(char.IsLetter) && longer.StartsWith(shorter, StringComparison.Ordinal);
    }
}
