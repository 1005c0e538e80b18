namespace Terrace.Data;

/// <summary>
/// Finds the columns whose digits are names, not numbers: those that are quoted in every row of a file that leaves other numbers bare. R's
/// <c>write.csv</c> and many statistical programs write factors and text that way. Where every field is quoted, quotes say nothing.
/// </summary>
internal sealed class QuotedColumns(int columns, char delimiter)
{
    // A writer's habit shows in this many rows.
    private const int MaxRows = 1000;
    private readonly bool[] _quoted = new bool[columns];
    private readonly bool[] _bare = new bool[columns];
    private int _rows;

    /// <summary>Looks at the current record as it stands in the file; records after the first thousand are passed over.</summary>
    public void Observe(CsvRecords records, MissingTokens missing)
    {
        if (_rows == MaxRows) return;
        _rows++;
        ReadOnlySpan<char> rest = records.Raw.AsSpan().TrimEnd("\r\n");
        for (int column = 0; column < columns; column++)
        {
            int length = FieldLength(rest);
            ReadOnlySpan<char> field = rest[..length].Trim();
            if (field.StartsWith('"')) _quoted[column] = true;
            else if (!missing.Contains(field)) _bare[column] = true;
            rest = length < rest.Length ? rest[(length + 1)..] : [];
        }
    }

    /// <summary>The types of the columns, <paramref name="inferred"/> from the text alone, with quoted numbers as text where quotes carry meaning.</summary>
    public ColumnType?[] Apply(ColumnType?[] inferred)
    {
        if (!Enumerable.Range(0, columns).Any(j => _bare[j] && !_quoted[j] && inferred[j] is null or ColumnType.Integer or ColumnType.Double)) return inferred;
        return [.. inferred.Select((type, j) => type is ColumnType.Integer or ColumnType.Double && _quoted[j] && !_bare[j] ? ColumnType.Text : type)];
    }

    private int FieldLength(ReadOnlySpan<char> rest)
    {
        bool inside = false;
        for (int i = 0; i < rest.Length; i++)
        {
            if (rest[i] == '"') inside = !inside;
            else if (rest[i] == delimiter && !inside) return i;
        }
        return rest.Length;
    }
}
