using System.Collections.Concurrent;
using System.Reflection;
using Terrace.Stan.Runtime;

namespace Terrace.Stan.Emit;

/// <summary>Finds the methods that the signature tables name.</summary>
internal static class RuntimeMethods
{
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
    private static readonly ConcurrentDictionary<string, MethodInfo> Found = new();

    /// <summary>A method by class and name below the runtime's namespace.</summary>
    /// <exception cref="MissingMethodException">The tables name what does not exist.</exception>
    public static MethodInfo Find(string path) => Found.GetOrAdd(path, key =>
    {
        int dot = key.LastIndexOf('.');
        return Class(key[..dot]).GetMethod(key[(dot + 1)..], Static) ?? throw new MissingMethodException(key);
    });

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
    public static nint Pointer(MethodInfo method) => method.MethodHandle.GetFunctionPointer();
}
