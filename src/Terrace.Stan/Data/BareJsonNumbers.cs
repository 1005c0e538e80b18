namespace Terrace.Stan.Data;

/// <summary>
/// JSON has no word for NaN and the infinities, but Python writes <c>NaN</c> and <c>Infinity</c> without quotes. Here such words become strings of the same length, <c>"N"</c>, <c>"I"</c> and <c>"-I"</c> with
/// spaces behind, so that places in the text stay what they are.
/// </summary>
internal static class BareJsonNumbers
{
    /// <summary>Rewrites the bytes in place.</summary>
    public static void Quote(Span<byte> json)
    {
        for (int i = 0; i < json.Length; i++)
        {
            if (json[i] == '"') i = EndOfString(json, i);
            else if (json[i] is (byte)'N' or (byte)'I' && (i == 0 || !char.IsAsciiLetterOrDigit((char)json[i - 1]))) i = Word(json, i);
        }
    }

    private static int EndOfString(ReadOnlySpan<byte> json, int start)
    {
        int i = start + 1;
        while (i < json.Length && json[i] != '"') i += json[i] == '\\' ? 2 : 1;
        return i;
    }

    private static int Word(Span<byte> json, int start)
    {
        int end = start;
        while (end < json.Length && char.IsAsciiLetterOrDigit((char)json[end])) end++;
        ReadOnlySpan<byte> word = json[start..end];
        bool nan = word.SequenceEqual("NaN"u8);
        if (!nan && !word.SequenceEqual("Infinity"u8) && !word.SequenceEqual("Inf"u8)) return end - 1;
        bool negative = !nan && start > 0 && json[start - 1] == '-';
        int from = negative ? start - 1 : start;
        json[from..end].Fill((byte)' ');
        ReadOnlySpan<byte> text = nan ? "\"N\""u8 : negative ? "\"-I\""u8 : "\"I\""u8;
        text.CopyTo(json[from..]);
        return end - 1;
    }
}
