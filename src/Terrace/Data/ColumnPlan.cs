namespace Terrace.Data;

/// <summary>What a column of text fields becomes: its type and, for a factor, its levels and the code of every field text.</summary>
internal sealed record ColumnPlan(string Name, ColumnType Type, string? Label = null)
{
    /// <summary>The levels of a factor.</summary>
    public string[] Levels { get; init; } = [];

    /// <summary>The code of a factor's field; several texts may mean one level (<c>1</c> and <c>1.0</c>).</summary>
    public Dictionary<string, int> Codes { get; init; } = [];

    /// <summary>The code of a field, blanks around it ignored if it is no level as it stands.</summary>
    public bool TryCode(string text, out int code) => Codes.TryGetValue(text, out code) || Codes.TryGetValue(text.Trim(), out code);

    /// <summary>Why <paramref name="text"/> cannot be a value of the column.</summary>
    public string Refusal(string text)
    {
        string shown = text.Length <= 60 ? text : text[..60] + "…";
        return Type switch
        {
            ColumnType.Double => $"'{shown}' is not a number",
            ColumnType.Integer => $"'{shown}' is not an integer",
            ColumnType.Logical => $"'{shown}' is not TRUE or FALSE",
            ColumnType.Date => $"'{shown}' is not a date yyyy-MM-dd",
            _ => $"'{shown}' is not among the declared levels.{NearestName.Hint(text, Levels)}".TrimEnd('.'),
        };
    }
}
