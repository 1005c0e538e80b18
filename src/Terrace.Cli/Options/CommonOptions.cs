using System.CommandLine;
using Terrace.Cli.Commands;
using static Terrace.Cli.Options.OptionValues;

namespace Terrace.Cli.Options;

/// <summary>The options that every command has.</summary>
internal sealed record CommonOptions
{
    private const string Title = "Output and running";

    /// <summary>Print one JSON document.</summary>
    public bool Json { get; init; }

    /// <summary>Print no progress and no remarks.</summary>
    public bool Quiet { get; init; }

    /// <summary>The number of threads, at least 1.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>The seed of everything random.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The options under their heading, with those that only one command has before them.</summary>
    public static OptionGroup Group(params ReadOnlySpan<Option> first) => new(Title,
    [
        .. first,
        Flag("--json", "print one JSON document on standard output and nothing else there"),
        Flag("--quiet", "no progress and no remarks on standard error"),
        Text("--threads", "N", "number of threads (default: all processors)"),
        Text("--seed", "N", "seed of everything random; the same seed gives the same numbers (default 1)"),
    ]);

    /// <summary>Reads the options of <paramref name="tool"/>.</summary>
    public static CommonOptions Read(ParseResult parsed, ToolCommand tool)
    {
        OptionGroup group = tool.Groups.First(candidate => candidate.Title == Title);
        Option<T> Find<T>(string name) => (Option<T>)group.Options.First(option => option.Name == name);
        return new CommonOptions
        {
            Json = parsed.IsGiven(Find<bool>("--json")),
            Quiet = parsed.IsGiven(Find<bool>("--quiet")),
            Threads = parsed.ReadInteger(Find<string>("--threads"), 1) ?? Environment.ProcessorCount,
            Seed = parsed.ReadSeed(Find<string>("--seed")) ?? 1,
        };
    }
}
