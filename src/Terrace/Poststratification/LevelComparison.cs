using System.Globalization;
using Terrace.Data;

namespace Terrace.Poststratification;

/// <summary>
/// Compares, before anything is fitted, the levels that survey and population have of every categorical variable of a formula (factors, text, truth values, grouping variables,
/// and numbers with few values). Respondents whose level the population lacks would count for nobody, and a level that no respondent has cannot be predicted by a fixed effect: both are
/// errors. A group without respondents is predicted from the distribution of the groups, which is a warning; so is a number that occurs on one side only.
/// </summary>
public sealed class LevelComparison
{
    private const int FewValues = 20;
    private const int Shown = 8;

    private LevelComparison(IReadOnlyList<LevelDifference> differences) => Differences = differences;

    /// <summary>The variables whose levels differ, in the order of the formula.</summary>
    public IReadOnlyList<LevelDifference> Differences { get; }

    /// <summary>All errors, variable by variable.</summary>
    public IEnumerable<string> Errors => Differences.SelectMany(difference => difference.Errors);

    /// <summary>All warnings, variable by variable.</summary>
    public IEnumerable<ModelWarning> Warnings => Differences.SelectMany(difference => difference.Warnings);

    /// <summary>The suggestions as a map, to be looked through and accepted.</summary>
    public LevelMap SuggestedMap => new(Differences.Where(d => d.Suggestions.Count > 0).ToDictionary(d => d.Variable, d => d.Suggestions, StringComparer.Ordinal));

    /// <summary>Compares the levels of the variables that a formula uses.</summary>
    /// <exception cref="DataException">A variable is in the survey but not in the population, or the other way round.</exception>
    public static LevelComparison Of(Frame survey, PoststratificationFrame population, IEnumerable<VariableUse> uses)
    {
        var differences = new List<LevelDifference>();
        foreach (VariableUse use in uses)
        {
            Column inSurvey = survey.Get(use.Name), inPopulation = population.Cells.Get(use.Name);
            bool isCategorical = use.IsGroup || use.IsFactor || IsCategorical(inSurvey) || IsCategorical(inPopulation);
            LevelDifference? difference = Compare(inSurvey, inPopulation, population, use, isCategorical);
            if (difference is not null) differences.Add(difference);
        }
        return new LevelComparison(differences);
    }

    /// <summary>Stops where respondents would be lost or a level cannot be predicted.</summary>
    /// <exception cref="DataException">There are errors; all of them are listed, with what to do.</exception>
    public void RequireNoErrors()
    {
        string[] errors = [.. Errors];
        if (errors.Length == 0) return;
        string remedy = SuggestedMap.Variables.Count > 0 ? "Recode the levels with a map (--suggest-map FILE writes one to look through, --map FILE applies it)" : "Recode the levels with a map (--map FILE)";
        throw new DataException($"Survey and population do not have the same levels:\n  {string.Join("\n  ", errors)}\n{remedy}, or leave the rows out.");
    }

    private static bool IsCategorical(Column column) => column is Factor or TextColumn or LogicalColumn;

    private static LevelDifference? Compare(Column inSurvey, Column inPopulation, PoststratificationFrame population, VariableUse use, bool isCategorical)
    {
        Dictionary<string, double> respondents = Weigh(inSurvey, null), people = Weigh(inPopulation, population.Counts.ToArray());
        if (!isCategorical && (respondents.Count > FewValues || people.Count > FewValues)) return null;
        UnmatchedLevel[] onlyInSurvey = Unmatched(inSurvey, respondents, people), onlyInPopulation = Unmatched(inPopulation, people, respondents);
        if (onlyInSurvey.Length == 0 && onlyInPopulation.Length == 0) return null;
        var suggestions = isCategorical
            ? LevelSuggestions.For([.. onlyInSurvey.Select(l => l.Level)], [.. onlyInPopulation.Select(l => l.Level)], [.. people.Keys])
            : [];
        bool needsRespondents = use.IsFixed && (use.IsFactor || IsCategorical(inSurvey) || IsCategorical(inPopulation));
        (string[] errors, ModelWarning[] warnings) = Judge(use.Name, isCategorical, needsRespondents, use.IsStructured, onlyInSurvey, onlyInPopulation, suggestions);
        return new LevelDifference { Variable = use.Name, OnlyInSurvey = onlyInSurvey, OnlyInPopulation = onlyInPopulation, Suggestions = suggestions, Errors = errors, Warnings = warnings };
    }

    private static (string[] Errors, ModelWarning[] Warnings) Judge(string name, bool isCategorical, bool needsRespondents, bool isStructured, UnmatchedLevel[] onlyInSurvey, UnmatchedLevel[] onlyInPopulation, Dictionary<string, string> suggestions)
    {
        var errors = new List<string>();
        var warnings = new List<ModelWarning>();
        if (onlyInSurvey.Length > 0)
        {
            string hints = suggestions.Count == 0 ? "" : $" Did you mean {string.Join(", ", suggestions.Take(Shown).Select(s => $"'{s.Value}' for '{s.Key}'"))}?";
            string fault = $"{name}: {List(onlyInSurvey)} of the survey is not in the population";
            if (isCategorical) errors.Add($"{fault}; {Respondents(onlyInSurvey.Sum(l => l.Count))} ({Percent(onlyInSurvey)}) would count for nobody.{hints}");
            else warnings.Add(new ModelWarning("level-mismatch", fault + "."));
        }
        if (onlyInPopulation.Length > 0)
        {
            string people = $"{name}: {List(onlyInPopulation)} of the population has no respondents ({Percent(onlyInPopulation)} of the population)";
            if (!isCategorical) warnings.Add(new ModelWarning("level-mismatch", $"{people}; the model extrapolates to it."));
            else if (needsRespondents) errors.Add($"{people}, and a fixed effect cannot predict a level that it has never seen.");
            else warnings.Add(new ModelWarning("new-levels", isStructured
                ? $"{people}; it is predicted from the other terms and from the levels to which the structured term relates it."
                : $"{people}; it is predicted as a new level, from the other terms and the distribution of the groups."));
        }
        return ([.. errors], [.. warnings]);
    }

    private static Dictionary<string, double> Weigh(Column column, double[]? weights)
    {
        Factor factor = FactorConversion.From(column);
        var sums = new double[factor.Levels.Count];
        for (int row = 0; row < factor.Count; row++)
        {
            if (factor.Codes[row] >= 0) sums[factor.Codes[row]] += weights is null ? 1 : weights[row];
        }
        return Enumerable.Range(0, sums.Length).Where(i => sums[i] > 0).ToDictionary(i => factor.Levels[i], i => sums[i], StringComparer.Ordinal);
    }

    private static UnmatchedLevel[] Unmatched(Column column, Dictionary<string, double> own, Dictionary<string, double> other)
    {
        double total = own.Values.Sum();
        return [.. own.Where(level => !other.ContainsKey(level.Key)).Select(level => new UnmatchedLevel(level.Key, level.Value / total, level.Value))];
    }

    private static string List(UnmatchedLevel[] levels)
    {
        string shown = string.Join(", ", levels.Take(Shown).Select(level => $"'{level.Level}'"));
        return (levels.Length == 1 ? "level " : "each of the levels ") + shown + (levels.Length > Shown ? $" and {levels.Length - Shown} more" : "");
    }

    private static string Percent(UnmatchedLevel[] levels) => (100 * levels.Sum(level => level.Share)).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    private static string Respondents(double count) => count.ToString("0.##", CultureInfo.InvariantCulture) + (count == 1 ? " respondent" : " respondents");
}
