using System.Text.Json;
using Terrace.SavedFits;

namespace Terrace.Cli.Documents;

/// <summary>The JSON document of <c>terrace compare</c>.</summary>
internal static class CompareDocument
{
    /// <summary>The document as text.</summary>
    public static string Of(ModelComparison comparison) => JsonDocumentText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("models");
        foreach (ComparedModel model in comparison.Models) WriteModel(json, model);
        json.WriteEndArray();
        json.WriteStartArray("tests");
        foreach (LikelihoodRatioTest test in comparison.Tests) WriteTest(json, test);
        json.WriteEndArray();
        json.WriteStartArray("warnings");
        foreach (ModelWarning warning in comparison.Warnings) FitDocument.WriteWarning(json, warning);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>The document of Bayesian fits, the best first.</summary>
    public static string Of(LooComparison comparison) => JsonDocumentText.Of(json =>
    {
        json.WriteStartObject();
        FitDocument.WriteArray(json, "models", comparison.Models, (j, model) =>
        {
            j.WriteStartObject();
            foreach (var (name, text) in ((string, string)[])[("name", model.Name), ("formula", model.Formula), ("family", model.Family), ("link", model.Link)]) j.WriteString(name, text);
            j.WriteNumber("n", model.Rows);
            foreach (string name in (string[])["df", "logLik", "aic", "bic", "deviance"]) j.WriteNull(name);
            foreach (var (name, value) in ((string, double)[])[("elpd", model.Elpd), ("elpdSe", model.StandardError), ("elpdDifference", model.Difference), ("differenceSe", model.DifferenceError), ("weight", model.Weight)])
                FitDocument.WriteNumber(j, name, value);
            j.WriteEndObject();
        });
        foreach (string name in (string[])["tests", "warnings"])
        {
            json.WriteStartArray(name);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    });

    private static void WriteModel(Utf8JsonWriter json, ComparedModel model)
    {
        json.WriteStartObject();
        json.WriteString("name", model.Name);
        json.WriteString("formula", model.Formula);
        json.WriteString("family", model.Family);
        json.WriteString("link", model.Link);
        json.WriteString("engine", model.Engine);
        json.WriteNumber("n", model.Rows);
        json.WriteNumber("df", model.Df);
        FitDocument.WriteNumber(json, "logLik", model.LogLikelihood);
        FitDocument.WriteNumber(json, "aic", model.Aic);
        FitDocument.WriteNumber(json, "bic", model.Bic);
        FitDocument.WriteNumber(json, "deviance", model.Deviance);
        json.WriteNull("elpd");
        json.WriteEndObject();
    }

    private static void WriteTest(Utf8JsonWriter json, LikelihoodRatioTest test)
    {
        json.WriteStartObject();
        json.WriteString("model", test.Larger.Name);
        json.WriteString("against", test.Smaller.Name);
        FitDocument.WriteNumber(json, "chisq", test.ChiSquare);
        json.WriteNumber("df", test.Df);
        FitDocument.WriteNumber(json, "pValue", test.PValue);
        json.WriteEndObject();
    }
}
