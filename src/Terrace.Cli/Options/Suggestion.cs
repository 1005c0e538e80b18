using Terrace.Data;

namespace Terrace.Cli.Options;

/// <summary>The few words that lead from a mistyped name to the right one.</summary>
internal static class Suggestion
{
    /// <summary><c> (did you mean 'x'?)</c>, or nothing where no known name is near.</summary>
    public static string For(string word, IEnumerable<string> known)
    {
        string[] names = [.. known];
        string? near = word.Length > 3 ? Array.Find(names, name => name.StartsWith(word, StringComparison.Ordinal)) : null;
        near ??= NearestName.Suggest(word, names);
        return near is null ? "" : $" (did you mean '{near}'?)";
    }
}
