namespace Terrace.Stan.Diagnostics;

/// <summary>Finds the known name that a misspelt one probably meant.</summary>
internal static class Nearest
{
    /// <summary>The candidate with the smallest edit distance, if it is at most a third of the length.</summary>
    public static string? Name(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        int limit = Math.Max(1, name.Length / 3) + 1;
        foreach (string candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) >= limit) continue;
            int distance = Distance(name, candidate);
            if (distance >= limit) continue;
            limit = distance;
            best = candidate;
        }
        return best;
    }

    /// <summary>Damerau's distance: insertions, deletions, replacements and swaps of neighbours, ignoring case at a small cost of none.</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
