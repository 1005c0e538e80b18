using Terrace.Inference.Tables;
using Terrace.Poststratification;

namespace Terrace.Cli.Printing;

/// <summary>All estimates of a run in one table: the columns of every grouping, empty where a row's grouping lacks one; without groupings the whole population.</summary>
internal static class EstimatesTable
{
    /// <summary>The table of <paramref name="result"/>.</summary>
    public static EstimateTable Of(MrpResult result)
    {
        AreaEstimates[] groupings = [.. result.By];
        if (groupings.Length == 0) groupings = [Whole(result)];
        string[] variables = [.. groupings.SelectMany(areas => areas.Grouping.Variables).Distinct()];
        (AreaEstimate Row, Grouping Grouping)[] rows = [.. groupings.SelectMany(areas => areas.Rows.Select(row => (row, areas.Grouping)))];
        return new EstimateTable(
            variables.Select(variable => new KeyColumn(variable, [.. rows.Select(row => Level(row.Row, row.Grouping, variable))])),
            [
                new MeasureColumn("population", [.. rows.Select(row => row.Row.Population)]),
                new MeasureColumn("n", [.. rows.Select(row => row.Row.Respondents ?? double.NaN)]),
                new MeasureColumn("estimate", [.. rows.Select(row => row.Row.Estimate.Estimate)]),
                new MeasureColumn("sd", [.. rows.Select(row => row.Row.Estimate.Sd)]),
                new MeasureColumn("lower", [.. rows.Select(row => row.Row.Estimate.Lower)]),
                new MeasureColumn("upper", [.. rows.Select(row => row.Row.Estimate.Upper)]),
            ]);
    }

    private static AreaEstimates Whole(MrpResult result) =>
        new(Grouping.None, [new AreaEstimate([], result.Population, result.Rows.Rows, result.Overall)]);

    private static string? Level(AreaEstimate row, Grouping grouping, string variable)
    {
        int position = grouping.Variables.ToList().IndexOf(variable);
        return position < 0 ? null : row.Levels[position];
    }
}
