namespace Terrace.Stan.Syntax;

/// <summary>The text of a program or of a file that it includes, with its lines.</summary>
public sealed class SourceText
{
    private readonly int[] _lineStarts;

    /// <summary>Takes a text and the name that messages give it.</summary>
    public SourceText(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        Text = text;
        Name = name;
        List<int> starts = [0];
        for (int i = 0; i < text.Length; i++) if (text[i] == '\n') starts.Add(i + 1);
        _lineStarts = [.. starts];
    }

    /// <summary>The characters.</summary>
    public string Text { get; }

    /// <summary>The file's name, or what stands for it.</summary>
    public string Name { get; }

    /// <summary>Line and column, both from 1, of a position.</summary>
    public (int Line, int Column) Place(int position)
    {
        int line = Array.BinarySearch(_lineStarts, position);
        if (line < 0) line = ~line - 1;
        return (line + 1, position - _lineStarts[line] + 1);
    }

    /// <summary>A line's text, from 1, without its end.</summary>
    public string Line(int line)
    {
        int start = _lineStarts[line - 1], end = line < _lineStarts.Length ? _lineStarts[line] : Text.Length;
        return Text[start..end].TrimEnd('\r', '\n');
    }
}

/// <summary>A stretch of source text.</summary>
/// <param name="Source">The text.</param>
/// <param name="Start">The first character.</param>
/// <param name="End">Behind the last character.</param>
public readonly record struct Span(SourceText Source, int Start, int End)
{
    /// <summary>The line, from 1.</summary>
    public int Line => Source.Place(Start).Line;

    /// <summary>The column, from 1.</summary>
    public int Column => Source.Place(Start).Column;

    /// <summary>From the start of this to the end of <paramref name="other"/>; this alone when they lie in different files.</summary>
    public Span To(Span other) => ReferenceEquals(Source, other.Source) && other.End >= Start ? new Span(Source, Start, other.End) : this;

    /// <summary>The characters.</summary>
    public override string ToString() => Source.Text[Start..End];
}
