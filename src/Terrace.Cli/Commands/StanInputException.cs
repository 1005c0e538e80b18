namespace Terrace.Cli.Commands;

/// <summary>A file of <c>terrace stan</c> is missing or does not fit the program.</summary>
internal sealed class StanInputException(string message) : TerraceException(message);
