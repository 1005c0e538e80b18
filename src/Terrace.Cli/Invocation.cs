using Terrace.Cli.Options;

namespace Terrace.Cli;

/// <summary>What a command may touch of the world outside: its two streams, the wish to stop, and the options that every command has.</summary>
internal sealed record Invocation(TextWriter Output, TextWriter Error, bool Terminal, CommonOptions Options, CancellationToken Cancellation)
{
    /// <summary>Tells the user something on standard error, unless <c>--quiet</c> was given.</summary>
    public void Remark(string text)
    {
        if (!Options.Quiet) Error.WriteLine($"terrace: {text}");
    }
}
