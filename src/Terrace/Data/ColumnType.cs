using System.Diagnostics.CodeAnalysis;

namespace Terrace.Data;

/// <summary>What the values of a column are.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The words of data dictionaries.")]
public enum ColumnType
{
    /// <summary>Double-precision numbers: <see cref="NumericColumn"/>.</summary>
    Double,

    /// <summary>64-bit integers: <see cref="IntegerColumn"/>.</summary>
    Integer,

    /// <summary>Truth values: <see cref="LogicalColumn"/>.</summary>
    Logical,

    /// <summary>Text: <see cref="TextColumn"/>.</summary>
    Text,

    /// <summary>Categories: <see cref="Data.Factor"/>.</summary>
    Factor,

    /// <summary>Categories that rise: <see cref="Data.Factor"/> with <see cref="Factor.IsOrdered"/>.</summary>
    Ordered,

    /// <summary>Calendar dates: <see cref="DateColumn"/>.</summary>
    Date,
}

/// <summary>Names of column types, and the type of a column.</summary>
public static class ColumnTypes
{
    /// <summary>The type of <paramref name="column"/>.</summary>
    public static ColumnType Of(Column column) => column switch
    {
        NumericColumn => ColumnType.Double,
        IntegerColumn => ColumnType.Integer,
        LogicalColumn => ColumnType.Logical,
        DateColumn => ColumnType.Date,
        Factor factor => factor.IsOrdered ? ColumnType.Ordered : ColumnType.Factor,
        _ => ColumnType.Text,
    };

    /// <summary>The word for <paramref name="type"/> in data dictionaries: <c>double integer logical text factor ordered date</c>.</summary>
    public static string Word(this ColumnType type) => type switch
    {
        ColumnType.Double => "double",
        ColumnType.Integer => "integer",
        ColumnType.Logical => "logical",
        ColumnType.Factor => "factor",
        ColumnType.Ordered => "ordered",
        ColumnType.Date => "date",
        _ => "text",
    };

    /// <summary>The type called <paramref name="word"/> (<c>string</c> is read as <c>text</c>), or null.</summary>
    public static ColumnType? Parse(string word) => word switch
    {
        "double" => ColumnType.Double,
        "integer" => ColumnType.Integer,
        "logical" => ColumnType.Logical,
        "text" or "string" => ColumnType.Text,
        "factor" => ColumnType.Factor,
        "ordered" => ColumnType.Ordered,
        "date" => ColumnType.Date,
        _ => null,
    };
}
