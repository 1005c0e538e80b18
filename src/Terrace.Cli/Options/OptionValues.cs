using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Terrace.Cli.Options;

/// <summary>
/// Makes and reads options. All of them are text to the parser: values are read here, so that messages name the option and the allowed values, and the
/// start of the program does not pay for generic code over numbers.
/// </summary>
internal static class OptionValues
{
    /// <summary>An option with one value.</summary>
    public static Option<string> Text(string name, string valueName, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = valueName };

    /// <summary>An option with one value that must be given.</summary>
    public static Option<string> Required(string name, string valueName, string description)
    {
        Option<string> option = Text(name, valueName, description);
        option.Required = true;
        return option;
    }

    /// <summary>An option that may be given several times, one value each time.</summary>
    public static Option<string[]> Repeated(string name, string valueName, string description) =>
        new(name) { Description = description + " (repeatable)", HelpName = valueName, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };

    /// <summary>An option without a value.</summary>
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>Whether the option was given.</summary>
    public static bool IsGiven(this ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>The value of an option, or null where it was not given; an option given twice is refused.</summary>
    public static string? Read(this ParseResult parsed, Option<string> option)
    {
        OptionResult? result = parsed.GetResult(option);
        return result is null || result.Implicit ? null : result.Tokens[^1].Value;
    }

    /// <summary>The values of a repeatable option, in order.</summary>
    public static IReadOnlyList<string> Read(this ParseResult parsed, Option<string[]> option) =>
        parsed.GetResult(option) is { Implicit: false } result ? [.. result.Tokens.Select(token => token.Value)] : [];

    /// <summary>A whole number not below <paramref name="minimum"/>, or null.</summary>
    public static int? ReadInteger(this ParseResult parsed, Option<string> option, int minimum)
    {
        if (parsed.Read(option) is not { } text) return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= minimum
            ? value
            : throw new UsageException($"{option.Name} needs a whole number of at least {minimum}, not '{text}'.");
    }

    /// <summary>A finite number not below 0, or null.</summary>
    public static double? ReadAmount(this ParseResult parsed, Option<string> option)
    {
        if (parsed.Read(option) is not { } text) return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 && double.IsFinite(value)
            ? value
            : throw new UsageException($"{option.Name} needs a number of at least 0, not '{text}'.");
    }

    /// <summary>A seed, or null.</summary>
    public static ulong? ReadSeed(this ParseResult parsed, Option<string> option)
    {
        if (parsed.Read(option) is not { } text) return null;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw new UsageException($"{option.Name} needs a whole number from 0 to {ulong.MaxValue}, not '{text}'.");
    }

    /// <summary>A probability strictly between 0 and 1, or null.</summary>
    public static double? ReadProbability(this ParseResult parsed, Option<string> option)
    {
        if (parsed.Read(option) is not { } text) return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is > 0 and < 1
            ? value
            : throw new UsageException($"{option.Name} needs a number between 0 and 1 such as 0.95, not '{text}'.");
    }

    /// <summary>One of <paramref name="allowed"/>, or null where the option was not given.</summary>
    public static string? ReadChoice(this ParseResult parsed, Option<string> option, IReadOnlyList<string> allowed)
    {
        if (parsed.Read(option) is not { } text) return null;
        if (allowed.Contains(text)) return text;
        throw new UsageException($"{option.Name} '{text}' is not known{Suggestion.For(text, allowed)}; it is one of {string.Join(", ", allowed)}.");
    }
}
