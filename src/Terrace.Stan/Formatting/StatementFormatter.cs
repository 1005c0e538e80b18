using System.Runtime.CompilerServices;
using System.Text;
using Terrace.Stan.Syntax;

namespace Terrace.Stan.Formatting;

/// <summary>Prints statements, one a line; a single statement behind <c>if</c> or a loop stays on its line if it was there and fits.</summary>
internal sealed class StatementFormatter
{
    private const int Step = 2;
    private readonly StringBuilder _text;
    private readonly CommentPlacement _comments;
    private readonly ExpressionFormatter _expressions;
    private readonly TypeFormatter _types;

    /// <summary>Appends to <paramref name="text"/>.</summary>
    public StatementFormatter(StringBuilder text, CommentPlacement comments, bool oldArrays)
    {
        _text = text;
        _comments = comments;
        _expressions = new ExpressionFormatter(comments);
        _types = new TypeFormatter(_expressions, oldArrays);
    }

    /// <summary>The statements of a block whose closing brace stands at <paramref name="close"/>.</summary>
    public void Statements(IReadOnlyList<StatementSyntax> statements, int indent, int close)
    {
        bool first = true;
        foreach (StatementSyntax statement in statements)
        {
            if (statement is EmptySyntax) continue;
            StartLine(statement.Span.Start, indent, ref first);
            Statement(statement, indent, new LineWriter(), indent);
            EndLine(statement.Span.End, indent);
        }
        OwnLines(close, indent, ref first);
    }

    /// <summary>Comments before a place, each on a line.</summary>
    public void OwnLines(int position, int indent, ref bool first)
    {
        int end = -1;
        while (_comments.TakeBefore(position, out Comment comment))
        {
            if (end >= 0 && !comment.OwnLine && _comments.OnOneLine(end, comment.Span.Start))
            {
                _text.Length--;
                _text.Append(' ');
            }
            else
            {
                if (!first && _comments.BlankLineAbove(comment.Span.Start)) _text.Append('\n');
                _text.Append(' ', indent);
            }
            first = false;
            end = comment.Span.End;
            _text.Append(comment.Text.ReplaceLineEndings("\n")).Append('\n');
        }
    }

    /// <summary>The comments and the blank line before a statement, and its indentation.</summary>
    public void StartLine(int position, int indent, ref bool first)
    {
        OwnLines(position, indent, ref first);
        if (!first && _comments.BlankLineAbove(position)) _text.Append('\n');
        _text.Append(' ', indent);
        first = false;
    }

    /// <summary>The comments that trail behind a statement, and the end of its line.</summary>
    public void EndLine(int end, int indent)
    {
        bool closed = false;
        while (_comments.TakeBefore(end, out Comment comment) || _comments.TakeTrailing(ref end, out comment)) Trail(comment, indent, ref closed);
        _text.Append('\n');
    }

    private void Trail(Comment comment, int indent, ref bool closed)
    {
        if (closed) _text.Append('\n').Append(' ', indent);
        else _text.Append(' ');
        _text.Append(comment.Text.ReplaceLineEndings("\n"));
        closed = !comment.Text.StartsWith("/*", StringComparison.Ordinal);
    }

    /// <summary>Braces behind a head that is written already.</summary>
    /// <param name="open">Where the opening brace stands.</param>
    /// <param name="close">Where the closing one stands.</param>
    /// <param name="indent">The head's indentation.</param>
    /// <param name="write">Writes what is within, given its indentation and <paramref name="close"/>.</param>
    public void Braces(int open, int close, int indent, Action<int, int> write)
    {
        _text.Append(_text.Length == 0 || _text[^1] is ' ' or '\n' ? "{" : " {");
        bool closed = false;
        while (_comments.TakeSameLineBefore(open, out Comment before)) Trail(before, indent + Step, ref closed);
        int end = open + 1;
        while (_comments.TakeTrailing(ref end, out Comment after)) Trail(after, indent + Step, ref closed);
        _text.Append('\n');
        write(indent + Step, close);
        _text.Append(' ', indent).Append('}');
    }

    /// <summary>A function.</summary>
    public void Function(FunctionSyntax function, int indent)
    {
        var line = new LineWriter();
        _types.Signature(function, line);
        if (function.Body is null) line.Text(";").WriteTo(_text, indent, indent);
        else Body(function.Body, indent, line, indent, false);
    }

