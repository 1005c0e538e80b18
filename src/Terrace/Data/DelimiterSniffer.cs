namespace Terrace.Data;

/// <summary>Finds the character between the fields of a CSV file from its header line.</summary>
internal static class DelimiterSniffer
{
    // A header line of more characters than this tells no more about the delimiter.
    private const int MaxCharacters = 1 << 20;

    /// <summary>
    /// The most frequent of comma, semicolon and tab outside quotes in the first line that is not blank; the earlier in this list on a tie, and a
    /// comma where there is none.
    /// With decimal commas only semicolon and tab are tried.
    /// </summary>
    public static char Sniff(string path, bool decimalComma)
    {
        string candidates = decimalComma ? ";\t" : ",;\t";
        using StreamReader reader = DataFileText.Open(path);
        int[] counts = DataFileText.Guarded(path, () => CountInFirstLine(reader, candidates));
        int best = counts.AsSpan().IndexOf(counts.Max());
        return candidates[best];
    }

    private static int[] CountInFirstLine(StreamReader reader, string candidates)
    {
        var counts = new int[candidates.Length];
        bool quoted = false;
        bool blank = true;
        for (int n = 0; n < MaxCharacters && reader.Read() is >= 0 and int next; n++)
        {
            char c = (char)next;
            if (c is '\n' or '\r' && !quoted)
            {
                if (!blank) break;
                continue;
            }
            blank = false;
            if (c == '"') quoted = !quoted;
            int candidate = quoted ? -1 : candidates.IndexOf(c, StringComparison.Ordinal);
            if (candidate >= 0) counts[candidate]++;
        }
        return counts;
    }
}
