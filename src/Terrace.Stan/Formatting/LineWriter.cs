using System.Text;

namespace Terrace.Stan.Formatting;

/// <summary>
/// Collects the pieces of one statement and lays them out in lines of at most 80 columns. A line that is too long is broken at the least nested and loosest binding place, the last of these;
/// what follows is aligned behind the innermost open bracket.
/// </summary>
internal sealed class LineWriter
{
    /// <summary>The width of a line.</summary>
    public const int Width = 80;

    /// <summary>Rank of a place where a line is broken only if there is no other.</summary>
    public const int LastResort = 90;

    private const int RanksPerBracket = 100, DeepestAlignment = 50, Continuation = 4;
    private readonly List<Piece> _pieces = [];
    private int _depth;
    private bool _newline, _space;

    private enum Kind { Glued, Break, Newline }

    /// <summary>Whether nothing was written yet.</summary>
    public bool IsEmpty => _pieces.Count == 0;

    /// <summary>Adds text that stays with what precedes it.</summary>
    public LineWriter Text(string text) => Add(new Piece(text, Kind.Glued, 0, 0, 0));

    /// <summary>Adds text before which the line may be broken.</summary>
    /// <param name="text">The text.</param>
    /// <param name="rank">How tightly what is around binds: the line is rather broken at a low rank.</param>
    public LineWriter Breakable(string text, int rank) => Add(new Piece(text, Kind.Break, (_depth * RanksPerBracket) + rank, 0, 0));

    /// <summary>Adds an opening bracket.</summary>
    public LineWriter Open(string bracket)
    {
        _depth++;
        return Add(new Piece(bracket, Kind.Glued, 0, 1, 0));
    }

    /// <summary>Adds a closing bracket.</summary>
    public LineWriter Close(string bracket)
    {
        _depth--;
        return Add(new Piece(bracket, Kind.Glued, 0, 0, 1));
    }

    /// <summary>Adds a comment within the statement.</summary>
    public void Comment(string text, bool ownLine, bool endsLine)
    {
        if (ownLine) _newline = true;
        string lead = _pieces.Count > 0 && !_newline && !_pieces[^1].Text.EndsWith(' ') && _pieces[^1].Opens == 0 ? " " : "";
        Add(new Piece(lead + text, Kind.Glued, 0, 0, 0));
        if (endsLine) _newline = true;
        else _space = true;
    }

    private LineWriter Add(Piece piece)
    {
        if (_newline) piece = piece with { Text = piece.Text.TrimStart(' '), Kind = Kind.Newline };
        else if (_space && !piece.Text.StartsWith(' ') && piece.Closes == 0) piece = piece with { Text = " " + piece.Text };
        _newline = _space = false;
        _pieces.Add(piece);
        return this;
    }

    /// <summary>The width of all in one line, or more than any line if it holds a forced break.</summary>
    public int FlatWidth => _pieces.Exists(piece => piece.Kind == Kind.Newline) ? int.MaxValue / 2 : _pieces.Sum(piece => piece.Text.Length);

    /// <summary>Writes the lines, the first after <paramref name="indent"/> spaces, without a newline at the end.</summary>
    /// <param name="to">Takes the text.</param>
    /// <param name="indent">The statement's indentation.</param>
    /// <param name="column">Columns of the first line that are taken already.</param>
    public void WriteTo(StringBuilder to, int indent, int column)
    {
        var brackets = new Stack<int>();
        int first = 0, indentation = column;
        while (first < _pieces.Count)
        {
            int end = LineEnd(first, column);
            for (int i = first; i < end; i++)
            {
                string text = i == first && first > 0 ? _pieces[i].Text.TrimStart(' ') : _pieces[i].Text;
                if (i == end - 1 && end < _pieces.Count) text = text.TrimEnd(' ');
                to.Append(text);
                int newline = text.LastIndexOf('\n');
                column = newline < 0 ? column + text.Length : text.Length - newline - 1;
                for (int k = 0; k < _pieces[i].Opens; k++) brackets.Push(column);
                for (int k = 0; k < _pieces[i].Closes && brackets.Count > 0; k++) brackets.Pop();
            }
            first = end;
            if (first >= _pieces.Count) break;
            indentation = brackets.Count > 0 && brackets.Peek() <= DeepestAlignment ? brackets.Peek() : indent + Continuation;
            to.Append('\n').Append(' ', indentation);
            column = indentation;
        }
    }

    /// <summary>The piece before which the line that starts with <paramref name="first"/> ends.</summary>
    private int LineEnd(int first, int column)
    {
        int best = -1, bestRank = int.MaxValue, early = -1, start = column;
        for (int i = first; i < _pieces.Count; i++)
        {
            Piece piece = _pieces[i];
            if (i > first && piece.Kind == Kind.Newline) return i;
            int width = (i == first && first > 0 ? piece.Text.TrimStart(' ') : piece.Text).Length;
            if (i > first && piece.Kind == Kind.Break)
            {
                // A break that leaves the line less than a third full helps little.
                bool filled = column >= start + ((Width - start) / 3);
                if (!filled) early = i;
                else if (piece.Rank <= bestRank) (best, bestRank) = (i, piece.Rank);
            }
            column += width;
            bool glued = i + 1 < _pieces.Count && _pieces[i + 1].Kind == Kind.Glued;
            if (column <= Width || (glued && best < 0 && early < 0)) continue;
            int chosen = best >= 0 ? best : early;
            if (chosen >= 0) return chosen;
        }
        return _pieces.Count;
    }

    private readonly record struct Piece(string Text, Kind Kind, int Rank, int Opens, int Closes);
}
