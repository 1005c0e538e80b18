using Terrace.Inference.Tables;

namespace Terrace.Poststratification;

/// <summary>The estimate for one area.</summary>
/// <param name="Levels">The area: a level of each variable of the grouping.</param>
/// <param name="Population">The number of people in the area.</param>
/// <param name="Respondents">The number of respondents in the area; null where the survey lacks a variable of the grouping.</param>
/// <param name="Estimate">The estimate.</param>
public sealed record AreaEstimate(IReadOnlyList<string> Levels, double Population, long? Respondents, IntervalEstimate Estimate);

/// <summary>Estimates for all areas of one grouping, in level order.</summary>
/// <param name="Grouping">The variables that make the areas.</param>
/// <param name="Rows">One estimate for each area.</param>
public sealed record AreaEstimates(Grouping Grouping, IReadOnlyList<AreaEstimate> Rows)
{
    /// <summary>The estimates of totals: each mean multiplied by its area's population.</summary>
    public AreaEstimates Totals() => this with { Rows = [.. Rows.Select(row => row with { Estimate = row.Estimate.Times(row.Population) })] };

    /// <summary>The estimates as a table: the variables of the grouping, then population, n, estimate, sd, lower, upper.</summary>
    public EstimateTable ToTable()
    {
        IEnumerable<KeyColumn> keys = Grouping.Variables.Select((name, i) => new KeyColumn(name, [.. Rows.Select(row => row.Levels[i])]));
        return new EstimateTable(keys,
        [
            Measure("population", row => row.Population),
            Measure("n", row => row.Respondents ?? double.NaN),
            Measure("estimate", row => row.Estimate.Estimate),
            Measure("sd", row => row.Estimate.Sd),
            Measure("lower", row => row.Estimate.Lower),
            Measure("upper", row => row.Estimate.Upper),
        ]);
    }

    /// <summary>Puts areas, respondents and estimates together.</summary>
    internal static AreaEstimates Of(Areas areas, long[]? respondents, IReadOnlyList<IntervalEstimate> estimates) =>
        new(areas.Grouping, [.. Enumerable.Range(0, areas.Count).Select(a => new AreaEstimate(areas.Levels[a], areas.Population[a], respondents?[a], estimates[a]))]);

    private MeasureColumn Measure(string name, Func<AreaEstimate, double> value) => new(name, [.. Rows.Select(value)]);
}
