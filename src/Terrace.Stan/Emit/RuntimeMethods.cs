using System.Collections.Concurrent;
using System.Reflection;
using Terrace.Stan.Runtime;

namespace Terrace.Stan.Emit;

/// <summary>Finds the methods that the signature tables name.</summary>
internal static class RuntimeMethods
{
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
    private static readonly ConcurrentDictionary<string, MethodInfo> Found = new();
    private static readonly ConcurrentDictionary<nint, MethodInfo> Pointers = new();

    /// <summary>A method by class and name below the runtime's namespace.</summary>
    /// <exception cref="MissingMethodException">The tables name what does not exist.</exception>
    public static MethodInfo Find(string path) => Found.GetOrAdd(path, key =>
    {
        int dot = key.LastIndexOf('.');
        string name = key[(dot + 1)..];
        MethodInfo[] candidates = [.. Class(key[..dot]).GetMethods(Static).Where(method => method.Name == name)];
        // A class may have a draw or density of its own use beside the one by pointers that the compiler calls.
        return candidates.Length == 1 ? candidates[0] : candidates.FirstOrDefault(method => method.GetParameters() is [{ ParameterType.IsPointer: true }, ..]) ?? candidates.FirstOrDefault() ?? throw new MissingMethodException(key);
    });

    /// <summary>The method of a name that takes arguments of these kinds: int, IntBlock or Block each, after the workspace and <c>terms</c>.</summary>
    public static MethodInfo Overload(string path, IReadOnlyList<Type> kinds)
    {
        int dot = path.LastIndexOf('.');
        MethodInfo[] candidates = [.. Class(path[..dot]).GetMethods(Static).Where(method => method.Name == path[(dot + 1)..])];
        if (candidates.Length == 1) return candidates[0];
        return candidates.Where(method => Fits(method, kinds)).OrderByDescending(method => method.GetParameters().Count(parameter => parameter.ParameterType == typeof(int))).FirstOrDefault() ?? throw new MissingMethodException(path);
    }

    private static bool Fits(MethodInfo method, IReadOnlyList<Type> kinds)
    {
        ParameterInfo[] parameters = method.GetParameters();
        int skip = parameters.Length > 1 && parameters[1].Name == "terms" ? 2 : 1;
        if (parameters.Length - skip != kinds.Count) return false;
        for (int k = 0; k < kinds.Count; k++)
        {
            Type wanted = parameters[k + skip].ParameterType;
            bool fits = wanted == kinds[k] || (kinds[k] == typeof(int) && (wanted == typeof(IntBlock) || wanted == typeof(Block))) || (kinds[k] == typeof(IntBlock) && wanted == typeof(Block));
            if (!fits) return false;
        }
        return true;
    }

    /// <summary>A method beside another, as the derivative of a function.</summary>
    public static MethodInfo Beside(string path, string suffix) => Find(path + suffix);

    /// <summary>A method of the class that a distribution's line names.</summary>
    public static MethodInfo Of(string type, string method) => Find(type + "." + method);

    /// <summary>A method of a class of the runtime.</summary>
    public static MethodInfo Method(Type type, string name) => type.GetMethod(name, Static | BindingFlags.Instance) ?? throw new MissingMethodException(type.Name, name);

    /// <summary>Whether the class has the method.</summary>
    public static bool Exists(string type, string method) => Class(type).GetMethod(method, Static) is not null;

    private static Type Class(string name) => typeof(Workspace).Assembly.GetType("Terrace.Stan.Runtime." + name) ?? throw new MissingMethodException(name, "");

    /// <summary>The address of a static method.</summary>
    public static nint Pointer(MethodInfo method)
    {
        nint pointer = method.MethodHandle.GetFunctionPointer();
        Pointers.TryAdd(pointer, method);
        return pointer;
    }

    /// <summary>The method at an address that <see cref="Pointer"/> gave.</summary>
    public static MethodInfo? At(nint pointer) => Pointers.GetValueOrDefault(pointer);
}
