using System.Text.Json;
using Terrace.Bayes;
using Terrace.Design;
using Terrace.Inference.Posterior;

namespace Terrace.SavedFits;

/// <summary>The posterior draws of a Bayesian model in JSON: which draw belongs to which coefficient, effect and parameter, the draws bit by bit, and the coding of the other components.</summary>
internal static class PosteriorCoefficientsJson
{
    /// <summary>Whether an object is one of these.</summary>
    public static bool IsOne(JsonElement element) => element.TryGetProperty("posterior", out _);

    /// <summary>Writes the posterior as an object value.</summary>
    public static void Write(Utf8JsonWriter json, SavedPosterior posterior)
    {
        PosteriorCoefficients own = posterior.Coefficients;
        json.WriteStartObject();
        json.WriteString("posterior", own.Family);
        json.WriteString("link", own.Link);
        FitDocument.WriteArray(json, "categories", own.Categories, (j, text) => j.WriteStringValue(text));
        FitDocument.WriteArray(json, "parameters", own.Auxiliary, (j, text) => j.WriteStringValue(text));
        FitDocument.WriteArray(json, "predictors", own.Predictors, (j, predictor) =>
        {
            j.WriteStartObject();
            j.WriteString("component", predictor.Component);
            NumberArrays.Write(j, "kept", predictor.Kept);
            j.WriteNumber("columns", predictor.Columns);
            j.WriteNumber("first", predictor.First);
            j.WriteEndObject();
        });
        FitDocument.WriteArray(json, "terms", own.Terms, (j, term) =>
        {
            j.WriteStartObject();
            foreach (var (name, value) in ((string, int)[])[("predictor", term.Predictor), ("position", term.Position), ("effects", term.Effects), ("sd", term.Sd), ("correlations", term.Correlations)]) j.WriteNumber(name, value);
            j.WriteString("group", term.Group);
            FitDocument.WriteArray(j, "levels", term.Levels, (inner, text) => inner.WriteStringValue(text));
            FitDocument.WriteArray(j, "covariates", term.TermNames, (inner, text) => inner.WriteStringValue(text));
            j.WriteEndObject();
        });
        WriteFrame(json, "dispersionFrame", posterior.Dispersion);
        WriteFrame(json, "zeroInflationFrame", posterior.ZeroInflation);
        if (posterior.RowElpd is { } elpd) NumberArrays.Write(json, "elpd", elpd.ToArray());
        WriteDraws(json, own.Draws);
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The parts do not fit together.</exception>
    public static SavedPosterior Read(JsonElement element)
    {
        Draws draws = ReadDraws(element);
        PredictorColumns[] predictors = [.. element.GetProperty("predictors").EnumerateArray().Select(p =>
            new PredictorColumns(p.GetProperty("component").GetString()!, NumberArrays.ReadIntegers(p, "kept", -1), p.GetProperty("columns").GetInt32(), p.GetProperty("first").GetInt32()))];
        TermColumns[] terms = [.. element.GetProperty("terms").EnumerateArray().Select(t => new TermColumns(t.GetProperty("predictor").GetInt32(), t.GetProperty("position").GetInt32(), t.GetProperty("group").GetString()!,
            Texts(t, "levels"), Texts(t, "covariates"), t.GetProperty("effects").GetInt32(), t.GetProperty("sd").GetInt32(), t.GetProperty("correlations").GetInt32()))];
        string[] parameters = Texts(element, "parameters");
        bool fits = predictors.All(p => p.First >= 0 && p.First + p.Kept.Length <= draws.Layout.Count && p.Kept.All(column => column >= 0 && column < p.Columns))
            && terms.All(t => t.Predictor >= 0 && t.Predictor < predictors.Length && t.Effects >= 0 && t.Effects + t.Levels.Count * t.Width <= draws.Layout.Count && t.Sd >= 0 && t.Sd + t.Width <= draws.Layout.Count);
        if (!fits || parameters.Length > draws.Layout.Count) throw new FormatException("its draws do not fit its coefficients.");
        var coefficients = new PosteriorCoefficients
        {
            Family = element.GetProperty("posterior").GetString()!,
            Link = element.GetProperty("link").GetString()!,
            Categories = Texts(element, "categories"),
            Draws = draws,
            Predictors = predictors,
            Terms = terms,
            Auxiliary = parameters,
        };
        return new SavedPosterior(coefficients, ReadFrame(element, "dispersionFrame"), ReadFrame(element, "zeroInflationFrame"))
        {
            RowElpd = element.TryGetProperty("elpd", out _) ? NumberArrays.ReadDoubles(element, "elpd", -1) : null,
        };
    }

    private static void WriteDraws(Utf8JsonWriter json, Draws draws)
    {
        json.WriteNumber("chains", draws.Chains);
        json.WriteNumber("iterations", draws.Iterations);
        FitDocument.WriteArray(json, "variables", draws.Layout.Variables, (j, variable) =>
        {
            j.WriteStartObject();
            j.WriteString("name", variable.Name);
            if (variable.Dimensions.Count > 0) FitDocument.WriteArray(j, "elements", variable.Elements, (inner, text) => inner.WriteStringValue(text));
            j.WriteEndObject();
        });
        var values = new double[draws.Count * draws.Layout.Count];
        for (int column = 0; column < draws.Layout.Count; column++) draws.Column(column).CopyTo(values.AsSpan(column * draws.Count));
        NumberArrays.Write(json, "draws", values);
    }

    private static Draws ReadDraws(JsonElement element)
    {
        var layout = new VariableLayout(element.GetProperty("variables").EnumerateArray().Select(v =>
            v.TryGetProperty("elements", out _) ? new Variable(v.GetProperty("name").GetString()!, Texts(v, "elements")) : new Variable(v.GetProperty("name").GetString()!)));
        int chains = element.GetProperty("chains").GetInt32(), iterations = element.GetProperty("iterations").GetInt32();
        return new Draws(layout, chains, iterations, NumberArrays.ReadDoubles(element, "draws", (long)layout.Count * chains * iterations));
    }

    private static void WriteFrame(Utf8JsonWriter json, string name, ModelFrame? frame)
    {
        if (frame is null) return;
        json.WritePropertyName(name);
        ModelFrameJson.Write(json, frame);
    }

    private static ModelFrame? ReadFrame(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement frame) ? ModelFrameJson.Read(frame) : null;

    private static string[] Texts(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
}

/// <summary>The posterior of a saved Bayesian fit with the coding of the components beside the conditional one.</summary>
/// <param name="Coefficients">The posterior.</param>
/// <param name="Dispersion">The coding of the dispersion's formula, or null.</param>
/// <param name="ZeroInflation">The coding of the zero part's formula, or null.</param>
public sealed record SavedPosterior(PosteriorCoefficients Coefficients, ModelFrame? Dispersion = null, ModelFrame? ZeroInflation = null)
{
    /// <summary>The expected log predictive density of each row by leave-one-out cross-validation; null where the data were left out.</summary>
    public IReadOnlyList<double>? RowElpd { get; init; }
}
