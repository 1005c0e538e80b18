using System.CommandLine;
using Terrace.Cli.Documents;
using Terrace.Cli.Options;
using Terrace.Cli.Printing;
using Terrace.Data;

namespace Terrace.Cli.Commands;

/// <summary><c>terrace describe FILE</c>: what a data file holds.</summary>
internal static class DescribeCommand
{
    /// <summary>The command.</summary>
    public static ToolCommand Create()
    {
        var file = new Argument<string>("FILE") { Description = "the data file: .csv or .csv.gz" };
        var data = new DataOptions();
        return new ToolCommand("describe", "variables, types, levels, missing values and ranges of a data file", "terrace describe FILE [options]", file,
            [data.Group(), CommonOptions.Group()])
        {
            ExampleMeaning = "What is in the polls of 1988? Each variable with its type, range, mean, levels and missing values.",
            Example = "terrace describe examples/data/election88_polls.csv.gz",
            Run = (parsed, invocation) => Run(data.Read(parsed).Open(parsed.GetRequiredValue(file)), invocation),
        };
    }

    private static int Run(IRowBlocks rows, Invocation invocation)
    {
        DataDescription description = DataDescription.Of(rows, invocation.Cancellation);
        if (invocation.Options.Json) invocation.Output.WriteLine(DescribeDocument.Of(description));
        else DescribeText.Write(invocation.Output, description);
        return CommandLine.Done;
    }
}
