namespace Terrace.Data;

/// <summary>
/// Rows counted or weights summed by combinations of key columns, as a population frame is made from microdata. One pass; only the cells are held.
/// </summary>
/// <param name="Cells">The key columns and one numeric column of counts or sums: a row for every combination that occurs, in the order of first
/// appearance.</param>
/// <param name="OmittedRows">The number of rows left out because a key is missing.</param>
/// <param name="OmittedWeight">Their weight.</param>
public sealed record Aggregation(Frame Cells, long OmittedRows, double OmittedWeight)
{
    /// <summary>Counts the rows of each combination of <paramref name="keys"/> into the column <paramref name="countName"/>.</summary>
    /// <exception cref="DataException">A key is no column of <paramref name="rows"/>, or is named like the count.</exception>
    public static Aggregation Count(IRowBlocks rows, IReadOnlyList<string> keys, string countName = "N") => Of(rows, keys, null, countName);

    /// <summary>
    /// Sums the column <paramref name="weights"/> over each combination of <paramref name="keys"/> into the column <paramref name="sumName"/>.
    /// </summary>
    /// <exception cref="DataException">A column is missing; a weight is missing, negative, infinite or no number.</exception>
    public static Aggregation Sum(IRowBlocks rows, IReadOnlyList<string> keys, string weights, string sumName = "N") =>
        Of(rows, keys, weights, sumName);

    private static Aggregation Of(IRowBlocks rows, IReadOnlyList<string> keys, string? weights, string name)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(keys);
        Frame header = rows.Header;
        Aggregation sum = OfBlock(header, keys, [], name);
        long rowsBefore = 0;
        foreach (Frame block in rows.Blocks())
        {
            double[] weightOf = weights is null ? Ones(block.RowCount) : Weights(block, weights, rowsBefore);
            Aggregation part = OfBlock(block, keys, weightOf, name);
            Frame both = Concatenation.Of([sum.Cells, part.Cells]);
            Aggregation merged = OfBlock(both, keys, ((NumericColumn)both.Get(name)).Values.ToArray(), name);
            sum = new Aggregation(merged.Cells, sum.OmittedRows + part.OmittedRows, sum.OmittedWeight + part.OmittedWeight);
            rowsBefore += block.RowCount;
        }
        return sum;
    }

    private static Aggregation OfBlock(Frame block, IReadOnlyList<string> keys, double[] weights, string name)
    {
        RowKeys groups = RowKeys.Of([.. keys.Select(block.Get)], block.RowCount);
        var sums = new double[groups.FirstRow.Length];
        long omitted = 0;
        double omittedWeight = 0;
        for (int row = 0; row < weights.Length; row++)
        {
            int group = groups.Group[row];
            if (group >= 0)
            {
                sums[group] += weights[row];
                continue;
            }
            omitted++;
            omittedWeight += weights[row];
        }
        IEnumerable<Column> cells = keys.Select(key => block.Get(key).Select(groups.FirstRow));
        return new Aggregation(new Frame([.. cells, new NumericColumn(name, sums)], block.Source), omitted, omittedWeight);
    }

    private static double[] Ones(int count)
    {
        var ones = new double[count];
        Array.Fill(ones, 1.0);
        return ones;
    }

    private static double[] Weights(Frame block, string name, long rowsBefore)
    {
        Column column = block.Get(name);
        if (column is not (NumericColumn or IntegerColumn or LogicalColumn))
            throw new DataException($"{block.Source}: the weights '{name}' are {ColumnTypes.Of(column).Word()}, not numbers.");
        double[] weights = ColumnCast.ToNumeric(column).Values.ToArray();
        int bad = Array.FindIndex(weights, weight => !(weight >= 0 && double.IsFinite(weight)));
        if (bad < 0) return weights;
        string shown = column.TextAt(bad) ?? "missing";
        throw new DataException($"{block.Source}, row {rowsBefore + bad + 1}, column '{name}': the weight is {shown}; weights must be 0 or more.");
    }
}
