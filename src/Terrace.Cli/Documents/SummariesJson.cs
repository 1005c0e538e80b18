using System.Text.Json;
using Terrace.Inference.Diagnostics;
using Terrace.SavedFits;

namespace Terrace.Cli.Documents;

/// <summary>The member <c>variables</c> of the documents of <c>summarize</c> and <c>stan</c>.</summary>
internal static class SummariesJson
{
    /// <summary>Writes the summaries.</summary>
    public static void Write(Utf8JsonWriter json, VariableSummary[] summaries) => FitDocument.WriteArray(json, "variables", summaries, (writer, s) =>
    {
        writer.WriteStartObject();
        writer.WriteString("name", s.Name);
        foreach (var (name, value) in ((string, double)[])[("mean", s.Mean), ("mcse", s.Mcse), ("sd", s.Sd), ("q5", s.Q5), ("q50", s.Q50), ("q95", s.Q95), ("essBulk", s.EssBulk), ("essTail", s.EssTail), ("rhat", s.Rhat)])
            FitDocument.WriteNumber(writer, name, value);
        writer.WriteEndObject();
    });
}
