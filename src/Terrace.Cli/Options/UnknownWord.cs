using Terrace.Cli.Commands;

namespace Terrace.Cli.Options;

/// <summary>Refuses commands and options that do not exist and names the nearest that does.</summary>
internal static class UnknownWord
{
    /// <summary>The exception for a first word that is no command.</summary>
    public static UsageException Command(string word, IReadOnlyList<ToolCommand> commands)
    {
        string[] names = [.. commands.Select(tool => tool.Command.Name)];
        if (word.StartsWith('-')) return new UsageException($"unknown option '{word}'; a command comes first: {string.Join(", ", names)}. Run 'terrace --help'.");
        return new UsageException($"unknown command '{word}'{Suggestion.For(word, names)}; the commands are {string.Join(", ", names)}. Run 'terrace --help'.");
    }

    /// <summary>
    /// Refuses every word that looks like a long option and is none of the command's, before the parser could take it for a value. (A value that begins with
    /// two dashes can be given as <c>--where=--x</c>, an argument after a lone <c>--</c>.)
    /// </summary>
    public static void RefuseUnknownOptions(IReadOnlyList<string> given, ToolCommand tool)
    {
        string[] known = [.. tool.Groups.SelectMany(group => group.Options).Select(option => option.Name), "--help"];
        string[] valued = [.. tool.Groups.SelectMany(group => group.Options).Where(option => option.Arity.MinimumNumberOfValues > 0).Select(option => option.Name)];
        string before = "";
        foreach (string word in given.Skip(1).TakeWhile(word => word != "--"))
        {
            (string previous, before) = (before, word);
            if (!word.StartsWith("--", StringComparison.Ordinal)) continue;
            int end = word.IndexOfAny(['=', ':']);
            string name = end < 0 ? word : word[..end];
            if (known.Contains(name) && valued.Contains(previous)) throw new UsageException($"{previous} needs a value, but '{word}' follows it.");
            if (known.Contains(name)) continue;
            throw new UsageException($"unknown option '{name}' of 'terrace {tool.Command.Name}'{Suggestion.For(name, known)}.\nRun 'terrace {tool.Command.Name} --help' for the options and an example.");
        }
    }
}
