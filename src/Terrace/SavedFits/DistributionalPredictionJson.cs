using System.Text.Json;
using Terrace.Design;
using Terrace.DistributionalModels;
using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Predictions;

namespace Terrace.SavedFits;

/// <summary>What predictions need of a distributional model, in JSON: the distribution, the coefficients and coding of every component, their joint covariance with the modes.</summary>
internal static class DistributionalPredictionJson
{
    /// <summary>Whether an object is one of these.</summary>
    public static bool IsOne(JsonElement element) => element.TryGetProperty("distribution", out _);

    /// <summary>Writes the model as an object value.</summary>
    public static void Write(Utf8JsonWriter json, DistributionalPredictionModel model)
    {
        json.WriteStartObject();
        json.WriteString("distribution", model.Family.Name);
        json.WriteString("link", model.Family.Link.Name);
        WriteTexts(json, "categories", model.Categories);
        json.WriteStartArray("components");
        foreach (ComponentFit component in model.Components) WriteComponent(json, component);
        json.WriteEndArray();
        WriteFrame(json, "dispersionFrame", model.Frames.Dispersion);
        WriteFrame(json, "zeroInflationFrame", model.Frames.ZeroInflation);
        EstimateUncertainty uncertainty = model.Uncertainty;
        json.WriteNumber("thetas", uncertainty.Thetas);
        NumberArrays.Write(json, "covariance", uncertainty.Covariance.Values);
        NumberArrays.Write(json, "modeSlopes", uncertainty.ModeSlopes.Values);
        if (uncertainty.Random is { } joint)
        {
            json.WriteStartObject("mixed");
            JointPrecisionJson.Write(json, joint, model.Terms);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote; <paramref name="conditional"/> is the coding of the conditional component.</summary>
    /// <exception cref="FormatException">The parts do not fit together.</exception>
    public static DistributionalPredictionModel Read(JsonElement element, ModelFrame conditional)
    {
        ComponentFit[] components = [.. element.GetProperty("components").EnumerateArray().Select(ReadComponent)];
        int thetas = element.GetProperty("thetas").GetInt32(), count = thetas + components.Sum(component => component.Estimated.Count);
        JointPrecision? joint = null;
        IReadOnlyList<RandomTermFit> terms = [];
        if (element.TryGetProperty("mixed", out JsonElement mixed)) (joint, terms) = JointPrecisionJson.Read(mixed);
        if (thetas != terms.Sum(term => term.TermNames.Count * (term.TermNames.Count + 1) / 2)) throw new FormatException("the variance parameters are not those of the terms.");
        int effects = terms.Sum(term => term.Levels.Count * term.TermNames.Count);
        return new DistributionalPredictionModel
        {
            Family = ResponseFamily.Parse(element.GetProperty("distribution").GetString()!, element.GetProperty("link").GetString()),
            Frames = new ComponentFrames(conditional, ReadFrame(element, "dispersionFrame"), ReadFrame(element, "zeroInflationFrame")),
            Categories = Texts(element, "categories"),
            Components = components,
            Terms = terms,
            Uncertainty = new EstimateUncertainty
            {
                Thetas = thetas,
                Covariance = new Matrix(count, count, NumberArrays.ReadDoubles(element, "covariance", (long)count * count)),
                ModeSlopes = new Matrix(effects, effects == 0 ? 0 : count, NumberArrays.ReadDoubles(element, "modeSlopes", (long)effects * count)),
                Random = joint,
            },
        };
    }

    private static void WriteComponent(Utf8JsonWriter json, ComponentFit component)
    {
        json.WriteStartObject();
        json.WriteString("component", component.Component);
        WriteTexts(json, "columns", component.Names);
        NumberArrays.Write(json, "estimates", component.Estimates);
        NumberArrays.Write(json, "estimated", [.. component.Estimated]);
        json.WriteNumber("first", component.First);
        json.WriteBoolean("hasFormula", component.HasFormula);
        json.WriteEndObject();
    }

    private static ComponentFit ReadComponent(JsonElement element)
    {
        string[] names = Texts(element, "columns");
        int[] estimated = NumberArrays.ReadIntegers(element, "estimated", -1);
        if (estimated.Any(column => column < 0 || column >= names.Length)) throw new FormatException("an estimated column is none of the component's.");
        return new ComponentFit(element.GetProperty("component").GetString()!, names, NumberArrays.ReadDoubles(element, "estimates", names.Length), estimated,
            element.GetProperty("first").GetInt32(), element.GetProperty("hasFormula").GetBoolean());
    }

    private static void WriteFrame(Utf8JsonWriter json, string name, ModelFrame? frame)
    {
        if (frame is null) return;
        json.WritePropertyName(name);
        ModelFrameJson.Write(json, frame);
    }

    private static ModelFrame? ReadFrame(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement frame) ? ModelFrameJson.Read(frame) : null;

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static string[] Texts(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
}
