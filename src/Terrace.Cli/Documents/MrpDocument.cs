using System.Text.Json;
using Terrace.Poststratification;
using Terrace.SavedFits;

namespace Terrace.Cli.Documents;

/// <summary>The JSON document of <c>terrace mrp</c>.</summary>
internal static class MrpDocument
{
    /// <summary>The document as text; <paramref name="model"/> is the report of the fit.</summary>
    public static string Of(MrpResult result, MrpModel model) => JsonDocumentText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("formula", model.Formula);
        json.WriteString("family", model.Family);
        json.WriteString("engine", model.Engine);
        json.WriteNumber("n", model.Rows);
        json.WriteNumber("cells", model.Cells);
        FitDocument.WriteNumber(json, "population", result.Population);
        WriteOverall(json, result);
        WriteAreas(json, result);
        WriteComparison(json, result.Comparison[0]);
        WriteTruth(json, result.Truth);
        WriteLevels(json, result.Levels);
        json.WritePropertyName("model");
        model.Write(json);
        json.WriteStartArray("warnings");
        foreach (ModelWarning warning in result.Warnings) FitDocument.WriteWarning(json, warning);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteOverall(Utf8JsonWriter json, MrpResult result)
    {
        json.WriteStartObject("overall");
        WriteMembers(json, result.Overall);
        json.WriteNumber("level", result.Options.Level);
        json.WriteEndObject();
    }

    private static void WriteAreas(Utf8JsonWriter json, MrpResult result)
    {
        json.WriteStartArray("by");
        foreach (AreaEstimates areas in result.By)
        {
            json.WriteStartObject();
            WriteTexts(json, "by", areas.Grouping.Variables);
            json.WriteStartArray("rows");
            foreach (AreaEstimate row in areas.Rows) WriteArea(json, areas.Grouping, row);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteArea(Utf8JsonWriter json, Grouping grouping, AreaEstimate row)
    {
        json.WriteStartObject();
        for (int k = 0; k < grouping.Variables.Count; k++) json.WriteString(grouping.Variables[k], row.Levels[k]);
        FitDocument.WriteNumber(json, "population", row.Population);
        FitDocument.WriteNumber(json, "n", row.Respondents);
        WriteMembers(json, row.Estimate);
        json.WriteEndObject();
    }

    private static void WriteComparison(Utf8JsonWriter json, PoolingComparison overall)
    {
        json.WriteStartObject("comparison");
        WriteEstimate(json, "raw", overall.Raw[0]);
        WriteEstimate(json, "poststratified", overall.Poststratified[0]);
        json.WriteNull("raked");
        WriteEstimate(json, "completePooling", overall.CompletePooling[0]);
        WriteEstimate(json, "noPooling", overall.NoPooling[0]);
        WriteEstimate(json, "partialPooling", overall.PartialPooling[0]);
        json.WriteEndObject();
    }

    private static void WriteTruth(Utf8JsonWriter json, TruthComparison? truth)
    {
        if (truth is null)
        {
            json.WriteNull("truth");
            return;
        }
        json.WriteStartObject("truth");
        FitDocument.WriteNumber(json, "mae", truth.MeanAbsoluteError);
        FitDocument.WriteNumber(json, "coverage", truth.Coverage);
        json.WriteEndObject();
    }

    private static void WriteLevels(Utf8JsonWriter json, LevelComparison levels)
    {
        json.WriteStartArray("levels");
        foreach (LevelDifference difference in levels.Differences)
        {
            json.WriteStartObject();
            json.WriteString("variable", difference.Variable);
            WriteTexts(json, "onlyInSurvey", [.. difference.OnlyInSurvey.Select(level => level.Level)]);
            WriteTexts(json, "onlyInPopulation", [.. difference.OnlyInPopulation.Select(level => level.Level)]);
            json.WriteStartObject("suggestions");
            foreach ((string from, string to) in difference.Suggestions) json.WriteString(from, to);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteEstimate(Utf8JsonWriter json, string name, IntervalEstimate estimate)
    {
        json.WriteStartObject(name);
        WriteMembers(json, estimate);
        json.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter json, IntervalEstimate estimate)
    {
        FitDocument.WriteNumber(json, "estimate", estimate.Estimate);
        FitDocument.WriteNumber(json, "sd", estimate.Sd);
        FitDocument.WriteNumber(json, "lower", estimate.Lower);
        FitDocument.WriteNumber(json, "upper", estimate.Upper);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
