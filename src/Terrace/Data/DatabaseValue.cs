using System.Globalization;

namespace Terrace.Data;

/// <summary>Brings the many types of database values down to the five that columns are made of: double, long, bool, DateOnly and text.</summary>
internal static class DatabaseValue
{
    /// <summary>The value as one of the five types, or null where it is missing (NULL, or a NaN).</summary>
    public static object? Of(object value) => value switch
    {
        DBNull => null,
        double number => double.IsNaN(number) ? null : value,
        long integer => integer == IntegerColumn.Missing ? (double)integer : value,
        string or bool or DateOnly => value,
        float or decimal => RecordValue.Double(value),
        ulong and > long.MaxValue => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        sbyte or byte or short or ushort or int or uint or ulong => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        DateTime time => DateOnly.FromDateTime(time),
        byte[] bytes => Convert.ToHexString(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>The type of a column that holds this value alone.</summary>
    public static ColumnType TypeOf(object value) => value switch
    {
        double => ColumnType.Double,
        long => ColumnType.Integer,
        bool => ColumnType.Logical,
        DateOnly => ColumnType.Date,
        _ => ColumnType.Text,
    };

    /// <summary>The type of a column that holds nothing but NULL, from the type that the database declares.</summary>
    public static ColumnType TypeOf(Type declared) => Type.GetTypeCode(declared) switch
    {
        TypeCode.Boolean => ColumnType.Logical,
        >= TypeCode.SByte and <= TypeCode.UInt64 => ColumnType.Integer,
        TypeCode.Single or TypeCode.Double or TypeCode.Decimal => ColumnType.Double,
        TypeCode.DateTime => ColumnType.Date,
        _ => declared == typeof(DateOnly) ? ColumnType.Date : ColumnType.Text,
    };

    /// <summary>The value as text, written as columns write it.</summary>
    public static string Text(object value) => value switch
    {
        string text => text,
        bool truth => truth ? "TRUE" : "FALSE",
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
