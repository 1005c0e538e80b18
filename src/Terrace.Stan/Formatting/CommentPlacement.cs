using Terrace.Stan.Syntax;

namespace Terrace.Stan.Formatting;

/// <summary>
/// Hands the comments of a program out in the order of its text: those that stand before a place, and those that trail behind what ends at a place. Each is handed out once, so that none is lost or doubled.
/// </summary>
internal sealed class CommentPlacement(SourceText source, IReadOnlyList<Comment> comments)
{
    private readonly string _text = source.Text;
    private int _next;

    /// <summary>Takes the next comment if it starts before a position.</summary>
    public bool TakeBefore(int position, out Comment comment)
    {
        comment = _next < comments.Count ? comments[_next] : default;
        if (_next >= comments.Count || comment.Span.Start >= position) return false;
        _next++;
        return true;
    }

    /// <summary>Whether a comment starts before a position that is not handed out yet.</summary>
    public bool AnyBefore(int position) => _next < comments.Count && comments[_next].Span.Start < position;

    /// <summary>Takes the next comment if only blanks, semicolons and closing round brackets lie between <paramref name="end"/> and it, on the same line.</summary>
    public bool TakeTrailing(ref int end, out Comment comment)
    {
        comment = _next < comments.Count ? comments[_next] : default;
        if (_next >= comments.Count || comment.OwnLine || comment.Span.Start < end) return false;
        for (int i = end; i < comment.Span.Start; i++) if (_text[i] is not (' ' or '\t' or ';' or ')' or '\r' or ',')) return false;
        end = comment.Span.End;
        _next++;
        return true;
    }

    /// <summary>Takes the next comment if it starts before a position and shares its line with what precedes it.</summary>
    public bool TakeSameLineBefore(int position, out Comment comment)
    {
        comment = _next < comments.Count ? comments[_next] : default;
        return _next < comments.Count && !comment.OwnLine && TakeBefore(position, out comment);
    }

    /// <summary>Whether the line above that of a position is blank.</summary>
    public bool BlankLineAbove(int position)
    {
        int lineStart = _text.LastIndexOf('\n', Math.Max(0, position - 1), Math.Max(0, position));
        if (lineStart <= 0) return false;
        for (int i = lineStart + 1; i < position; i++) if (!char.IsWhiteSpace(_text[i])) return false;
        for (int i = lineStart - 1; i >= 0; i--)
        {
            if (_text[i] == '\n') return true;
            if (!char.IsWhiteSpace(_text[i])) return false;
        }
        return false;
    }

    /// <summary>Whether two positions lie on one line.</summary>
    public bool OnOneLine(int first, int second) => first <= second && second <= _text.Length && _text.IndexOf('\n', first, second - first) < 0;

    /// <summary>Whether the word before a position, on its line, is <c>else</c>.</summary>
    public bool FollowsElse(int position)
    {
        int end = position;
        while (end > 0 && (_text[end - 1] is ' ' or '\t')) end--;
        return end >= 4 && string.CompareOrdinal(_text, end - 4, "else", 0, 4) == 0;
    }

    /// <summary>The first position from <paramref name="position"/> that is no blank, semicolon or comment.</summary>
    public int SkipTrivia(int position)
    {
        while (position < _text.Length)
        {
            int comment = At(position);
            if (comment >= 0) position = comments[comment].Span.End;
            else if (char.IsWhiteSpace(_text[position]) || _text[position] == ';') position++;
            else break;
        }
        return position;
    }

    private int At(int position)
    {
        int low = 0, high = comments.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2, start = comments[middle].Span.Start;
            if (start == position) return middle;
            if (start < position) low = middle + 1;
            else high = middle - 1;
        }
        return -1;
    }
}
