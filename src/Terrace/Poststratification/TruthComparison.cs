using Terrace.Data;

namespace Terrace.Poststratification;

/// <summary>How far estimates lie from what is known, as after an election.</summary>
/// <param name="Grouping">The variables of the areas that were compared.</param>
/// <param name="Column">The column of the true values.</param>
/// <param name="Areas">The number of areas with an estimate and a true value.</param>
/// <param name="MeanAbsoluteError">The mean over these areas, each counted once, of |estimate − truth|, in the unit of the outcome.</param>
/// <param name="Coverage">The share of these areas whose interval holds the truth.</param>
public sealed record TruthComparison(Grouping Grouping, string Column, int Areas, double MeanAbsoluteError, double Coverage)
{
    private static readonly string[] UsualNames = ["truth", "actual", "true_value"];

    /// <summary>
    /// Compares with a table of true values: the first grouping whose variables are all columns of <paramref name="truth"/>. Without <paramref name="column"/> the
    /// true values are in <c>truth</c> or <c>actual</c>, else in the only numeric column with such a word in its name, else in the only numeric column there is.
    /// </summary>
    /// <exception cref="DataException">No grouping fits, the column cannot be told, an area is there twice, no area has both, or a value is outside the range of the outcome.</exception>
    internal static TruthComparison Of(Frame truth, IReadOnlyList<AreaEstimates> by, string? column, MeanRange range)
    {
        AreaEstimates estimates = by.FirstOrDefault(e => e.Grouping.Variables.All(name => truth.Find(name) is not null))
            ?? throw new DataException($"{truth.Source} has the variables of none of the groupings ({string.Join("; ", by.Select(e => e.Grouping))}), so there is nothing to compare.");
        Column values = truth.Get(column ?? FindColumn(truth, estimates.Grouping));
        Dictionary<string, double> trueValue = Values(truth, values, estimates.Grouping, range);
        AreaEstimate[] both = [.. estimates.Rows.Where(row => row.Estimate.Exists && trueValue.ContainsKey(Poststratification.Areas.Key(row.Levels)))];
        if (both.Length == 0) throw new DataException($"No area of {estimates.Grouping} has both an estimate and a value of '{values.Name}' in {truth.Source}; are the levels written alike?");
        double[] known = [.. both.Select(row => trueValue[Poststratification.Areas.Key(row.Levels)])];
        double error = both.Zip(known, (row, value) => Math.Abs(row.Estimate.Estimate - value)).Average();
        double coverage = both.Zip(known, (row, value) => row.Estimate.Lower <= value && value <= row.Estimate.Upper ? 1.0 : 0.0).Average();
        return new TruthComparison(estimates.Grouping, values.Name, both.Length, error, coverage);
    }

    private static string FindColumn(Frame truth, Grouping grouping)
    {
        string[] numeric = [.. truth.Columns.Where(c => c is NumericColumn or IntegerColumn && !grouping.Variables.Contains(c.Name)).Select(c => c.Name)];
        if (numeric.FirstOrDefault(UsualNames.Contains) is { } usual) return usual;
        string[] named = [.. numeric.Where(name => UsualNames.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)))];
        if (named.Length == 1) return named[0];
        if (numeric.Length == 1) return numeric[0];
        throw new DataException($"Which column of {truth.Source} holds the true values? Call it 'truth'. Its columns of numbers are {string.Join(", ", numeric)}.");
    }

    private static Dictionary<string, double> Values(Frame truth, Column values, Grouping grouping, MeanRange range)
    {
        Column[] keys = [.. grouping.Variables.Select(truth.Get)];
        var known = new Dictionary<string, double>(StringComparer.Ordinal);
        for (int row = 0; row < truth.RowCount; row++)
        {
            if (values.IsMissing(row) || keys.Any(key => key.IsMissing(row))) continue;
            double value = Number(truth, values, row, range);
            if (known.TryAdd(Poststratification.Areas.Key(keys.Select(key => key.TextAt(row)!)), value)) continue;
            throw new DataException($"{truth.Source}, row {row + 1}: {string.Join(", ", keys.Select(key => $"{key.Name} = {key.TextAt(row)}"))} is there twice.");
        }
        return known;
    }

    private static double Number(Frame truth, Column values, int row, MeanRange range)
    {
        double value = values switch
        {
            NumericColumn numbers => numbers.Values[row],
            IntegerColumn integers => integers.Values[row],
            _ => throw new DataException($"{truth.Source}: the true values '{values.Name}' are no numbers."),
        };
        if (value >= range.Low && value <= range.High) return value;
        string hint = range.High == 1 ? " Proportions lie between 0 and 1; divide percentages by 100." : "";
        throw new DataException($"{truth.Source}, row {row + 1}: '{values.Name}' is {value}, which the outcome cannot be.{hint}");
    }
}
