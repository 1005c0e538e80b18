namespace Terrace.Data;

/// <summary>What a column of text fields becomes: its type and, for a factor, its levels and the code of every field text.</summary>
internal sealed record ColumnPlan(string Name, ColumnType Type, string? Label = null)
{
    /// <summary>The levels of a factor.</summary>
    public string[] Levels { get; init; } = [];

    /// <summary>The code of a factor's field; several texts may mean one level (<c>1</c> and <c>1.0</c>).</summary>
    public Dictionary<string, int> Codes { get; init; } = [];

    /// <summary>The plan for a declared column.</summary>
    /// <param name="declared">The declaration.</param>
    /// <param name="texts">The distinct texts of the column, for a factor whose levels are not declared.</param>
    /// <param name="found">The type of these texts.</param>
    /// <param name="values">How values are written.</param>
    /// <param name="source">Where the column comes from, for messages.</param>
    public static ColumnPlan Of(ColumnDeclaration declared, HashSet<string>? texts, TypeInference? found, ValueText values, string source)
    {
        var plan = new ColumnPlan(declared.Name, declared.Type, declared.Label);
        if (!declared.IsFactor) return plan;
        if (declared.Levels is null) return plan.WithFoundLevels([.. texts!], found!.Type(), values);
        return plan with { Levels = [.. declared.Levels], Codes = LevelOrder.Codes(declared.Levels, $"{source}, column '{declared.Name}'") };
    }

    /// <summary>The code of a field, blanks around it ignored if it is no level as it stands.</summary>
    public bool TryCode(ReadOnlySpan<char> text, out int code)
    {
        var codes = Codes.GetAlternateLookup<ReadOnlySpan<char>>();
        return codes.TryGetValue(text, out code) || codes.TryGetValue(text.Trim(), out code);
    }

    /// <summary>Why <paramref name="text"/> cannot be a value of the column, where values are written as <paramref name="values"/> reads them.</summary>
    public string Refusal(string text, ValueText values)
    {
        string shown = text.Length <= 60 ? text : text[..60] + "…";
        return Type switch
        {
            ColumnType.Double when values.IsBeyondRange(text) => $"'{shown}' is beyond the range of numbers (about 1.8e308); correct it, write Inf for an infinite value, or declare the column as text.",
            ColumnType.Double => $"'{shown}' is not a number.",
            ColumnType.Integer => $"'{shown}' is not an integer.",
            ColumnType.Logical => $"'{shown}' is not TRUE or FALSE.",
            ColumnType.Date => $"'{shown}' is not a date yyyy-MM-dd.",
            _ => $"'{shown}' is not among the declared levels.{NearestName.Hint(text, Levels)}",
        };
    }

    // Numbers are one level however they are written, and sorted by value.
    private ColumnPlan WithFoundLevels(string[] texts, ColumnType type, ValueText values)
    {
        var plan = new ColumnPlan(Name, type == ColumnType.Logical ? ColumnType.Text : type);
        ColumnBuilder builder = ColumnBuilder.For(plan, values, texts.Length);
        foreach (string text in texts)
        {
            if (!builder.TryAddText(text)) return WithFoundLevels(texts, ColumnType.Text, values);
        }
        Factor factor = FactorConversion.From(builder.Build());
        var codes = new Dictionary<string, int>(texts.Length, StringComparer.Ordinal);
        for (int i = 0; i < texts.Length; i++) codes[texts[i]] = factor.Codes[i];
        return this with { Levels = [.. factor.Levels], Codes = codes };
    }
}
