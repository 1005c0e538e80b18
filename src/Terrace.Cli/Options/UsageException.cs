namespace Terrace.Cli.Options;

/// <summary>The command line is wrong: exit status 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
