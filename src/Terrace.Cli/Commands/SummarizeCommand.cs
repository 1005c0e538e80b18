using System.CommandLine;
using System.Text.Json;
using Terrace.Cli.Documents;
using Terrace.Cli.Options;
using Terrace.Cli.Printing;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.DrawFiles;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary><c>terrace summarize DRAWS…</c>: summaries of saved draws, as CmdStan's <c>stansummary</c>.</summary>
internal static class SummarizeCommand
{
    /// <summary>The command.</summary>
    public static ToolCommand Create()
    {
        Argument<string[]> files = DrawFiles();
        Option<string[]> variables = OptionValues.Repeated("--variables", "NAMES", "show these only, separated by spaces: 'b', 'sd[county,(Intercept)]'");
        return new ToolCommand("summarize", "mean, MCSE, sd, quantiles, effective sample sizes and R-hat of saved draws", "terrace summarize DRAWS... [options]", files,
            [new OptionGroup("Summaries", [variables]), CommonOptions.Group()])
        {
            ExampleMeaning = "Sample a model, keep the draws as CmdStan CSV, and look at its coefficients.",
            Example = "terrace fit \"log_radon ~ floor + (1 | county)\" --data examples/data/radon.csv.gz --engine nuts --draws-out radon-draws\n"
                + "terrace summarize radon-draws/*.csv --variables \"b sd sigma\"",
            Run = (parsed, invocation) => Run(parsed.GetRequiredValue(files), parsed.Read(variables), invocation),
        };
    }

    /// <summary>The argument of commands that read draws.</summary>
    public static Argument<string[]> DrawFiles() => new("DRAWS") { Description = "files of draws, one a chain: CmdStan CSV (.csv or .csv.gz)", Arity = ArgumentArity.OneOrMore };

    private static int Run(string[] files, IReadOnlyList<string> wanted, Invocation invocation)
    {
        SavedDraws saved = CmdStanReader.Read(files);
        VariableSummary[] summaries = Chosen(VariableSummary.OfAll(saved.Draws, invocation.Options.Threads), [.. wanted.SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries))]);
        if (invocation.Options.Json) invocation.Output.WriteLine(JsonDocumentText.Of(json => Write(json, saved, summaries)));
        else WriteText(invocation.Output, saved, summaries);
        return CommandLine.Done;
    }

    private static VariableSummary[] Chosen(VariableSummary[] all, string[] names)
    {
        if (names.Length == 0) return all;
        foreach (string name in names)
        {
            if (!all.Any(summary => Is(summary, name))) throw new UsageException($"--variables: the draws have no variable '{name}'{Suggestion.For(name, all.Select(summary => summary.Name.Split('[')[0]).Distinct())}.");
        }
        return [.. all.Where(summary => names.Any(name => Is(summary, name)))];
    }

    private static bool Is(VariableSummary summary, string name) => summary.Name == name || summary.Name.StartsWith(name + "[", StringComparison.Ordinal);

    private static void WriteText(TextWriter output, SavedDraws saved, VariableSummary[] summaries)
    {
        output.WriteLine($"{(saved.Model is { } model ? $"Model {model}: " : "")}{saved.Draws.Chains} chain{(saved.Draws.Chains == 1 ? "" : "s")} of {NumberText.Count(saved.Draws.Iterations)} draws");
        output.WriteLine();
        ScreenTable table = new ScreenTable().Words("variable").Numbers("mean").Numbers("mcse").Numbers("sd").Numbers("5 %").Numbers("50 %").Numbers("95 %").Numbers("bulk ESS").Numbers("tail ESS").Numbers("R-hat");
        foreach (VariableSummary s in summaries)
        {
            table.Add(s.Name, NumberText.Significant(s.Mean), NumberText.Significant(s.Mcse, 2), NumberText.Significant(s.Sd), NumberText.Significant(s.Q5), NumberText.Significant(s.Q50), NumberText.Significant(s.Q95),
                NumberText.Fixed(s.EssBulk, 0), NumberText.Fixed(s.EssTail, 0), NumberText.Fixed(s.Rhat, 3));
        }
        table.Write(output);
    }

    private static void Write(Utf8JsonWriter json, SavedDraws saved, VariableSummary[] summaries)
    {
        json.WriteStartObject();
        json.WriteString("model", saved.Model);
        SummariesJson.Write(json, summaries);
        if (saved.Statistics is { } statistics)
        {
            json.WriteStartObject("sampler");
            json.WriteNumber("chains", statistics.Chains);
            json.WriteNumber("draws", statistics.Iterations);
            json.WriteNumber("divergent", statistics.Divergent.Count(divergent => divergent));
            if (saved.MaxTreeDepth is { } depth) json.WriteNumber("maxTreeDepthHits", statistics.TreeDepth.Count(own => own >= depth));
            FitDocument.WriteArray(json, "eBfmi", Ebfmi.Of(statistics.Energy, statistics.Chains), FitDocument.WriteNumberValue);
            json.WriteNumber("leapfrogSteps", statistics.LeapfrogSteps.Sum(steps => (long)steps));
            json.WriteEndObject();
        }
        else json.WriteNull("sampler");
        json.WriteNull("compileSeconds");
        json.WriteEndObject();
    }
}
