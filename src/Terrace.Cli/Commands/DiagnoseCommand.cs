using System.CommandLine;
using Terrace.Cli.Documents;
using Terrace.Cli.Options;
using Terrace.Cli.Printing;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.DrawFiles;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary><c>terrace diagnose DRAWS…</c>: what is wrong with saved draws and what to do, as CmdStan's <c>diagnose</c>.</summary>
internal static class DiagnoseCommand
{
    /// <summary>The command.</summary>
    public static ToolCommand Create()
    {
        Argument<string[]> files = SummarizeCommand.DrawFiles();
        return new ToolCommand("diagnose", "divergences, tree depth, energy, R-hat and effective sample sizes of saved draws: what is wrong and what to do", "terrace diagnose DRAWS... [options]", files, [CommonOptions.Group()])
        {
            ExampleMeaning = "Are the draws to be trusted?",
            Example = "terrace diagnose radon-draws/*.csv",
            Run = (parsed, invocation) => Run(parsed.GetRequiredValue(files), invocation),
        };
    }

    private static int Run(string[] files, Invocation invocation)
    {
        SavedDraws saved = CmdStanReader.Read(files);
        VariableSummary[] summaries = VariableSummary.OfAll(saved.Draws, invocation.Options.Threads);
        IReadOnlyList<Finding> findings = SamplingFindings.Of(summaries, saved.Draws.Chains, saved.Statistics, saved.MaxTreeDepth);
        if (invocation.Options.Json) invocation.Output.WriteLine(Document(findings));
        else WriteText(invocation.Output, saved, findings);
        return CommandLine.Done;
    }

    private static string Document(IReadOnlyList<Finding> findings) => JsonDocumentText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("ok", findings.Count == 0);
        FitDocument.WriteArray(json, "findings", findings, (writer, finding) =>
        {
            writer.WriteStartObject();
            writer.WriteString("code", finding.Code);
            writer.WriteString("message", finding.Message);
            FitDocument.WriteArray(writer, "variables", finding.Variables, (inner, name) => inner.WriteStringValue(name));
            writer.WriteEndObject();
        });
        json.WriteEndObject();
    });

    private static void WriteText(TextWriter output, SavedDraws saved, IReadOnlyList<Finding> findings)
    {
        string what = $"{saved.Draws.Chains} chain{(saved.Draws.Chains == 1 ? "" : "s")} of {NumberText.Count(saved.Draws.Iterations)} draws of {NumberText.Count(saved.Draws.Layout.Count)} variables";
        if (findings.Count == 0)
        {
            string checkedToo = saved.Statistics is null ? "R-hat and effective sample sizes" : "no divergences, tree depth, energy, R-hat and effective sample sizes";
            output.WriteLine($"{what}: nothing is wrong ({checkedToo} are as they should be).");
            if (saved.Draws.Chains == 1) output.WriteLine("One chain cannot show that chains disagree; run four.");
            return;
        }
        output.WriteLine($"{what}:");
        foreach (Finding finding in findings)
        {
            output.WriteLine();
            foreach (string line in Wrapping.Lines($"{finding.Code}: {finding.Message}", 100)) output.WriteLine(line);
        }
    }
}
