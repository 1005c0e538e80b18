using System.CommandLine;
using Terrace.Data;

namespace Terrace.Cli.Options;

/// <summary>A formula on the command line: itself, or <c>@FILE</c> for a file that holds it.</summary>
internal static class FormulaArgument
{
    private const int LongestFile = 10_000_000;

    /// <summary>The argument.</summary>
    public static Argument<string> Create() =>
        new("FORMULA") { Description = "the model, as in R with lme4's bars: 'y ~ x + (1 + x | group)'; @FILE reads it from a file" };

    /// <summary>The text of the formula.</summary>
    /// <exception cref="DataException">The file cannot be read.</exception>
    public static string Resolve(string given)
    {
        if (!given.StartsWith('@')) return given;
        string path = given[1..];
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LongestFile }) throw new DataException($"the formula file '{path}' is larger than {LongestFile} bytes; is it the right file?");
            return File.ReadAllText(path).Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DataException($"the formula file '{path}' cannot be read: {fault.Message}", fault);
        }
    }
}
