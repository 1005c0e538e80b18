namespace Terrace.Data;

/// <summary>Joins group-level predictors, such as a state's income, to the rows of a survey or a population frame.</summary>
public static class GroupData
{
    /// <summary>
    /// <paramref name="rows"/> with the columns that only <paramref name="groupData"/> has, taken from the row there with the same values in all
    /// common columns.
    /// The common columns are typed together (<see cref="KeyTyping"/>). A row whose key is missing gets missing values.
    /// </summary>
    /// <exception cref="DataException">
    /// There is no common column; a combination of their values occurs twice in <paramref name="groupData"/> or is missing there; a row has no match.
    /// </exception>
    public static Frame Join(Frame rows, Frame groupData)
    {
        IReadOnlyList<string> keys = Keys(rows, groupData);
        (rows, groupData) = KeyTyping.Harmonise(rows, groupData, keys);
        RowKeys groups = RowKeys.Of([.. keys.Select(key => Concatenation.Of([groupData.Get(key), rows.Get(key)]))], groupData.RowCount + rows.RowCount);
        CheckUnique(groups, groupData, keys);
        int[] match = groups.Group[groupData.RowCount..];
        CheckMatched(match, rows, groupData, keys);
        IEnumerable<Column> added = groupData.Columns.Where(column => !keys.Contains(column.Name)).Select(column => column.SelectOrMissing(match));
        return new Frame([.. rows.Columns, .. added], rows.Source);
    }

    private static IReadOnlyList<string> Keys(Frame rows, Frame groupData)
    {
        IReadOnlyList<string> keys = KeyTyping.Shared(rows, groupData);
        if (keys.Count > 0) return keys;
        throw new DataException($"{groupData.Source} and {rows.Source} have no column in common to join on; {groupData.Source} has {Listed(groupData.Columns.Select(c => c.Name))}.");
    }

    // Unique rows of the group data, which stand first, have their own numbers as group numbers.
    private static void CheckUnique(RowKeys groups, Frame groupData, IReadOnlyList<string> keys)
    {
        for (int row = 0; row < groupData.RowCount; row++)
        {
            int group = groups.Group[row];
            if (group == row) continue;
            throw new DataException(group < 0
                ? $"{groupData.Source}, row {row + 1}: a key ({Listed(keys)}) is missing."
                : $"{groupData.Source}: rows {groups.FirstRow[group] + 1} and {row + 1} both have {KeyAt(groupData, keys, row)}; the combinations of {Listed(keys)} must be unique there.");
        }
    }

    private static void CheckMatched(int[] match, Frame rows, Frame groupData, IReadOnlyList<string> keys)
    {
        int first = Array.FindIndex(match, group => group >= groupData.RowCount);
        if (first < 0) return;
        int same = match.Count(group => group == match[first]);
        int all = match.Count(group => group >= groupData.RowCount);
        string others = all > same ? $" ({all} rows without a match in all)" : "";
        throw new DataException($"{groupData.Source} has no row with {KeyAt(rows, keys, first)}, which {rows.Source} has in {Rows(same)}{others}; "
            + $"the tables are joined on {Listed(keys)}, the columns they share.{Hint(rows, groupData, keys, first)}");
    }

    private static string Hint(Frame rows, Frame groupData, IReadOnlyList<string> keys, int row)
    {
        if (keys.Count > 1) return "";
        Column known = groupData.Get(keys[0]);
        return NearestName.Hint(rows.Get(keys[0]).TextAt(row)!, Enumerable.Range(0, known.Count).Select(i => known.TextAt(i)!));
    }

    private static string KeyAt(Frame frame, IReadOnlyList<string> keys, int row) =>
        string.Join(", ", keys.Select(key => $"{key} = '{frame.Get(key).TextAt(row)}'"));

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    private static string Rows(int count) => count == 1 ? "1 row" : $"{count} rows";
}
