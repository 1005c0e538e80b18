using System.Text.Json;
using Terrace.Data;
using Terrace.Design.Structures;
using Terrace.Design.Terms;
using Terrace.Formulas;

namespace Terrace.Design;

/// <summary>
/// Writes a model frame as JSON and reads it back, so that a saved fit codes new data on another machine exactly as the training data were coded. It holds formula,
/// levels, contrasts and bases, and no data.
/// </summary>
public static class ModelFrameJson
{
    /// <summary>Writes <paramref name="frame"/> as one JSON object.</summary>
    public static void Write(Utf8JsonWriter json, ModelFrame frame)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(frame);
        ModelCoding coding = frame.Coding;
        json.WriteStartObject();
        json.WriteString("formula", coding.Formula.ToString());
        WriteOptions(json, coding.Options);
        json.WriteStartObject("learned");
        foreach ((string call, LearnedCall learned) in coding.Learned.Calls)
        {
            json.WritePropertyName(call);
            LearnedCallJson.Write(json, learned);
        }
        json.WriteEndObject();
        json.WriteStartArray("variables");
        foreach (ModelVariable variable in coding.Variables) WriteVariable(json, variable);
        json.WriteEndArray();
        WriteGroups(json, coding);
        if (coding.ResponseKind is { } kind) json.WriteString("responseKind", kind.ToString());
        if (coding.ResponseLevels is { } levels) json.WriteTexts("responseLevels", levels);
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="DataException">The JSON is no model frame.</exception>
    public static ModelFrame Read(JsonElement json)
    {
        try
        {
            ModelCoding coding = ReadCoding(json);
            Check(coding);
            return new ModelFrame(coding);
        }
        catch (Exception fault) when (fault is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException
            or FormulaException or IndexOutOfRangeException)
        {
            throw new DataException($"The saved coding of the data is damaged: {fault.Message}", fault);
        }
    }

    private static void WriteOptions(Utf8JsonWriter json, ModelFrameOptions options)
    {
        json.WriteStartObject("contrasts");
        foreach ((string name, ContrastCoding contrast) in options.Contrasts) json.WriteString(name, contrast.ToString());
        json.WriteEndObject();
        if (options.Weights is { } weights) json.WriteString("weights", weights.ToString());
        if (options.Offset is { } offset) json.WriteString("offset", offset.ToString());
        if (options.Trials is { } trials) json.WriteString("trials", trials.ToString());
        json.WriteString("missingValues", options.MissingValues.ToString());
    }

    private static void WriteVariable(Utf8JsonWriter json, ModelVariable variable)
    {
        json.WriteStartObject();
        json.WriteString("expression", variable.Name);
        if (variable.Levels is { } levels) json.WriteTexts("levels", levels);
        json.WriteBoolean("ordered", variable.IsOrdered);
        json.WriteNumber("parts", variable.Parts);
        json.WriteEndObject();
    }

    private static void WriteGroups(Utf8JsonWriter json, ModelCoding coding)
    {
        json.WriteStartObject("groupVariables");
        IReadOnlyList<Expression> expressions = RowExpressions.Of(coding.Formula, coding.Options).GroupVariables;
        for (int g = 0; g < expressions.Count; g++) json.WriteTexts(expressions[g].ToString(), coding.GroupVariableLevels[g]);
        json.WriteEndObject();
        json.WriteStartArray("groups");
        foreach (GroupingFactor group in coding.Groups)
        {
            json.WriteStartObject();
            json.WriteString("name", group.Name);
            json.WritePropertyName("variables");
            json.WriteIntegers(group.Variables);
            json.WriteStartArray("combinations");
            foreach (int[] combination in group.Combinations) json.WriteIntegers(combination);
            json.WriteEndArray();
            if (group.Structure is { } structure) json.WriteString("structure", structure.Kind.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static ModelCoding ReadCoding(JsonElement json) => new()
    {
        Formula = Formula.Parse(json.GetProperty("formula").GetString()!),
        Options = ReadOptions(json),
        Learned = new LearnedCalls(json.GetProperty("learned").EnumerateObject().Select(call => KeyValuePair.Create(call.Name, LearnedCallJson.Read(call.Value)))),
        Variables = [.. json.GetProperty("variables").EnumerateArray().Select(ReadVariable)],
        GroupVariableLevels = [.. json.GetProperty("groupVariables").EnumerateObject().Select(variable => variable.Value.Texts())],
        Groups = [.. json.GetProperty("groups").EnumerateArray().Select(ReadGroup)],
        ResponseKind = json.TryGetProperty("responseKind", out JsonElement kind) ? Enum.Parse<ResponseKind>(kind.GetString()!) : null,
        ResponseLevels = json.TryGetProperty("responseLevels", out JsonElement levels) ? levels.Texts() : null,
    };

    private static ModelFrameOptions ReadOptions(JsonElement json) => new()
    {
        Contrasts = json.GetProperty("contrasts").EnumerateObject().ToDictionary(contrast => contrast.Name, contrast => ContrastCoding.Parse(contrast.Value.GetString()!)),
        Weights = ReadExpression(json, "weights"),
        Offset = ReadExpression(json, "offset"),
        Trials = ReadExpression(json, "trials"),
        MissingValues = Enum.Parse<MissingValues>(json.GetProperty("missingValues").GetString()!),
    };

    private static Expression? ReadExpression(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement text) ? Expression.Parse(text.GetString()!) : null;

    private static ModelVariable ReadVariable(JsonElement json) => new()
    {
        Expression = Expression.Parse(json.GetProperty("expression").GetString()!),
        Levels = json.TryGetProperty("levels", out JsonElement levels) ? levels.Texts() : null,
        IsOrdered = json.Flag("ordered"),
        Parts = json.GetProperty("parts").GetInt32(),
    };

    private static GroupingFactor ReadGroup(JsonElement json) => new(
        json.GetProperty("name").GetString()!,
        json.GetProperty("variables").Integers(),
        [.. json.GetProperty("combinations").EnumerateArray().Select(combination => combination.Integers())],
        json.TryGetProperty("structure", out JsonElement structure) ? new LevelStructure(Enum.Parse<StructureKind>(structure.GetString()!), [], null) : null);

    // The parts must fit each other, or a damaged file would only show when rows are coded.
    private static void Check(ModelCoding coding)
    {
        RowExpressions expressions = RowExpressions.Of(coding.Formula, coding.Options);
        bool fits = expressions.Variables.SequenceEqual(coding.Variables.Select(variable => variable.Expression))
            && expressions.GroupVariables.Count == coding.GroupVariableLevels.Count
            && expressions.Response.Count == coding.ResponseKind switch { null => 0, ResponseKind.SuccessesAndFailures => 2, _ => 1 }
            && coding.Groups.All(group => group.Combinations.All(codes => codes.Length == group.Variables.Length
                && codes.Zip(group.Variables).All(pair => pair.First >= 0 && pair.First < coding.GroupVariableLevels[pair.Second].Count)));
        if (!fits) throw new FormatException("its parts do not fit the formula.");
    }
}
