namespace Terrace.Cli.Output;

/// <summary>A place that cannot be written.</summary>
internal sealed class OutputException(string message) : TerraceException(message);