    private void Statement(StatementSyntax statement, int indent, LineWriter line, int column)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (statement)
        {
            case IfSyntax s: If(s, indent, line, column); break;
            case ForSyntax s:
                line.Text("for ").Open("(");
                _expressions.Write(s.Variable, line);
                line.Text(" in ");
                if (s.Upper is null) _expressions.Write(s.Lower, line);
                else _expressions.Range(s.Lower, s.Upper, line);
                Body(s.Body, indent, line.Close(")"), column, _comments.OnOneLine(s.Span.Start, s.Body.Span.Start));
                break;
            case WhileSyntax s:
                line.Text("while ").Open("(");
                _expressions.Write(s.Condition, line);
                Body(s.Body, indent, line.Close(")"), column, _comments.OnOneLine(s.Span.Start, s.Body.Span.Start));
                break;
            case BlockSyntax s:
                if (s.Profile is not null) line.Text($"profile({s.Profile})");
                line.WriteTo(_text, indent, column);
                Block(s, indent);
                break;
            default: Simple(statement)!.WriteTo(_text, indent, column); break;
        }
    }

    private void Block(BlockSyntax block, int indent) => Braces(block.Span.Start, block.Span.End - 1, indent, (inner, close) => Statements(block.Statements, inner, close));

    private void If(IfSyntax s, int indent, LineWriter line, int column)
    {
        line.Text("if ").Open("(");
        _expressions.Write(s.Condition, line);
        Body(s.Then, indent, line.Close(")"), column, _comments.OnOneLine(s.Span.Start, s.Then.Span.Start));
        if (s.Else is null) return;
        column = indent;
        int end = s.Then.Span.End, start = s.Else.Span.Start;
        bool braced = s.Then is BlockSyntax;
        if (braced && !_comments.AnyBefore(start))
        {
            _text.Append(' ');
            column = indent + 2;
        }
        else
        {
            EndLine(end, indent);
            bool first = true;
            OwnLines(start, indent, ref first);
            _text.Append(' ', indent);
        }
        var next = new LineWriter();
        if (s.Else is IfSyntax) Statement(s.Else, indent, next.Text("else "), column);
        else Body(s.Else, indent, next.Text("else"), column, _comments.FollowsElse(start));
    }

    /// <summary>What a head governs, behind the head.</summary>
    private void Body(StatementSyntax body, int indent, LineWriter head, int column, bool sameLine)
    {
        if (body is BlockSyntax { Profile: null } block)
        {
            head.WriteTo(_text, indent, column);
            Block(block, indent);
            return;
        }
        bool comments = _comments.AnyBefore(body.Span.Start);
        LineWriter? simple = comments ? null : Simple(body);
        head.WriteTo(_text, indent, column);
        if (simple is not null && sameLine && column + head.FlatWidth + 1 + simple.FlatWidth <= LineWriter.Width)
        {
            _text.Append(' ');
            simple.WriteTo(_text, indent, column + head.FlatWidth + 1);
            return;
        }
        bool closed = false, first = true;
        while (_comments.TakeSameLineBefore(body.Span.Start, out Comment comment)) Trail(comment, indent + Step, ref closed);
        _text.Append('\n');
        OwnLines(body.Span.Start, indent + Step, ref first);
        _text.Append(' ', indent + Step);
        if (simple is not null) simple.WriteTo(_text, indent + Step, indent + Step);
        else Statement(body, indent + Step, new LineWriter(), indent + Step);
    }

    /// <summary>A statement that holds no other; null for one that does.</summary>
    private LineWriter? Simple(StatementSyntax statement)
    {
        var line = new LineWriter();
        switch (statement)
        {
            case DeclarationSyntax s: _types.Declaration([s], line); break;
            case DeclarationListSyntax s: _types.Declaration(s.Declarations, line); break;
            case AssignmentSyntax s:
                _expressions.Write(s.Target, line);
                line.Text(" " + s.Operator).Breakable(" ", LineWriter.LastResort);
                _expressions.Write(s.Value, line);
                break;
            case TargetSyntax s:
                line.Text(s.Jacobian ? "jacobian +=" : "target +=").Breakable(" ", LineWriter.LastResort);
                _expressions.Write(s.Value, line);
                break;
            case TildeSyntax s: Tilde(s, line); break;
            case CallStatementSyntax s: _expressions.Write(s.Call, line); break;
            case ReturnSyntax s:
                line.Text("return");
                if (s.Value is null) break;
                line.Text(" ");
                _expressions.Write(s.Value, line);
                break;
            case BreakSyntax: line.Text("break"); break;
            case ContinueSyntax: line.Text("continue"); break;
            case EmptySyntax: break;
            default: return null;
        }
        return line.Text(";");
    }

    private void Tilde(TildeSyntax s, LineWriter line)
    {
        _expressions.Write(s.Outcome, line);
        line.Text(" ~ ");
        _expressions.Write(s.Distribution, line);
        _expressions.Arguments(s.Arguments, line);
        if (s.Truncation is not { } truncation) return;
        line.Text(" T").Open("[");
        if (truncation.Lower is not null) _expressions.Write(truncation.Lower, line);
        line.Text(",");
        if (truncation.Upper is not null)
        {
            line.Breakable(" ", 0);
            _expressions.Write(truncation.Upper, line);
        }
        line.Close("]");
    }
}
