namespace Terrace.Data;

/// <summary>Finds the type of one column of a query over all its values, and the levels of a factor without declared ones.</summary>
internal sealed class DatabaseColumnScan(string name, ColumnDeclaration? declared, Type databaseType)
{
    private readonly HashSet<string>? _texts = declared is { IsFactor: true, Levels: null } ? new HashSet<string>(StringComparer.Ordinal) : null;
    private readonly TypeInference _typeOfTexts = new(ValueText.Invariant);
    private ColumnType? _type;

    /// <summary>Whether values are still to be observed.</summary>
    public bool IsOpen => declared is null || _texts is not null;

    /// <summary>Takes one value, not missing, into account.</summary>
    public void Observe(object value)
    {
        ColumnType type = DatabaseValue.TypeOf(value);
        _type = _type is null || _type == type ? type : Common(_type.Value, type);
        if (_texts is null) return;
        string text = DatabaseValue.Text(value);
        if (_texts.Add(text)) _typeOfTexts.Observe(text);
    }

    /// <summary>What the column becomes.</summary>
    public ColumnPlan Plan(string source)
    {
        return declared is null
            ? new ColumnPlan(name, _type ?? DatabaseValue.TypeOf(databaseType)) : ColumnPlan.Of(declared, _texts, _typeOfTexts, ValueText.Invariant, source);
    }

    private static ColumnType Common(ColumnType a, ColumnType b)
    {
        bool numbers = a is ColumnType.Double or ColumnType.Integer && b is ColumnType.Double or ColumnType.Integer;
        return numbers ? ColumnType.Double : ColumnType.Text;
    }
}
