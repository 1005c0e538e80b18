using System.Globalization;
using Terrace.Data;

namespace Terrace.Poststratification;

/// <summary>Replaces levels of one column. A factor stays a factor, numbers stay numbers as long as what they become are numbers; everything else becomes text.</summary>
internal static class LevelRecoding
{
    /// <summary>The column with each level that <paramref name="levels"/> names replaced, others as they are.</summary>
    public static Column Apply(Column column, IReadOnlyDictionary<string, string> levels) => column switch
    {
        Factor factor => Recode(factor, levels),
        IntegerColumn integers when levels.Values.All(IsInteger) => Recode(integers, levels),
        NumericColumn numbers when levels.Values.All(IsNumber) => Recode(numbers, levels),
        _ => new TextColumn(column.Name, Texts(column, levels), column.Label),
    };

    private static Factor Recode(Factor factor, IReadOnlyDictionary<string, string> levels)
    {
        string[] renamed = [.. factor.Levels.Select(level => levels.GetValueOrDefault(level, level))];
        // A level that others join keeps the place where it was declared; a new name takes that of the first level that becomes it.
        var merged = new List<string>();
        for (int i = 0; i < renamed.Length; i++)
        {
            bool isDeclaredElsewhere = renamed[i] != factor.Levels[i] && factor.Levels.Contains(renamed[i]) && !levels.ContainsKey(renamed[i]);
            if (!isDeclaredElsewhere && !merged.Contains(renamed[i])) merged.Add(renamed[i]);
        }
        int[] place = Array.ConvertAll(renamed, merged.IndexOf);
        int[] codes = Array.ConvertAll(factor.Codes.ToArray(), code => code < 0 ? -1 : place[code]);
        return new Factor(factor.Name, codes, [.. merged], factor.IsOrdered, factor.Label);
    }

    private static IntegerColumn Recode(IntegerColumn column, IReadOnlyDictionary<string, string> levels) =>
        new(column.Name, Array.ConvertAll(Texts(column, levels), text => text is null ? IntegerColumn.Missing : long.Parse(text, CultureInfo.InvariantCulture)), column.Label);

    private static NumericColumn Recode(NumericColumn column, IReadOnlyDictionary<string, string> levels) =>
        new(column.Name, Array.ConvertAll(Texts(column, levels), text => text is null ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture)), column.Label);

    private static string?[] Texts(Column column, IReadOnlyDictionary<string, string> levels)
    {
        var texts = new string?[column.Count];
        for (int row = 0; row < texts.Length; row++)
        {
            string? text = column.TextAt(row);
            texts[row] = text is not null && levels.TryGetValue(text, out string? replacement) ? replacement : text;
        }
        return texts;
    }

    private static bool IsInteger(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value != IntegerColumn.Missing;

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value);
}
