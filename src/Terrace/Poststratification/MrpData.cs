using Terrace.Data;
using Terrace.Design;
using Terrace.Families;

namespace Terrace.Poststratification;

/// <summary>
/// Survey and population made ready for one model: keys typed together, levels recoded, group-level predictors joined, levels compared, and both coded by one model frame.
/// </summary>
internal sealed class MrpData
{
    private MrpData(Frame survey, PoststratificationFrame population, LevelComparison levels, ModelFrame modelFrame, MrpOptions options)
    {
        Survey = survey;
        Population = population;
        Levels = levels;
        ModelFrame = modelFrame;
        Rows = modelFrame.Encode(survey);
        if (options.Model.Weights is { } weights) SamplingWeights.Refuse(weights.ToString(), Rows);
        Responses = Observations.Resolve(Rows, options.Family);
        (Patterns, PatternOfCell) = EncodeCells(population, modelFrame);
        Groupings = [Areas.Of(population, Grouping.None), .. options.By.Select(by => Areas.Of(population, by))];
    }

    /// <summary>The respondents with all variables.</summary>
    public Frame Survey { get; }

    /// <summary>The population with all variables.</summary>
    public PoststratificationFrame Population { get; }

    /// <summary>How their levels differ.</summary>
    public LevelComparison Levels { get; }

    /// <summary>The coding of the survey.</summary>
    public ModelFrame ModelFrame { get; }

    /// <summary>The respondents' rows that are fitted.</summary>
    public ModelRows Rows { get; }

    /// <summary>Their responses as the family understands them.</summary>
    public Observations Responses { get; }

    /// <summary>The distinct covariate patterns of the population, coded as the survey is.</summary>
    public DesignMatrices Patterns { get; }

    /// <summary>The pattern of each cell of the population; −1 for cells without people.</summary>
    public int[] PatternOfCell { get; }

    /// <summary>The areas: first the whole population, then those of each grouping asked for.</summary>
    public IReadOnlyList<Areas> Groupings { get; }

    /// <summary>The variables that plain poststratification makes its cells of: the categorical ones of the formula.</summary>
    public IReadOnlyList<string> CellVariables => [.. FormulaVariables.Of(ModelFrame.Formula)
        .Where(use => use.IsGroup || use.IsFactor || Survey.Find(use.Name) is Factor or TextColumn or LogicalColumn).Select(use => use.Name)];

    /// <summary>The shares of the patterns in all areas; with <paramref name="counted"/> the other patterns are left out.</summary>
    public AreaWeights Weights(Func<int, bool>? counted = null) => AreaWeights.Of(Population, Groupings, PatternOfCell, Patterns.Rows, counted);

    /// <summary>Makes survey and population ready and stops where their levels do not fit.</summary>
    /// <exception cref="DataException">A variable is missing somewhere, a join fails, or respondents would be lost.</exception>
    public static MrpData Prepare(MrpOptions options)
    {
        foreach (Grouping by in options.By) by.RequireFreeNames();
        (Frame survey, PoststratificationFrame population) = Join(options);
        LevelComparison levels = LevelComparison.Of(survey, population, Uses(options, survey));
        levels.RequireNoErrors();
        ModelFrame modelFrame = ModelFrame.Learn(options.Formula, survey, options.Model);
        return new MrpData(survey, population, levels, modelFrame, options);
    }

    /// <summary>Compares the levels only, for a proposal of a map.</summary>
    public static LevelComparison CompareLevels(MrpOptions options)
    {
        (Frame survey, PoststratificationFrame population) = Join(options with { GroupData = [] });
        string[] known = [.. survey.Columns.Select(c => c.Name).Intersect(population.Cells.Columns.Select(c => c.Name))];
        return LevelComparison.Of(survey, population, Uses(options, survey).Where(use => known.Contains(use.Name)));
    }

    private static IReadOnlyList<VariableUse> Uses(MrpOptions options, Frame survey) =>
        FormulaVariables.Of(options.Formula.ExpandDot(survey.Columns.Select(c => c.Name)));

    private static (Frame Survey, PoststratificationFrame Population) Join(MrpOptions options)
    {
        (Frame survey, Frame cells) = KeyTyping.Harmonise(options.Survey, options.Population.Cells);
        PoststratificationFrame population = options.Population.WithCells(cells);
        options.Map.RequireKnown(survey, population.Cells);
        survey = options.Map.Apply(survey);
        population = options.Map.Apply(population);
        foreach (Frame groups in options.GroupData)
        {
            survey = GroupData.Join(survey, groups);
            population = population.WithCells(GroupData.Join(population.Cells, groups));
        }
        return (survey, population);
    }

    private static (DesignMatrices Patterns, int[] PatternOfCell) EncodeCells(PoststratificationFrame population, ModelFrame modelFrame)
    {
        int[] populated = [.. Enumerable.Range(0, population.Counts.Length).Where(cell => population.Counts[cell] > 0)];
        Frame cells = population.Cells.Select(populated);
        ModelRows rows = modelFrame.Encode(cells, EncodeOptions.Prediction with { NewLevels = NewLevels.Allow });
        if (rows.OmittedRows > 0) throw MissingValue(population, modelFrame, populated.Except(rows.SourceRows.Select(row => populated[row])).First(), rows.OmittedRows);
        var pattern = new int[population.Counts.Length];
        Array.Fill(pattern, -1);
        for (int i = 0; i < populated.Length; i++) pattern[populated[i]] = rows.RowToCell[i];
        return (rows.Design, pattern);
    }

    private static DataException MissingValue(PoststratificationFrame population, ModelFrame modelFrame, int cell, int count)
    {
        string[] missing = [.. modelFrame.Formula.Variables.Where(name => population.Cells.Find(name)?.IsMissing(cell) == true)];
        string more = count > 1 ? $" ({count} cells in all)" : "";
        return new DataException($"{population.Cells.Source}, row {cell + 1}: {string.Join(", ", missing.DefaultIfEmpty("a variable of the formula"))} has no value, so the cell cannot be predicted{more}.");
    }
}
