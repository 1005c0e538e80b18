namespace Terrace.Data;

/// <summary>Decides whether a field stands for a missing value, without hashing fields whose length no token has.</summary>
internal sealed class MissingTokens
{
    private readonly string[] _tokens;
    private readonly bool[] _lengths;

    public MissingTokens(IEnumerable<string> tokens)
    {
        _tokens = [.. tokens.Select(token => token.Trim()).Distinct(StringComparer.Ordinal)];
        _lengths = new bool[_tokens.Select(token => token.Length).DefaultIfEmpty(0).Max() + 1];
        foreach (string token in _tokens) _lengths[token.Length] = true;
    }

    /// <summary>Whether <paramref name="field"/>, blanks around it aside, is one of the tokens.</summary>
    public bool Contains(ReadOnlySpan<char> field)
    {
        ReadOnlySpan<char> trimmed = field.Trim();
        if (trimmed.Length >= _lengths.Length || !_lengths[trimmed.Length]) return false;
        foreach (string token in _tokens)
        {
            if (trimmed.SequenceEqual(token)) return true;
        }
        return false;
    }
}
