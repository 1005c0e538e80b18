using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Terrace.Data;

namespace Terrace.Poststratification;

/// <summary>
/// An accepted recoding of levels, <c>{"state": {"Calif.": "CA"}}</c>: for each variable, levels and what they become. Several may become one. It is applied to
/// the survey and to the population alike, to whichever has the level; cells of the population that thereby become one are added up.
/// </summary>
public sealed class LevelMap
{
    private static readonly JsonWriterOptions Layout = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Creates a map: variable, then level, then what the level becomes.</summary>
    public LevelMap(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> variables) => Variables = variables;

    /// <summary>A map that changes nothing.</summary>
    public static LevelMap Empty { get; } = new(new Dictionary<string, IReadOnlyDictionary<string, string>>());

    /// <summary>For each variable, levels and what they become.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Variables { get; }

    /// <summary>Reads a map from JSON; <paramref name="source"/> (a file name) is for messages.</summary>
    /// <exception cref="DataException">The text is not an object of objects of texts, or a name occurs twice in one object.</exception>
    public static LevelMap Parse(string json, string source = "map")
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            return new LevelMap(Members(document.RootElement, source, source).ToDictionary(
                member => member.Name,
                member => (IReadOnlyDictionary<string, string>)Members(member.Value, source, $"'{member.Name}'").ToDictionary(
                    level => level.Name,
                    level => Target(level, source, member.Name),
                    StringComparer.Ordinal),
                StringComparer.Ordinal));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException) // the latter for half a surrogate pair
        {
            throw new DataException($"{source} is not JSON: {fault.Message}", fault);
        }
    }

    /// <summary>The map as indented JSON that <see cref="Parse"/> reads.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Layout))
        {
            json.WriteStartObject();
            foreach ((string variable, IReadOnlyDictionary<string, string> levels) in Variables)
            {
                json.WriteStartObject(variable);
                foreach ((string from, string to) in levels) json.WriteString(from, to);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    /// <summary>The frame with its levels replaced; variables that it lacks are passed over.</summary>
    public Frame Apply(Frame frame)
    {
        if (!frame.Columns.Any(column => Variables.ContainsKey(column.Name))) return frame;
        return new Frame(frame.Columns.Select(c => Variables.TryGetValue(c.Name, out var levels) ? LevelRecoding.Apply(c, levels) : c), frame.Source);
    }

    /// <summary>The population with its levels replaced and equal cells added up.</summary>
    public PoststratificationFrame Apply(PoststratificationFrame frame) =>
        frame.Cells.Columns.Any(column => Variables.ContainsKey(column.Name)) ? frame.Recode(Apply) : frame;

    /// <summary>Checks that every variable and every level of the map occurs in the survey or in the population.</summary>
    /// <exception cref="DataException">One does not; a near name is suggested.</exception>
    public void RequireKnown(Frame survey, Frame population)
    {
        foreach ((string variable, IReadOnlyDictionary<string, string> levels) in Variables)
        {
            Column[] columns = [.. new[] { survey.Find(variable), population.Find(variable) }.OfType<Column>()];
            if (columns.Length == 0) throw Unknown($"variable '{variable}'", variable, survey.Columns.Concat(population.Columns).Select(c => c.Name));
            HashSet<string> known = [.. columns.SelectMany(column => FactorConversion.From(column).Levels)];
            foreach (string level in levels.Keys)
            {
                if (!known.Contains(level)) throw Unknown($"level '{level}' of '{variable}'", level, known);
            }
        }
    }

    private static DataException Unknown(string what, string name, IEnumerable<string> known)
    {
        string hint = NearestName.Suggest(name, known) is { } near ? $" Did you mean '{near}'?" : "";
        return new DataException($"The map names the {what}, which is neither in the survey nor in the population.{hint}");
    }

    private static IEnumerable<JsonProperty> Members(JsonElement element, string source, string what)
    {
        if (element.ValueKind != JsonValueKind.Object) throw new DataException($"{source}: {what} must be an object such as {{\"state\": {{\"Calif.\": \"CA\"}}}}.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (!names.Add(member.Name)) throw new DataException($"{source}: '{member.Name}' occurs twice in {what}.");
            yield return member;
        }
    }

    private static string Target(JsonProperty level, string source, string variable) => level.Value.ValueKind switch
    {
        JsonValueKind.String => level.Value.GetString()!,
        JsonValueKind.Number => level.Value.GetRawText(),
        _ => throw new DataException($"{source}: '{level.Name}' of '{variable}' must become a text, not {level.Value.ValueKind}."),
    };
}
