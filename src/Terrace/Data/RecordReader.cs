using System.ComponentModel;
using System.Reflection;

namespace Terrace.Data;

/// <summary>Makes a frame of the public properties of records.</summary>
internal static class RecordReader<T>
{
    /// <summary>Reads all <paramref name="records"/>.</summary>
    public static Frame Read(IEnumerable<T> records, string source)
    {
        ArgumentNullException.ThrowIfNull(records);
        PropertyInfo[] properties = [.. typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanRead && p.GetIndexParameters().Length == 0)];
        if (properties.Length == 0) throw new DataException($"{source}: the type {typeof(T).Name} has no public property to make a column of.");
        T[] rows = [.. records];
        if (Array.FindIndex(rows, row => row is null) is >= 0 and int empty) throw new DataException($"{source}: record {empty + 1} is null.");
        return new Frame(properties.Select(property => Column(property, rows, source)), source);
    }

    private static Column Column(PropertyInfo property, T[] rows, string source)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        string name = property.Name;
        string? label = property.GetCustomAttribute<DescriptionAttribute>()?.Description;
        if (type.IsEnum) return EnumFactor(name, type, Values(property, rows, value => value), label);
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Double => new NumericColumn(name, Values(property, rows, value => value is null ? double.NaN : (double)value), label),
            TypeCode.Single or TypeCode.Decimal => new NumericColumn(name, Values(property, rows, value => value is null
                ? double.NaN : RecordValue.Double(value)), label),
            >= TypeCode.SByte and <= TypeCode.UInt64 =>
                new IntegerColumn(name, Values(property, rows, value => RecordValue.Integer(value, name, source)), label),
            TypeCode.Boolean => new LogicalColumn(name, Values(property, rows, value => (bool?)value), label),
            TypeCode.String or TypeCode.Char => new TextColumn(name, Values(property, rows, value => value?.ToString()), label),
            TypeCode.DateTime => new DateColumn(name, Values(property, rows, value => value is null
                ? (DateOnly?)null : DateOnly.FromDateTime((DateTime)value)), label),
            _ when type == typeof(DateOnly) => new DateColumn(name, Values(property, rows, value => (DateOnly?)value), label),
            _ => throw new DataException(
                $"{source}: property '{name}' has the type {type.Name}, which no column can hold; project the records to numbers, truth values, text, dates or enumerations first."),
        };
    }

    private static TValue[] Values<TValue>(PropertyInfo property, T[] rows, Func<object?, TValue> convert)
    {
        MethodInvoker getter = MethodInvoker.Create(property.GetMethod!);
        return Array.ConvertAll(rows, row => convert(getter.Invoke(row)));
    }

    private static Factor EnumFactor(string name, Type type, object?[] values, string? label)
    {
        string[] levels = Enum.GetNames(type);
        var codeOf = new Dictionary<object, int>();
        foreach (string level in levels) codeOf.TryAdd(Enum.Parse(type, level), codeOf.Count);
        levels = [.. codeOf.OrderBy(entry => entry.Value).Select(entry => entry.Key.ToString()!)];
        int[] codes = Array.ConvertAll(values, value => value is null ? -1 : codeOf.TryGetValue(value, out int code) ? code
            : throw new DataException($"Property '{name}': {value} is not a member of the enumeration {type.Name}."));
        return new Factor(name, codes, levels, label: label);
    }
}
