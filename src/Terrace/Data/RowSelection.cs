namespace Terrace.Data;

/// <summary>Picks rows out of the array behind a column.</summary>
internal static class RowSelection
{
    /// <summary>The elements of <paramref name="values"/> at <paramref name="rows"/>, in that order.</summary>
    public static T[] Pick<T>(this T[] values, ReadOnlySpan<int> rows)
    {
        var picked = new T[rows.Length];
        for (int i = 0; i < rows.Length; i++) picked[i] = values[rows[i]];
        return picked;
    }
}
