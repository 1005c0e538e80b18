using System.Globalization;
using System.Text.Json;
using Terrace.Cli.Documents;
using Terrace.Cli.Printing;
using Terrace.Inference.Approximations;
using Terrace.SavedFits;
using Terrace.Stan;

namespace Terrace.Cli.Commands;

/// <summary>What <c>terrace stan --method optimize</c> prints.</summary>
internal static class StanModeReport
{
    /// <summary>The mode, and why the search ended.</summary>
    public static void Write(Invocation invocation, string name, StanModel model, BoundStanModel bound, Mode mode, ModeAlgorithm algorithm, LbfgsOptions options, double[] draw)
    {
        if (invocation.Options.Json)
        {
            invocation.Output.WriteLine(JsonDocumentText.Of(json => Document(json, name, model, bound, mode, algorithm, draw)));
            return;
        }
        invocation.Output.WriteLine($"Mode of {name} by {Name(algorithm)}: log density {NumberText.Significant(mode.LogDensity, 7)} after {mode.Iterations} iterations and {mode.Evaluations} evaluations.");
        invocation.Output.WriteLine($"{mode.Reason}{Tolerance(mode.End, options)}");
        invocation.Output.WriteLine();
        ScreenTable table = new ScreenTable().Words("").Numbers("estimate");
        for (int k = 0; k < draw.Length; k++) table.Add(bound.Layout.Columns[k], NumberText.Significant(draw[k], 6));
        table.Write(invocation.Output);
    }

    private static string Name(ModeAlgorithm algorithm) => algorithm switch { ModeAlgorithm.Bfgs => "BFGS", ModeAlgorithm.Newton => "Newton's method", _ => "L-BFGS" };

    private static string Tolerance(ModeEnd end, LbfgsOptions options)
    {
        double? value = end switch
        {
            ModeEnd.Gradient => options.ToleranceGradient,
            ModeEnd.Objective => options.ToleranceObjective,
            ModeEnd.RelativeObjective => options.ToleranceRelativeObjective,
            ModeEnd.RelativeGradient => options.ToleranceRelativeGradient,
            ModeEnd.Parameters => options.ToleranceParameters,
            _ => null,
        };
        return value is { } tolerance ? string.Create(CultureInfo.InvariantCulture, $" (--{Word(end)} {tolerance:G})") : "";
    }

    private static string Word(ModeEnd end) => end switch
    {
        ModeEnd.Gradient => "tol-grad",
        ModeEnd.Objective => "tol-obj",
        ModeEnd.RelativeObjective => "tol-rel-obj",
        ModeEnd.RelativeGradient => "tol-rel-grad",
        ModeEnd.Parameters => "tol-param",
        ModeEnd.Iterations => "iterations",
        _ => "no-progress",
    };

    private static void Document(Utf8JsonWriter json, string name, StanModel model, BoundStanModel bound, Mode mode, ModeAlgorithm algorithm, double[] draw)
    {
        json.WriteStartObject();
        json.WriteString("model", name);
        FitDocument.WriteArray<int>(json, "variables", [.. Enumerable.Range(0, draw.Length)], (writer, k) =>
        {
            writer.WriteStartObject();
            writer.WriteString("name", bound.Layout.Columns[k]);
            FitDocument.WriteNumber(writer, "estimate", draw[k]);
            writer.WriteEndObject();
        });
        json.WriteString("algorithm", algorithm.ToString().ToLowerInvariant());
        FitDocument.WriteNumber(json, "logProb", mode.LogDensity);
        json.WriteBoolean("converged", mode.Converged);
        json.WriteString("stoppedBy", Word(mode.End));
        json.WriteString("reason", mode.Reason);
        json.WriteNumber("iterations", mode.Iterations);
        json.WriteNumber("evaluations", mode.Evaluations);
        FitDocument.WriteArray(json, "trace", mode.Steps, (writer, step) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("iteration", step.Iteration);
            FitDocument.WriteNumber(writer, "logProb", step.LogDensity);
            FitDocument.WriteNumber(writer, "gradientNorm", step.GradientNorm);
            FitDocument.WriteNumber(writer, "moved", step.Moved);
            writer.WriteEndObject();
        });
        FitDocument.WriteNumber(json, "compileSeconds", model.CompileSeconds);
        json.WriteEndObject();
    }
}
