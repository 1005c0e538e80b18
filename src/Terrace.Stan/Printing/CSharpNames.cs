using System.Globalization;
using System.Reflection;
using System.Text;

namespace Terrace.Stan.Printing;

/// <summary>Types, methods and constants as C# writes them within the namespace of the runtime.</summary>
internal static class CSharpNames
{
    private const string Runtime = "Terrace.Stan.Runtime";

    /// <summary>A type.</summary>
    public static string Of(Type type)
    {
        if (type.IsArray) return Of(type.GetElementType()!) + "[]";
        if (type.IsPointer) return Of(type.GetElementType()!) + "*";
        if (type.IsByRef) return Of(type.GetElementType()!);
        string? keyword = type == typeof(nint) ? "nint" : Type.GetTypeCode(type) switch
        {
            _ when type.IsEnum => null,
            TypeCode.Boolean => "bool",
            TypeCode.Int32 => "int",
            TypeCode.UInt32 => "uint",
            TypeCode.Int64 => "long",
            TypeCode.Double => "double",
            TypeCode.String => "string",
            _ => type == typeof(void) ? "void" : type == typeof(object) ? "object" : null,
        };
        if (keyword is not null) return keyword;
        string space = type.Namespace ?? "", name = type.Name.Split('`')[0];
        for (Type? outer = type.DeclaringType; outer is not null; outer = outer.DeclaringType) name = $"{outer.Name.Split('`')[0]}.{name}";
        if (type.IsGenericType) name += $"<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
        if (space == Runtime || space == "System") return name;
        if (space.StartsWith(Runtime + ".", StringComparison.Ordinal)) return $"{space[(Runtime.Length + 1)..]}.{name}";
        return space.StartsWith("Terrace.Stan.", StringComparison.Ordinal) ? $"{space["Terrace.Stan.".Length..]}.{name}" : $"{space}.{name}";
    }

    /// <summary>A method with its class, or after its object.</summary>
    public static string Of(MethodInfo method) => method.IsGenericMethod ? $"{method.Name}<{string.Join(", ", method.GetGenericArguments().Select(Of))}>" : method.Name;

    /// <summary>The address of a method of the runtime.</summary>
    public static string Pointer(MethodInfo method)
    {
        string types = string.Join(", ", method.GetParameters().Select(parameter => (parameter.ParameterType.IsByRef ? parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref " : "") + Of(parameter.ParameterType)).Append(Of(method.ReturnType)));
        return $"(nint)(delegate*<{types}>)&{Of(method.DeclaringType!)}.{method.Name}";
    }

    /// <summary>A real number that reads back to the bit.</summary>
    public static string Number(double value)
    {
        if (double.IsNaN(value)) return "double.NaN";
        if (double.IsInfinity(value)) return value > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity";
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }

    /// <summary>Quoted text.</summary>
    public static string Quoted(string text)
    {
        var to = new StringBuilder("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\') to.Append('\\').Append(c);
            else if (c < ' ' || c == 0x7f || c is '\u0085' or '\u2028' or '\u2029') to.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else to.Append(c);
        }
        return to.Append('"').ToString();
    }
}
