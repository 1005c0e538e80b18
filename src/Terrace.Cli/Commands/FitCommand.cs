using System.CommandLine;
using Terrace.Cli.Documents;
using Terrace.Cli.Options;
using Terrace.Cli.Output;
using Terrace.Cli.Printing;
using Terrace.Data;
using Terrace.Formulas;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary><c>terrace fit FORMULA --data FILE</c>: fits one model.</summary>
internal static class FitCommand
{
    /// <summary>The command.</summary>
    public static ToolCommand Create()
    {
        Argument<string> formula = FormulaArgument.Create();
        Option<string> file = OptionValues.Required("--data", "FILE", "the data file: .csv or .csv.gz");
        var data = new DataOptions();
        var model = new ModelOptions();
        var tests = new TestOptions();
        Option<string[]> start = StartValues.Create();
        return new ToolCommand("fit", "fit one linear, generalised linear or mixed model", "terrace fit FORMULA --data FILE [options]", formula,
            [data.Group(file), model.Group(start), tests.Group(), CommonOptions.Group()])
        {
            ExampleMeaning = "Radon in the houses of Minnesota: an effect of the floor, and an intercept for every county that is pulled towards the others the less data it has.",
            Example = "terrace fit \"log_radon ~ floor + (1 | county)\" --data examples/data/radon.csv.gz",
            Run = (parsed, invocation) => Run(
                FormulaArgument.Resolve(parsed.GetRequiredValue(formula)), parsed.GetRequiredValue(file), data.Read(parsed), model.Read(parsed), tests.Read(parsed), StartValues.Read(parsed, start), invocation),
        };
    }

    private static int Run(string formulaText, string file, DataSettings data, ModelSettings settings, TestSettings tests, IReadOnlyDictionary<string, double> start, Invocation invocation)
    {
        Formula? formula = NonlinearRun.Applies(formulaText, start) ? null : Formula.Parse(formulaText);
        using var files = new OutputFiles(invocation.Cancellation);
        Stream? save = settings.SaveFile is null ? null : files.Reserve(settings.SaveFile);
        IRowBlocks rows = data.Open(file);
        ModelRun run = formula is null
            ? NonlinearRun.Fit(formulaText, start, rows, settings, settings.FrameOptions(data), invocation.Cancellation)
            : ModelRun.Fit(formula, rows, settings with { NeedsRows = tests.Any }, settings.FrameOptions(data), invocation.Cancellation);
        if (tests.Any) run = run with { Report = RequestedTests.Of(run, rows, settings, tests, invocation.Cancellation) };
        if (save is not null) SavedFitFile.Write(run.ToSavedFit(), save);
        files.Commit();
        if (DegreesOfFreedomChoice.Remark(run.Mixed, run.Tests, settings.DegreesOfFreedom) is { } remark) invocation.Remark(remark);
        if (invocation.Options.Json) WriteDocument(run.Report, invocation);
        else FitText.Write(invocation.Output, run, rows.Source, settings);
        return CommandLine.Done;
    }

    private static void WriteDocument(FitReport report, Invocation invocation)
    {
        foreach (ModelWarning warning in report.Warnings) invocation.Remark(warning.Message);
        invocation.Output.WriteLine(JsonDocumentText.Of(json => FitDocument.Write(json, report)));
    }
}
