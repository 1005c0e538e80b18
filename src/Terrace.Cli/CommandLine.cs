using System.CommandLine;
using System.CommandLine.Parsing;
using System.Reflection;
using Terrace.Cli.Commands;
using Terrace.Cli.Options;
using Terrace.Cli.Printing;

namespace Terrace.Cli;

/// <summary>The program as a function: arguments in, text and an exit status out.</summary>
internal static class CommandLine
{
    /// <summary>The work is done.</summary>
    public const int Done = 0;

    /// <summary>The data or the model is at fault.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int WrongUsage = 2;

    /// <summary>The user or the system asked to stop.</summary>
    public const int Cancelled = 130;

    /// <summary>Runs one command line; <paramref name="terminal"/> says whether <paramref name="error"/> is a terminal, where a progress bar makes sense.</summary>
    public static int Run(
        IReadOnlyList<string> args, TextWriter output, TextWriter error, bool terminal = false, CancellationToken cancellation = default)
    {
        try
        {
            return Dispatch(args, output, error, terminal, cancellation);
        }
#pragma warning disable CA1031 // The last line of defence: no user should ever see a stack trace without asking for it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return Conclude(fault, error);
        }
    }

    private static int Conclude(Exception fault, TextWriter error)
    {
        switch (fault)
        {
            case AggregateException several when several.Flatten().InnerExceptions is [.., var last]:
                return Conclude(several.Flatten().InnerExceptions.FirstOrDefault(inner => inner is TerraceException or OperationCanceledException) ?? last, error);
            case OperationCanceledException:
                error.WriteLine("terrace: cancelled; nothing was written.");
                return Cancelled;
            case UsageException:
                error.WriteLine($"terrace: {fault.Message}");
                return WrongUsage;
            case TerraceException or Inference.Sampling.SamplingException or Inference.DrawFiles.DrawFileException or Stan.Diagnostics.StanProgramException or Stan.StanRunException or Stan.Data.StanDataException or IOException or UnauthorizedAccessException:
                error.WriteLine($"terrace: {fault.Message}");
                return Failed;
            default:
                Report(fault, error);
                return Failed;
        }
    }

    private static int Dispatch(IReadOnlyList<string> args, TextWriter output, TextWriter error, bool terminal, CancellationToken cancellation)
    {
        var root = new RootCommand("From a survey and a census to honest estimates.");
        root.Options.Clear();
        ToolCommand[] commands = [MrpCommand.Create(), FitCommand.Create(), PredictCommand.Create(), CompareCommand.Create(), SummarizeCommand.Create(), DiagnoseCommand.Create(), StanCommand.Create(), DescribeCommand.Create()];
        foreach (ToolCommand tool in commands) root.Add(tool.Command);

        var given = new List<string>(args);
        ToolCommand? chosen = given.Count == 0 ? null : Array.Find(commands, tool => tool.Command.Name == given[0]);
        if (given is ["--version"])
        {
            output.WriteLine($"terrace {typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}");
            return Done;
        }
        if (AsksForHelp(given, chosen, commands, out ToolCommand? topic))
        {
            HelpText.Write(output, topic, commands);
            return Done;
        }
        if (given.Count == 0)
        {
            HelpText.Write(error, null, commands);
            return WrongUsage;
        }
        if (chosen is null) throw UnknownWord.Command(given[0], commands);
        return Run(chosen, root, given, new Invocation(output, error, terminal, new CommonOptions(), cancellation));
    }

    private static int Run(ToolCommand chosen, RootCommand root, List<string> given, Invocation invocation)
    {
        UnknownWord.RefuseUnknownOptions(given, chosen);
        ParseResult parsed = root.Parse(given, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        RefuseParseErrors(parsed, chosen);
        return chosen.Run(parsed, invocation with { Options = CommonOptions.Read(parsed, chosen) });
    }

    /// <summary>Help is asked for by <c>--help</c> or <c>-h</c> anywhere before a lone <c>--</c>, or by the command <c>help</c>.</summary>
    private static bool AsksForHelp(List<string> given, ToolCommand? chosen, ToolCommand[] commands, out ToolCommand? topic)
    {
        topic = chosen;
        if (given is ["help", ..])
        {
            topic = given.Count > 1 ? Array.Find(commands, tool => tool.Command.Name == given[1]) ?? throw UnknownWord.Command(given[1], commands) : null;
            return true;
        }
        int end = given.IndexOf("--");
        return given.Take(end < 0 ? given.Count : end).Any(word => word is "--help" or "-h" or "-?");
    }

    private static void RefuseParseErrors(ParseResult parsed, ToolCommand chosen)
    {
        if (parsed.Errors.Count == 0) return;
        ParseError first = parsed.Errors[0];
        throw new UsageException($"{first.Message.Replace("command or argument", "argument", StringComparison.Ordinal)}\nRun 'terrace {chosen.Command.Name} --help' for the options and an example.");
    }

    private static void Report(Exception fault, TextWriter error)
    {
        error.WriteLine($"terrace: something went wrong that is no fault of yours ({fault.GetType().Name}: {fault.Message.ReplaceLineEndings(" ")}).");
        error.WriteLine("Please report it with the command line you used; TERRACE_DEBUG=1 in the environment adds the details that a report needs.");
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TERRACE_DEBUG"))) error.WriteLine(fault);
    }
}
