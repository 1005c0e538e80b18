using Terrace.Data;

namespace Terrace.Poststratification;

/// <summary>Reads and adds up the numbers of people in cells.</summary>
internal static class CellCounts
{
    /// <summary>The counts in column <paramref name="name"/>.</summary>
    /// <exception cref="DataException">The column is not there or not of numbers, a count is missing, negative or infinite, or none is positive.</exception>
    public static double[] Read(Frame table, string name)
    {
        Column column = table.Get(name);
        double[] counts = column switch
        {
            NumericColumn numbers => numbers.Values.ToArray(),
            IntegerColumn integers => Array.ConvertAll(integers.Values.ToArray(), v => v == IntegerColumn.Missing ? double.NaN : v),
            _ => throw new DataException($"{table.Source}: the count column '{name}' holds no numbers (its first value is '{FirstText(column)}')."),
        };
        for (int row = 0; row < counts.Length; row++) Check(table, name, row, counts[row]);
        if (!counts.Any(count => count > 0)) throw new DataException($"{table.Source}: every count in '{name}' is zero; there is no population.");
        if (!double.IsFinite(counts.Sum())) throw new DataException($"{table.Source}: the counts in '{name}' add up to more than a number can hold; give them in larger units.");
        return counts;
    }

    /// <summary>The sum of <paramref name="weights"/> for each combination.</summary>
    public static double[] Sum(Crossing crossing, ReadOnlySpan<double> weights)
    {
        var sums = new double[crossing.Count];
        for (int row = 0; row < weights.Length; row++) sums[crossing.Codes[row]] += weights[row];
        return sums;
    }

    private static void Check(Frame table, string name, int row, double count)
    {
        if (count >= 0 && double.IsFinite(count)) return;
        string fault = double.IsNaN(count) ? "is missing" : count < 0 ? $"is negative ({count})" : "is infinite";
        throw new DataException($"{table.Source}, row {row + 1}: the count '{name}' {fault}. A count is a number that is zero or more.");
    }

    private static string? FirstText(Column column) => Enumerable.Range(0, column.Count).Select(column.TextAt).FirstOrDefault(text => text is not null);
}
