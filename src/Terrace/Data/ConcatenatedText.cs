namespace Terrace.Data;

/// <summary>Some text and then what another reader still has.</summary>
internal sealed class ConcatenatedText(string first, TextReader rest) : TextReader
{
    private int _place;

    /// <inheritdoc/>
    public override int Peek() => _place < first.Length ? first[_place] : rest.Peek();

    /// <inheritdoc/>
    public override int Read() => _place < first.Length ? first[_place++] : rest.Read();

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override int Read(Span<char> buffer)
    {
        if (_place == first.Length) return rest.Read(buffer);
        int count = Math.Min(buffer.Length, first.Length - _place);
        first.AsSpan(_place, count).CopyTo(buffer);
        _place += count;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) rest.Dispose();
        base.Dispose(disposing);
    }
}
