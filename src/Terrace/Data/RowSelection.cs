namespace Terrace.Data;

/// <summary>Picks rows out of columns and of the arrays behind them.</summary>
internal static class RowSelection
{
    /// <summary>The elements of <paramref name="values"/> at <paramref name="rows"/>, in that order.</summary>
    public static T[] Pick<T>(this T[] values, ReadOnlySpan<int> rows)
    {
        var picked = new T[rows.Length];
        for (int i = 0; i < rows.Length; i++) picked[i] = values[rows[i]];
        return picked;
    }

    /// <summary>The values of <paramref name="column"/> in <paramref name="rows"/>, in that order; a missing value for every negative row.</summary>
    public static Column SelectOrMissing(this Column column, int[] rows)
    {
        if (!rows.Any(row => row < 0)) return column.Select(rows);
        Column missing = ColumnCast.Missing(column, column.Name, 1, column.Label);
        return Concatenation.Of([column, missing]).Select(Array.ConvertAll(rows, row => row < 0 ? column.Count : row));
    }
}
