using Terrace.Cli.Options;
using Terrace.Data;
using Terrace.Formulas;
using Terrace.Poststratification;

namespace Terrace.Cli.Commands;

/// <summary>The tables of one run of <c>terrace mrp</c>, read and filtered.</summary>
internal sealed record MrpTables(Frame Survey, PoststratificationFrame Population, IReadOnlyList<Frame> Groups, LevelMap Map, Frame? Truth)
{
    /// <summary>Reads survey, population, group-level predictors, recoding and known values.</summary>
    /// <exception cref="DataException">One of them cannot be read.</exception>
    public static MrpTables Read(string surveyFile, DataSettings data, MrpSettings settings, Invocation invocation)
    {
        Frame survey = data.Read(surveyFile);
        Frame cells = data.Read(settings.PopulationFile);
        IReadOnlyList<Frame> groups = data.ReadGroupData();
        data.RequireDeclared([survey, cells, .. groups]);
        RequireCount(cells, settings);
        foreach (string condition in data.Where) (survey, cells) = Filter(RowFilter.Parse(condition), survey, cells, groups, invocation);
        LevelMap map = settings.MapFile is null ? LevelMap.Empty : ReadMap(settings.MapFile);
        return new MrpTables(survey, PoststratificationFrame.FromCounts(cells, settings.CountColumn), groups, map, settings.TruthFile is null ? null : data.Read(settings.TruthFile));
    }

    private static void RequireCount(Frame cells, MrpSettings settings)
    {
        if (settings.By.Any(grouping => grouping.Variables.Contains(settings.CountColumn)))
            throw new DataException($"'{settings.CountColumn}' is the column of the counts of {cells.Source}, so it cannot be grouped by; leave it out of --by, or name another column with --count.");
        if (cells.Find(settings.CountColumn) is not null) return;
        string names = string.Join(", ", cells.Columns.Select(column => column.Name));
        throw new DataException($"{cells.Source} has no column '{settings.CountColumn}' with the counts of its cells; name it with --count. Its columns are {names}.");
    }

    /// <summary>Keeps the respondents that meet a condition, and the cells too where they have all the variables of the condition.</summary>
    private static (Frame Survey, Frame Cells) Filter(RowFilter filter, Frame survey, Frame cells, IReadOnlyList<Frame> groups, Invocation invocation)
    {
        IReadOnlyList<string> variables = Expression.Parse(filter.ToString()).Variables;
        Frame kept = Keep(filter, survey, variables, groups);
        if (kept.RowCount == 0) throw new DataException($"No row of {survey.Source} meets the condition '{filter}'.");
        bool concernsCells = variables.All(name => cells.Find(name) is not null || (survey.Find(name) is null && groups.Any(table => table.Find(name) is not null)));
        if (!concernsCells) return (kept, cells);
        Frame remaining = Keep(filter, cells, variables, groups);
        if (remaining.RowCount < cells.RowCount)
            invocation.Remark($"the condition '{filter}' also leaves out {cells.RowCount - remaining.RowCount} of the {cells.RowCount} cells of the population.");
        return (kept, remaining);
    }

    private static Frame Keep(RowFilter filter, Frame rows, IReadOnlyList<string> variables, IReadOnlyList<Frame> groups)
    {
        bool needsGroups = variables.Any(name => rows.Find(name) is null && groups.Any(table => table.Find(name) is not null));
        bool[] chosen = filter.Choose(needsGroups ? DataSettings.Join(rows, groups) : rows);
        return rows.Select([.. Enumerable.Range(0, chosen.Length).Where(row => chosen[row])]);
    }

    private static LevelMap ReadMap(string path)
    {
        try
        {
            return LevelMap.Parse(File.ReadAllText(path), Path.GetFileName(path));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"The map '{path}' cannot be read: {fault.Message}", fault);
        }
    }
}
