using System.CommandLine;
using Terrace.Cli.Documents;
using Terrace.Cli.Options;
using Terrace.Stan;
using Terrace.Stan.Data;
using Terrace.Stan.Diagnostics;
using Terrace.Stan.Formatting;
using Terrace.Stan.Printing;

namespace Terrace.Cli.Commands;

/// <summary><c>terrace stan MODEL.stan</c>: compiles a Stan program and runs it.</summary>
internal static class StanCommand
{
    /// <summary>The command.</summary>
    public static ToolCommand Create()
    {
        var choices = new StanChoices();
        Argument<string> program = new("MODEL") { Description = "a Stan program, in today's syntax or in that of any version since 2.0" };
        return new ToolCommand("stan", "compile a Stan program and run it: no C++ toolchain", "terrace stan MODEL.stan --data FILE.json [options]", program, [.. choices.Groups, CommonOptions.Group()])
        {
            ExampleMeaning = "Sample Rubin's eight schools.",
            Example = "terrace stan examples/eight_schools.stan --data examples/data/eight_schools.json",
            Run = (parsed, invocation) => Run(parsed.GetRequiredValue(program), choices.Read(parsed), invocation),
        };
    }

    private static int Run(string path, StanRunSettings settings, Invocation invocation)
    {
        if (!File.Exists(path)) throw new StanInputException($"there is no program '{path}'.");
        string text = File.ReadAllText(path), name = Path.GetFileName(path);
        var includes = new IncludeFolders([Path.GetDirectoryName(Path.GetFullPath(path))!, .. settings.Include]);
        if (settings.Format)
        {
            if (invocation.Options.Json) throw new UsageException("--format prints the program; leave --json out.");
            invocation.Output.Write(StanFormatter.Format(text, name, settings.Syntax == "2.21" ? StanSyntaxVersion.Stan221 : StanSyntaxVersion.Modern, includes));
            return CommandLine.Done;
        }
        if (settings.Emit is { } phase)
        {
            if (invocation.Options.Json) throw new UsageException("--emit prints code; leave --json out.");
            invocation.Output.Write(StanPrinter.Print(text, phase switch { "ast" => StanPhase.Syntax, "ir" => StanPhase.Resolved, _ => StanPhase.CSharp }, name, includes));
            return CommandLine.Done;
        }
        StanModel model = StanModel.Compile(text, name, text.Contains("#include", StringComparison.Ordinal) ? includes : null, settings.Pedantic);
        Report(model, settings, invocation);
        if (settings.Check)
        {
            invocation.Output.WriteLine(invocation.Options.Json ? JsonDocumentText.Of(json => StanReport.WriteCheck(json, name, model)) : $"{name} compiles.");
            return CommandLine.Done;
        }
        StanData data = settings.Data is null ? StanData.Empty : ReadData(settings.Data);
        var options = new StanRunOptions
        {
            Seed = invocation.Options.Seed,
            DropConstants = settings.Method != "log-prob" || settings.Propto,
            Printed = line => { lock (invocation) invocation.Error.WriteLine(line); },
            Cancellation = invocation.Cancellation,
        };
        if (settings.NonCentre is { } which) model = NonCentred(model, which, settings.AsksToNonCentre, data, options, invocation);
        var run = new StanRun(model.Bind(data, options), model, settings, invocation, path);
        return settings.Method switch
        {
            "sample" => run.Sample(),
            "optimize" => run.Optimize(),
            "log-prob" => run.LogProb(),
            "diagnose" => run.Diagnose(),
            "generate-quantities" => run.GenerateQuantities(),
            _ => run.Approximate(),
        };
    }

    /// <summary>The program with group effects rewritten, and word of each.</summary>
    private static StanModel NonCentred(StanModel model, string which, bool asked, StanData data, StanRunOptions options, Invocation invocation)
    {
        IReadOnlyList<StanRewrite> centred = model.Centred;
        if (centred.Count == 0 && !asked) return model;
        string[] names = which.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (which is not ("auto" or "all") && names.FirstOrDefault(name => centred.All(candidate => candidate.Parameter != name)) is { } odd)
            throw new StanInputException($"--non-centre: `{odd}` is not among the effects that can be non-centred ({(centred.Count == 0 ? "the program has none" : string.Join(", ", centred.Select(candidate => candidate.Parameter)))}).");
        model = which switch { "auto" => model.NonCentredFor(data, options), "all" => model.NonCentred(), _ => model.NonCentred(names) };
        foreach (StanRewrite candidate in centred)
        {
            bool isRewritten = model.Rewrites.Any(rewrite => rewrite.Parameter == candidate.Parameter);
            if (isRewritten) invocation.Remark($"`{candidate.Parameter}` (line {candidate.Place.Line}) is sampled as {candidate.Location} + {candidate.Scale} * z with z standard normal: the same posterior in other coordinates; --non-centre none leaves it as written.");
            else if (which == "auto" && asked) invocation.Remark($"`{candidate.Parameter}` (line {candidate.Place.Line}) stays centred: the data say more of it than its distribution does.");
        }
        if (centred.Count == 0) invocation.Remark("the program has no group effects to non-centre.");
        return model;
    }

    private static StanData ReadData(string path)
    {
        if (!File.Exists(path)) throw new StanInputException($"there is no data file '{path}'.");
        return path.EndsWith(".R", StringComparison.OrdinalIgnoreCase) ? StanData.ReadRDump(path) : StanData.ReadJson(path);
    }

    private static void Report(StanModel model, StanRunSettings settings, Invocation invocation)
    {
        if (invocation.Options.Quiet) return;
        foreach (StanDiagnostic diagnostic in model.Diagnostics)
            if (settings.Pedantic || settings.Check || diagnostic.Severity == Severity.Warning) invocation.Error.WriteLine(diagnostic);
        int old = model.Diagnostics.Count(diagnostic => diagnostic.Severity == Severity.Deprecation);
        if (old > 0 && !settings.Pedantic && !settings.Check) invocation.Remark($"the program uses {old} old form{(old == 1 ? "" : "s")} of the language, which work here; --check shows them.");
    }
}
