using System.Reflection;

namespace Terrace.Stan.Types;

/// <summary>The built-in functions, from the signature tables that are embedded in the assembly. A line is read when its function is first used.</summary>
internal static class FunctionLibrary
{
    private static readonly Dictionary<string, List<string>> Lines = ReadTables();
    private static readonly Dictionary<string, BuiltinFunction[]> Parsed = [];

    /// <summary>All names.</summary>
    public static IEnumerable<string> Names => Lines.Keys;

    /// <summary>The overloads of a name; none if it is unknown.</summary>
    public static IReadOnlyList<BuiltinFunction> Find(string name)
    {
        lock (Parsed)
        {
            if (Parsed.TryGetValue(name, out BuiltinFunction[]? functions)) return functions;
            functions = Lines.TryGetValue(name, out List<string>? lines) ? [.. lines.Select(line => Parse(name, line))] : [];
            Parsed[name] = functions;
            return functions;
        }
    }

    private static Dictionary<string, List<string>> ReadTables()
    {
        var tables = new Dictionary<string, List<string>>();
        Assembly assembly = typeof(FunctionLibrary).Assembly;
        foreach (string resource in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (!resource.StartsWith("Signatures.", StringComparison.Ordinal)) continue;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            while (reader.ReadLine() is { } line)
            {
                if (line.Length == 0 || line[0] == '#') continue;
                int open = line.IndexOf('(', StringComparison.Ordinal);
                int start = line.LastIndexOf(' ', open) + 1;
                Add(tables, line[start..open], line);
            }
        }
        return tables;
    }

    private static void Add(Dictionary<string, List<string>> tables, string name, string line)
    {
        if (line.StartsWith("distribution ", StringComparison.Ordinal))
        {
            string parts = line[line.IndexOf(')', StringComparison.Ordinal)..];
            string log = parts.Contains(" lpmf", StringComparison.Ordinal) ? "lpmf" : "lpdf";
            AddOne(tables, $"{name}_{log}", line);
            if (parts.Contains(" cdf", StringComparison.Ordinal)) foreach (string suffix in (string[])["cdf", "lcdf", "lccdf"]) AddOne(tables, $"{name}_{suffix}", line);
            if (parts.Contains(" rng", StringComparison.Ordinal)) AddOne(tables, $"{name}_rng", line);
            return;
        }
        AddOne(tables, name, line);
    }

    private static void AddOne(Dictionary<string, List<string>> tables, string name, string line)
    {
        if (!tables.TryGetValue(name, out List<string>? lines)) tables[name] = lines = [];
        lines.Add(line);
    }

    private static BuiltinFunction Parse(string name, string line)
    {
        int open = line.IndexOf('(', StringComparison.Ordinal), close = line.IndexOf(')', open), equals = line.LastIndexOf('=');
        string returns = line[..line.LastIndexOf(' ', open)].Trim();
        string[] arguments = Split(line[(open + 1)..close]);
        string parts = line[(close + 1)..equals].Trim();
        string implementation = line[(equals + 1)..].Trim();
        BuiltinKind kind = returns switch
        {
            "scalar" => BuiltinKind.Scalar,
            "distribution" => BuiltinKind.Distribution,
            "vectorised" => BuiltinKind.Vectorised,
            _ => implementation == "intrinsic" ? BuiltinKind.Intrinsic : BuiltinKind.Opaque,
        };
        var patterns = arguments.Select(ArgumentPattern.Parse).ToArray();
        StanType result = kind is BuiltinKind.Opaque or BuiltinKind.Intrinsic ? ArgumentPattern.ParseType(returns) : StanType.Real;
        if (kind == BuiltinKind.Distribution && name.EndsWith("_rng", StringComparison.Ordinal))
        {
            patterns = patterns[1..];
            if (parts.Contains("lpmf", StringComparison.Ordinal)) result = StanType.Int;
        }
        return new BuiltinFunction { Name = name, Kind = kind, Returns = result, Arguments = patterns, Implementation = implementation, Parts = parts.Split(' ', StringSplitOptions.RemoveEmptyEntries) };
    }

    /// <summary>Cuts at commas and at the bar, not within the brackets of an array type.</summary>
    private static string[] Split(string text)
    {
        List<string> parts = [];
        int start = 0, depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '[') depth++;
            else if (text[i] == ']') depth--;
            else if (depth == 0 && text[i] is ',' or '|')
            {
                parts.Add(text[start..i].Trim());
                start = i + 1;
            }
        }
        string last = text[start..].Trim();
        if (last.Length > 0) parts.Add(last);
        return [.. parts];
    }
}
