using System.Reflection;
using System.Runtime.CompilerServices;

namespace Terrace.PublicApi.Tests;

/// <summary>Prints the public surface of an assembly as sorted text, one member a line, so that a change to it shows as a difference of text.</summary>
internal static class ApiPrinter
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Print(Assembly assembly)
    {
        IEnumerable<string> types = assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal).Select(PrintType);
        return string.Join("\n", types) + "\n";
    }

    private static string PrintType(Type type)
    {
        IEnumerable<string> members = type.GetMembers(Declared).Where(IsVisible).Select(PrintMember).Where(m => m.Length > 0).Distinct()
            .OrderBy(m => m, StringComparer.Ordinal);
        return $"{Kind(type)} {Name(type)}\n" + string.Concat(members.Select(m => $"    {m}\n"));
    }

    private static bool IsVisible(MemberInfo member) => member switch
    {
        _ when member.GetCustomAttribute<CompilerGeneratedAttribute>() is not null => false,
        MethodInfo method => !method.IsSpecialName && (method.IsPublic || method.IsFamily) && !method.Name.Contains('<') && !IsRecordPlumbing(method),
        ConstructorInfo constructor => constructor.IsPublic || constructor.IsFamily,
        PropertyInfo property => property.GetMethod is { } get && (get.IsPublic || get.IsFamily) && property.Name != "EqualityContract",
        FieldInfo field => (field.IsPublic || field.IsFamily) && field.Name != "value__",
        EventInfo => true,
        _ => false,
    };

    private static bool IsRecordPlumbing(MethodInfo method) => method.Name is "PrintMembers" or "GetHashCode" or "Equals" or "ToString" or "Deconstruct";

    private static string PrintMember(MemberInfo member) => member switch
    {
        MethodInfo m => $"{(m.IsStatic ? "static " : "")}{Name(m.ReturnType)} {m.Name}{Generic(m)}({Parameters(m)})",
        ConstructorInfo c => $"new({Parameters(c)})",
        PropertyInfo p => $"{(p.GetMethod!.IsStatic ? "static " : "")}{Name(p.PropertyType)} {p.Name} {{ get;{Setter(p)} }}",
        FieldInfo f => f.IsLiteral ? $"const {Name(f.FieldType)} {f.Name} = {f.GetRawConstantValue()}" : $"{(f.IsStatic ? "static " : "")}{Name(f.FieldType)} {f.Name}",
        EventInfo e => $"event {Name(e.EventHandlerType!)} {e.Name}",
        _ => "",
    };

    private static string Setter(PropertyInfo property)
    {
        if (property.SetMethod is not { } set || !(set.IsPublic || set.IsFamily)) return "";
        bool isInit = set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
        return isInit ? " init;" : " set;";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
        $"{(p.IsOut ? "out " : "")}{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? " = " + (p.RawDefaultValue ?? "default") : "")}"));

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Name(Type type)
    {
        if (type.IsByRef) return "ref " + Name(type.GetElementType()!);
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Name(underlying) + "?";
        if (type.IsGenericParameter) return type.Name;
        string space = type.Namespace is { } n && n.StartsWith("Terrace", StringComparison.Ordinal) ? n + "." : "";
        string name = type.IsNested ? Name(type.DeclaringType!) + "." + type.Name : space + type.Name;
        if (!type.IsGenericType) return name;
        string bare = name.Contains('`') ? name[..name.IndexOf('`')] : name;
        return $"{bare}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
