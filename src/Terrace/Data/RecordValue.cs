using System.Globalization;

namespace Terrace.Data;

/// <summary>Converts the numbers of records and databases to those of columns.</summary>
internal static class RecordValue
{
    /// <summary>A floating-point or decimal number as double.</summary>
    public static double Double(object value) =>
        value is float single ? single : Convert.ToDouble(value, CultureInfo.InvariantCulture);

    /// <summary>An integer of any width as 64 bits.</summary>
    /// <exception cref="DataException">It needs more than 64 bits with a sign.</exception>
    public static long Integer(object? value, string name, string source) => value switch
    {
        null => IntegerColumn.Missing,
        ulong and > long.MaxValue or long.MinValue =>
            throw new DataException($"{source}, column '{name}': {value} is beyond the integers that a column can hold; make it text or double."),
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };
}
