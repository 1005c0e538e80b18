using Terrace.Data;

namespace Terrace.Poststratification;

/// <summary>The areas that a grouping makes of a population: the combinations of its variables' levels that occur there, in level order.</summary>
public sealed class Areas
{
    private readonly int[] _ofCell;
    private readonly double[] _population;

    private Areas(Grouping grouping, IReadOnlyList<IReadOnlyList<string>> levels, int[] ofCell, double[] population)
    {
        Grouping = grouping;
        Levels = levels;
        _ofCell = ofCell;
        _population = population;
    }

    /// <summary>The variables that make the areas.</summary>
    public Grouping Grouping { get; }

    /// <summary>The levels of each area, one for each variable.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Levels { get; }

    /// <summary>The number of areas; 1 without grouping.</summary>
    public int Count => _population.Length;

    /// <summary>The area of each cell of the population.</summary>
    public ReadOnlySpan<int> OfCell => _ofCell;

    /// <summary>The number of people in each area.</summary>
    public ReadOnlySpan<double> Population => _population;

    /// <summary>The areas of <paramref name="frame"/> by <paramref name="grouping"/>.</summary>
    /// <exception cref="DataException">A variable is not in the population, or is missing in a cell.</exception>
    public static Areas Of(PoststratificationFrame frame, Grouping grouping)
    {
        Factor[] factors = Crossing.Factors(frame.Cells, grouping.Variables);
        foreach (Factor factor in factors) RequirePresent(frame, factor);
        var crossing = new Crossing(factors, frame.Cells.RowCount);
        IReadOnlyList<string>[] levels = [.. Enumerable.Range(0, crossing.Count).Select(area => (IReadOnlyList<string>)crossing.Levels(area))];
        return new Areas(grouping, levels, crossing.Codes, CellCounts.Sum(crossing, frame.Counts));
    }

    /// <summary>
    /// How many of the given rows of a survey lie in each area, by the levels' names; null where the survey lacks a variable of the grouping.
    /// </summary>
    public long[]? Respondents(Frame survey, ReadOnlySpan<int> rows)
    {
        if (Locate(survey) is not { } areaOfRow) return null;
        var respondents = new long[Count];
        foreach (int row in rows)
        {
            if (areaOfRow[row] >= 0) respondents[areaOfRow[row]]++;
        }
        return respondents;
    }

    /// <summary>The area of each row of a survey, by the levels' names; −1 where a value is missing or the population has no such area. Null where the survey lacks a variable.</summary>
    internal int[]? Locate(Frame survey)
    {
        if (Grouping.Variables.Any(name => survey.Find(name) is null)) return null;
        var crossing = new Crossing(Crossing.Factors(survey, Grouping.Variables), survey.RowCount);
        Dictionary<string, int> areaOf = Enumerable.Range(0, Count).ToDictionary(area => Key(Levels[area]), StringComparer.Ordinal);
        int[] areaOfCombination = [.. Enumerable.Range(0, crossing.Count).Select(c => areaOf.GetValueOrDefault(Key(crossing.Levels(c)), -1))];
        return Array.ConvertAll(crossing.Codes, code => code < 0 ? -1 : areaOfCombination[code]);
    }

    /// <summary>One text for the levels of an area, different for different areas.</summary>
    internal static string Key(IEnumerable<string> levels) => string.Join('\u001f', levels);

    private static void RequirePresent(PoststratificationFrame frame, Factor factor)
    {
        int row = factor.Codes.IndexOf(-1);
        if (row >= 0) throw new DataException($"{frame.Cells.Source}, row {row + 1}: '{factor.Name}' is missing, so the cell belongs to no area.");
    }
}
