using System.CommandLine;
using Terrace.Cli.Options;

namespace Terrace.Cli.Commands;

/// <summary>One command of the tool: what the parser needs, what its help says, and what it does.</summary>
internal sealed class ToolCommand
{
    public ToolCommand(string name, string summary, string usage, Argument argument, IReadOnlyList<OptionGroup> groups)
    {
        Command = new Command(name, summary) { argument };
        Usage = usage;
        Groups = groups;
        foreach (OptionGroup group in groups)
        {
            foreach (Option option in group.Options) Command.Add(option);
        }
    }

    /// <summary>The command with its arguments and options.</summary>
    public Command Command { get; }

    /// <summary>The line that shows how to call it.</summary>
    public string Usage { get; }

    /// <summary>The options as the help shows them.</summary>
    public IReadOnlyList<OptionGroup> Groups { get; }

    /// <summary>One worked example, ready to be pasted into a shell.</summary>
    public required string Example { get; init; }

    /// <summary>What the example does, in a sentence.</summary>
    public required string ExampleMeaning { get; init; }

    /// <summary>The work; returns the exit status.</summary>
    public required Func<ParseResult, Invocation, int> Run { get; init; }
}
