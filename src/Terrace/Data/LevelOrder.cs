namespace Terrace.Data;

/// <summary>
/// The order of a factor's levels where none is declared: numbers by value, everything else by ordinal comparison of the text (capital letters
/// before small ones,
/// on every machine the same).
/// </summary>
internal static class LevelOrder
{
    /// <summary>The distinct <paramref name="values"/> sorted as text.</summary>
    public static string[] Text(IEnumerable<string> values)
    {
        string[] levels = [.. values.Distinct(StringComparer.Ordinal)];
        Array.Sort(levels, StringComparer.Ordinal);
        return levels;
    }

    /// <summary>The position of every level.</summary>
    /// <exception cref="DataException">A level is given twice; <paramref name="owner"/> says whose levels they are.</exception>
    public static Dictionary<string, int> Codes(IReadOnlyList<string> levels, string owner)
    {
        var codes = new Dictionary<string, int>(levels.Count, StringComparer.Ordinal);
        for (int i = 0; i < levels.Count; i++)
        {
            if (!codes.TryAdd(levels[i], i)) throw new DataException($"{owner}: the level '{levels[i]}' is listed twice.");
        }
        return codes;
    }
}
