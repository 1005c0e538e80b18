using System.CommandLine;
using Terrace.Cli.Commands;
using Terrace.Cli.Options;

namespace Terrace.Cli.Printing;

/// <summary>The help of the tool and of each command: what it does, how to call it, its options by subject, one worked example.</summary>
internal static class HelpText
{
    private const int Width = 110;

    /// <summary>Writes the help of <paramref name="topic"/>, or of the whole tool.</summary>
    public static void Write(TextWriter output, ToolCommand? topic, IReadOnlyList<ToolCommand> commands)
    {
        if (topic is null) WriteTool(output, commands);
        else WriteCommand(output, topic);
    }

    private static void WriteTool(TextWriter output, IReadOnlyList<ToolCommand> commands)
    {
        output.WriteLine("terrace: multilevel models and poststratification; from a survey and a census to honest estimates.");
        output.WriteLine();
        output.WriteLine("Usage: terrace COMMAND [options]");
        output.WriteLine();
        output.WriteLine("Commands");
        WriteEntries(output, [.. commands.Select(tool => (tool.Command.Name, tool.Command.Description ?? "")), ("help COMMAND", "the options of a command and an example")]);
        output.WriteLine();
        output.WriteLine("Every command takes --help, --json, --quiet, --threads N and --seed N. 'terrace --version' prints the version.");
        output.WriteLine("Exit status: 0 done, 1 the data or the model is at fault, 2 the command line is wrong, 130 cancelled.");
        WriteExample(output, commands[0]);
    }

    private static void WriteCommand(TextWriter output, ToolCommand tool)
    {
        output.WriteLine($"terrace {tool.Command.Name}: {tool.Command.Description}.");
        output.WriteLine();
        output.WriteLine($"Usage: {tool.Usage}");
        output.WriteLine();
        WriteEntries(output, [.. tool.Command.Arguments.Select(argument => (argument.HelpName ?? argument.Name, argument.Description ?? ""))]);
        foreach (OptionGroup group in tool.Groups)
        {
            output.WriteLine();
            output.WriteLine(group.Title);
            WriteEntries(output, [.. group.Options.Select(option => (Heading(option), option.Description ?? ""))]);
        }
        WriteExample(output, tool);
    }

    private static string Heading(Option option)
    {
        string names = string.Join(", ", [.. option.Aliases, option.Name]);
        return option.HelpName is null ? names : $"{names} {option.HelpName}";
    }

    private static void WriteEntries(TextWriter output, (string Name, string Meaning)[] entries)
    {
        int indent = Math.Min(30, entries.Max(entry => entry.Name.Length) + 4);
        foreach ((string name, string meaning) in entries)
        {
            string head = $"  {name}";
            if (head.Length > indent - 2)
            {
                output.WriteLine(head);
                head = "";
            }
            foreach (string line in Wrapping.Lines(meaning, Width - indent))
            {
                output.WriteLine(head.PadRight(indent) + line);
                head = "";
            }
        }
    }

    private static void WriteExample(TextWriter output, ToolCommand tool)
    {
        output.WriteLine();
        output.WriteLine("Example");
        foreach (string line in Wrapping.Lines(tool.ExampleMeaning, Width - 2)) output.WriteLine($"  {line}");
        output.WriteLine();
        foreach (string line in tool.Example.Split('\n')) output.WriteLine($"    {line}");
    }
}
