using System.Runtime.InteropServices;

namespace Terrace.Data;

/// <summary>
/// Numbers the combinations of several columns' values: rows with the same values get the same group number, in the order of first appearance. The
/// columns are combined one
/// after the other, so that the cost is one dictionary look-up per row and column.
/// </summary>
internal sealed class RowKeys
{
    private RowKeys(int[] group, int[] firstRow)
    {
        Group = group;
        FirstRow = firstRow;
    }

    /// <summary>The group of each row, −1 where a key is missing.</summary>
    public int[] Group { get; }

    /// <summary>The first row of each group.</summary>
    public int[] FirstRow { get; }

    /// <summary>Groups the rows by <paramref name="keys"/>; without a key all rows are one group.</summary>
    public static RowKeys Of(IReadOnlyList<Column> keys, int rowCount)
    {
        var group = new int[rowCount];
        foreach (Column key in keys) Combine(group, Codes(key));
        return Numbered(group);
    }

    private static int[] Codes(Column key) => key switch
    {
        Factor factor => factor.Codes.ToArray(),
        IntegerColumn integers => Codes(integers, integers.Values),
        NumericColumn numbers => Codes(numbers, numbers.Values),
        LogicalColumn truths => Codes(truths, truths.Values),
        DateColumn dates => Codes(dates, dates.Values),
        _ => Codes(key, ((TextColumn)key).Values),
    };

    private static int[] Codes<T>(Column key, ReadOnlySpan<T> values)
    {
        var numbers = new Dictionary<ValueTuple<T>, int>();
        var codes = new int[values.Length];
        for (int row = 0; row < codes.Length; row++) codes[row] = key.IsMissing(row) ? -1 : NumberOf(numbers, new ValueTuple<T>(values[row]));
        return codes;
    }

    private static void Combine(int[] group, int[] codes)
    {
        var numbers = new Dictionary<long, int>();
        for (int row = 0; row < group.Length; row++)
        {
            group[row] = group[row] < 0 || codes[row] < 0 ? -1 : NumberOf(numbers, ((long)group[row] << 32) | (uint)codes[row]);
        }
    }

    private static int NumberOf<T>(Dictionary<T, int> numbers, T key) where T : notnull
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, key, out bool known);
        if (!known) number = numbers.Count - 1;
        return number;
    }

    private static RowKeys Numbered(int[] group)
    {
        var firstRow = new List<int>();
        for (int row = 0; row < group.Length; row++)
        {
            if (group[row] == firstRow.Count) firstRow.Add(row);
        }
        return new RowKeys(group, [.. firstRow]);
    }
}
