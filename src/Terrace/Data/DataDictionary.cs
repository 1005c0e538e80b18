using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Terrace.Data;

/// <summary>
/// A data dictionary: the types, levels and labels of columns, read from JSON <c>{"columns":[{"name","type","levels","label"}]}</c>, where
/// <c>type</c> is one of
/// <c>double integer logical text factor ordered date</c> (<c>string</c> is read as <c>text</c>) and other keys are ignored; or from a file keyed by
/// data set,
/// in which the entry counts whose <c>file</c> is the data file's name, with or without <c>.gz</c>.
/// </summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "Statisticians call it so.")]
public sealed class DataDictionary
{
    private readonly IReadOnlyList<ColumnDeclaration>? _columns;
    private readonly Dictionary<string, IReadOnlyList<ColumnDeclaration>> _byFile = new(StringComparer.Ordinal);

    /// <summary>Creates a dictionary of <paramref name="columns"/>, valid for any file.</summary>
    public DataDictionary(IReadOnlyList<ColumnDeclaration> columns) => _columns = columns;

    private DataDictionary(Dictionary<string, IReadOnlyList<ColumnDeclaration>> byFile) => _byFile = byFile;

    /// <summary>
    /// The declarations for the data file called <paramref name="fileName"/>; none if the dictionary is keyed by data set and has no entry for it.
    /// </summary>
    public IReadOnlyList<ColumnDeclaration> ColumnsFor(string fileName) => _columns ?? _byFile.GetValueOrDefault(Uncompressed(fileName), []);

    /// <summary>The dictionary that describes <paramref name="frame"/>.</summary>
    public static DataDictionary Of(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return new DataDictionary([.. frame.Columns.Select(column =>
            new ColumnDeclaration(column.Name, ColumnTypes.Of(column), (column as Factor)?.Levels, column.Label))]);
    }

    /// <summary>Reads the dictionary in the file at <paramref name="path"/> (<c>.gz</c> is decompressed).</summary>
    /// <exception cref="DataException">The file cannot be read, is not JSON or not a data dictionary.</exception>
    public static DataDictionary Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using StreamReader reader = DataFileText.Open(path);
        return Parse(DataFileText.Guarded(path, reader.ReadToEnd), DataFileText.NameOf(path));
    }

    /// <summary>Reads a dictionary from JSON text; <paramref name="source"/> names it in messages.</summary>
    /// <exception cref="DataException">The text is not JSON or not a data dictionary.</exception>
    public static DataDictionary Parse(string json, string source = "data dictionary")
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return Parse(document.RootElement, source);
        }
        catch (JsonException fault)
        {
            throw new DataException($"{source}, line {fault.LineNumber + 1}: not valid JSON ({fault.Message})", fault);
        }
    }

    private static DataDictionary Parse(JsonElement root, string source)
    {
        if (root.ValueKind != JsonValueKind.Object) throw Fault(source, "expected an object {\"columns\": […]}");
        if (root.TryGetProperty("columns", out JsonElement columns) && columns.ValueKind == JsonValueKind.Array)
            return new DataDictionary(Columns(columns, source));
        var byFile = new Dictionary<string, IReadOnlyList<ColumnDeclaration>>(StringComparer.Ordinal);
        foreach (JsonProperty entry in root.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Object || !entry.Value.TryGetProperty("columns", out JsonElement own)) continue;
            string file = entry.Value.TryGetProperty("file", out JsonElement name) && name.ValueKind == JsonValueKind.String
                ? name.GetString()! : entry.Name + ".csv";
            byFile[Uncompressed(file)] = Columns(own, $"{source}, '{entry.Name}'");
        }
        return byFile.Count > 0 ? new DataDictionary(byFile) : throw Fault(source, "found no \"columns\"");
    }

    private static List<ColumnDeclaration> Columns(JsonElement columns, string source)
    {
        if (columns.ValueKind != JsonValueKind.Array) throw Fault(source, "\"columns\" must be an array");
        var declared = new List<ColumnDeclaration>();
        foreach (JsonElement column in columns.EnumerateArray())
        {
            declared.Add(Column(column, $"{source}, column {declared.Count + 1}"));
            if (declared.FindIndex(other => other.Name == declared[^1].Name) < declared.Count - 1)
                throw Fault(source, $"column '{declared[^1].Name}' is declared twice");
        }
        return declared;
    }

    private static ColumnDeclaration Column(JsonElement column, string place)
    {
        if (column.ValueKind != JsonValueKind.Object) throw Fault(place, "expected an object {\"name\", \"type\"}");
        string name = Text(column, "name") ?? throw Fault(place, "\"name\" is missing or not a text");
        place = $"{place} ('{name}')";
        string word = Text(column, "type") ?? throw Fault(place, "\"type\" is missing or not a text");
        ColumnType type = ColumnTypes.Parse(word)
            ?? throw Fault(place, $"unknown type '{word}'; the types are double, integer, logical, text, factor, ordered and date");
        IReadOnlyList<string>? levels = type is ColumnType.Factor or ColumnType.Ordered ? Levels(column, place) : null;
        return new ColumnDeclaration(name, type, levels, Text(column, "label"));
    }

    private static string[]? Levels(JsonElement column, string place)
    {
        if (!column.TryGetProperty("levels", out JsonElement levels) || levels.ValueKind == JsonValueKind.Null) return null;
        if (levels.ValueKind != JsonValueKind.Array) throw Fault(place, "\"levels\" must be an array");
        string[] texts = [.. levels.EnumerateArray().Select(level => Level(level, place))];
        LevelOrder.Codes(texts, place);
        return texts;
    }

    private static string Level(JsonElement level, string place) => level.ValueKind switch
    {
        JsonValueKind.String => level.GetString()!,
        JsonValueKind.Number => level.GetRawText(),
        JsonValueKind.True => "TRUE",
        JsonValueKind.False => "FALSE",
        _ => throw Fault(place, "every level must be a text or a number"),
    };

    private static string? Text(JsonElement column, string key)
    {
        return column.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private static string Uncompressed(string file) => file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file;

    private static DataException Fault(string place, string message) => new($"{place}: {message}.");
}
