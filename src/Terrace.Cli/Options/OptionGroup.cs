using System.CommandLine;

namespace Terrace.Cli.Options;

/// <summary>Options that belong together, under a heading of the help.</summary>
internal sealed record OptionGroup(string Title, IReadOnlyList<Option> Options);
