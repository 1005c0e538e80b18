using System.CommandLine;
using Terrace.Cli.Documents;
using Terrace.Cli.Options;
using Terrace.Cli.Printing;
using Terrace.Data;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary><c>terrace compare FIT FIT …</c>: likelihood-ratio tests, AIC and BIC of saved fits.</summary>
internal static class CompareCommand
{
    /// <summary>The command.</summary>
    public static ToolCommand Create()
    {
        var fits = new Argument<string[]>("FIT")
        {
            Description = "two or more fits of the same data, saved by 'terrace fit … --save FIT'; mixed models with different fixed effects by '--engine ml', or with --data",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string> file = OptionValues.Text("--data", "FILE", "the data of the fits: fits by REML with different fixed effects are refitted from it by maximum likelihood");
        var data = new DataOptions();
        return new ToolCommand("compare", "likelihood-ratio tests, AIC and BIC of saved fits of the same data; of Bayesian ones, cross-validation", "terrace compare FIT FIT … [options]", fits, [data.Group(file), CommonOptions.Group()])
        {
            ExampleMeaning = "Does the uranium in the soil of a county say something about radon that the county's own intercept does not? Two fits by maximum likelihood, and the test of one against the other.",
            Example = "terrace fit \"log_radon ~ floor + (1 | county)\" --data examples/data/radon.csv.gz --engine ml --save floor.fit\n"
                + "terrace fit \"log_radon ~ floor + log_uranium + (1 | county)\" --data examples/data/radon.csv.gz --engine ml --save uranium.fit\n"
                + "terrace compare floor.fit uranium.fit",
            Run = (parsed, invocation) => Run(parsed.GetValue(fits) ?? [], parsed.Read(file), data.Read(parsed), invocation),
        };
    }

    private static int Run(string[] files, string? dataFile, DataSettings data, Invocation invocation)
    {
        if (files.Length < 2) throw new UsageException($"compare needs at least two saved fits, not {files.Length}: terrace compare FIT FIT …\nRun 'terrace compare --help' for an example.");
        if (files.GroupBy(Path.GetFullPath).FirstOrDefault(same => same.Count() > 1) is { } twice) throw new UsageException($"'{twice.First()}' is given twice; compare different fits.");
        if (files.Any(SavedFitFile.IsBayesian)) return CompareByLoo(files, dataFile, invocation);
        var models = new List<ComparedModel>();
        foreach (string file in files)
        {
            invocation.Cancellation.ThrowIfCancellationRequested();
            models.Add(SavedFitFile.ReadForComparison(file, Name(file, files)));
        }
        IRowBlocks? rows = dataFile is null ? null : data.Open(dataFile);
        ModelComparison comparison = rows is null ? ModelComparison.Of(models) : ModelComparison.Of(models, model => model.Frame.Encode(rows), invocation.Cancellation);
        foreach (ModelWarning warning in comparison.Warnings) invocation.Remark(warning.Message);
        if (invocation.Options.Json) invocation.Output.WriteLine(CompareDocument.Of(comparison));
        else CompareText.Write(invocation.Output, comparison);
        return CommandLine.Done;
    }

    private static int CompareByLoo(string[] files, string? dataFile, Invocation invocation)
    {
        if (dataFile is not null) throw new UsageException("--data is for fits by REML; Bayesian fits are compared by what they hold. Leave it out.");
        LooComparison comparison = LooComparison.Of([.. files.Select(file => (Name(file, files), SavedFitFile.Read(file)))]);
        if (invocation.Options.Json) invocation.Output.WriteLine(CompareDocument.Of(comparison));
        else CompareText.Write(invocation.Output, comparison);
        return CommandLine.Done;
    }

    /// <summary>The file's name without its folder, or with it where two files have the same name.</summary>
    private static string Name(string file, string[] files) =>
        files.Count(other => Path.GetFileName(other) == Path.GetFileName(file)) == 1 ? Path.GetFileName(file) : file;
}
