namespace Terrace.Data;

/// <summary>
/// Finds the known name nearest to a mistyped one, for "did you mean". Names that agree but for case, blanks, punctuation and zero padding come first
/// (<c>calif.</c> and <c>Calif</c>, <c>07</c> and <c>7</c>); then the least number of single-character insertions, deletions, replacements and swaps
/// of
/// neighbours, at most a third of the longer name.
/// </summary>
/// <remarks>Damerau (1964), A technique for computer detection and correction of spelling errors; here in its restricted form (no change between
/// swapped characters).</remarks>
public static class NearestName
{
    private const int MaxLength = 100;

    /// <summary>
    /// The name in <paramref name="known"/> that <paramref name="given"/> probably means, or null if none is near; the earliest on a tie.
    /// </summary>
    public static string? Suggest(string given, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(known);
        string folded = Fold(given);
        string? best = null;
        double bestScore = double.PositiveInfinity;
        foreach (string name in known)
        {
            double score = Score(given, folded, name);
            if (score >= bestScore) continue;
            best = name;
            bestScore = score;
        }
        return best;
    }

    /// <summary>The text <c> Did you mean 'x'?</c> with a blank before it, or nothing.</summary>
    internal static string Hint(string given, IEnumerable<string> known) => Suggest(given, known) is { } name ? $" Did you mean '{name}'?" : "";

    /// <summary>The name in lower case without blanks, punctuation and the zeros before a number; the name itself if nothing is left.</summary>
    internal static string Fold(string name)
    {
        var folded = new System.Text.StringBuilder(name.Length);
        bool inNumber = false;
        for (int i = 0; i < name.Length; i++)
        {
            char c = char.ToLowerInvariant(name[i]);
            bool isDigit = char.IsAsciiDigit(c);
            bool isPadding = c == '0' && !inNumber && i + 1 < name.Length && char.IsAsciiDigit(name[i + 1]);
            inNumber = isDigit && !isPadding;
            if (char.IsLetterOrDigit(c) && !isPadding) folded.Append(c);
        }
        return folded.Length > 0 ? folded.ToString() : name;
    }

    /// <summary>The number of edits between two texts: insertions, deletions, replacements, swaps of neighbours.</summary>
    internal static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        var beforeLast = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) last[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, 1 + Math.Min(last[j], current[j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) current[j] = Math.Min(current[j], beforeLast[j - 2] + 1);
            }
            (beforeLast, last, current) = (last, current, beforeLast);
        }
        return last[b.Length];
    }

    // 308 is not a misspelt 309.
    private static bool IsNumber(string text) => !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    // Below 1: equal after folding, by their plain distance. From 1: the edits between the folded names. Infinite: too far.
    private static double Score(string given, string folded, string name)
    {
        if (name.Length > MaxLength || given.Length > MaxLength)
            return string.Equals(given, name, StringComparison.OrdinalIgnoreCase) ? 0 : double.PositiveInfinity;
        string foldedName = Fold(name);
        if (folded == foldedName) return Distance(given, name) / (MaxLength + 1.0);
        if (IsNumber(folded) && IsNumber(foldedName)) return double.PositiveInfinity;
        int longer = Math.Max(folded.Length, foldedName.Length);
        if (Math.Abs(folded.Length - foldedName.Length) > longer / 3) return double.PositiveInfinity;
        int distance = Distance(folded, foldedName);
        return distance <= longer / 3 ? distance : double.PositiveInfinity;
    }
}
