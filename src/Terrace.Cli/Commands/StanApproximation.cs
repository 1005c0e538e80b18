using System.Text.Json;
using Terrace.Inference.Approximations;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary>An approximation of a Stan program's posterior as the JSON document tells of it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Draws">The draws with their check.</param>
/// <param name="Variational">How the variational search went; null for other methods.</param>
internal sealed record StanApproximation(string Method, ApproximateDraws Draws, VariationalResult? Variational)
{
    /// <summary>Writes the member <c>approximation</c>: k-hat and effective size of the importance ratios, the lower bound, and the course of a variational search.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("approximation");
        json.WriteString("method", Method);
        FitDocument.WriteNumber(json, "kHat", Draws.ParetoK);
        FitDocument.WriteNumber(json, "efficiency", Draws.Efficiency);
        FitDocument.WriteNumber(json, "ess", Draws.Efficiency * Draws.Proposals);
        json.WriteNumber("proposals", Draws.Proposals);
        json.WriteBoolean("accepted", Draws.IsTrusted);
        FitDocument.WriteNumber(json, "elbo", Draws.Elbo);
        json.WriteNumber("evaluations", Draws.Evaluations);
        if (Variational is not null)
        {
            json.WriteBoolean("converged", Variational.Converged);
            FitDocument.WriteNumber(json, "stepSize", Variational.StepSize);
            FitDocument.WriteArray(json, "elboTrace", Variational.Trace, (writer, step) =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("iteration", step.Iteration);
                FitDocument.WriteNumber(writer, "elbo", step.Elbo);
                FitDocument.WriteNumber(writer, "meanChange", step.MeanChange);
                FitDocument.WriteNumber(writer, "medianChange", step.MedianChange);
                writer.WriteEndObject();
            });
        }
        json.WriteEndObject();
    }
}
