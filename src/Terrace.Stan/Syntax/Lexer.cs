using Terrace.Stan.Diagnostics;

namespace Terrace.Stan.Syntax;

/// <summary>Cuts a program into tokens, both of today's syntax and of that before 2.33 (<c>&lt;-</c>, <c>#</c> comments), and follows <c>#include</c>.</summary>
internal sealed class Lexer(SourceText source, DiagnosticBag diagnostics, IIncludeResolver? includes, bool keepIncludes = false)
{
    private static readonly string[] Symbols =
    [
        ".*=", "./=", "%/%", "<-", "+=", "-=", "*=", "/=", "==", "!=", "<=", ">=", "&&", "||", ".*", "./", ".^",
        "{", "}", "(", ")", "[", "]", "<", ">", ",", ";", "|", "~", "+", "-", "*", "/", "%", "\\", "^", "'", "!", "=", ":", "?", ".",
    ];

    private readonly string _text = source.Text;
    private readonly List<Token> _tokens = [];
    private int _at;

    /// <summary>The comments, in the order of the text.</summary>
    public List<Comment> Comments { get; } = [];

    /// <summary>All tokens, closed by one of kind <see cref="TokenKind.End"/>.</summary>
    public List<Token> Run(int depth = 0)
    {
        while (_at < _text.Length)
        {
            char c = _text[_at];
            if (char.IsWhiteSpace(c)) _at++;
            else if (c == '#') HashLine(depth);
            else if (Starts("//")) LineComment();
            else if (Starts("/*")) BlockComment();
            else if (char.IsAsciiLetter(c) || c == '_') Word();
            else if (char.IsAsciiDigit(c) || (c == '.' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1]) && !AfterValue())) Number();
            else if (c == '"') Quoted();
            else Operator();
        }
        if (depth == 0) _tokens.Add(new Token(TokenKind.End, "", new Span(source, _text.Length, _text.Length)));
        return _tokens;
    }

    private bool Starts(string text) => string.CompareOrdinal(_text, _at, text, 0, text.Length) == 0;

    private void Add(TokenKind kind, int start) => _tokens.Add(new Token(kind, string.Intern(_text[start.._at]), new Span(source, start, _at)));

    /// <summary>A point directly behind a value selects from a tuple: <c>t.1</c>.</summary>
    private bool AfterValue() => _tokens.Count > 0 && _tokens[^1].Span.End == _at && ReferenceEquals(_tokens[^1].Span.Source, source) && _tokens[^1] is { Kind: TokenKind.Identifier } or { Text: ")" or "]" };

    private bool OwnLine(int start)
    {
        for (int i = start - 1; i >= 0 && _text[i] != '\n'; i--) if (!char.IsWhiteSpace(_text[i])) return false;
        return true;
    }

    private int LineEnd()
    {
        int end = _text.IndexOf('\n', _at);
        return end < 0 ? _text.Length : end;
    }

    private void LineComment()
    {
        int start = _at;
        _at = LineEnd();
        Comments.Add(new Comment(_text[start.._at].TrimEnd(), new Span(source, start, _at), OwnLine(start)));
    }

    private void BlockComment()
    {
        int start = _at, end = _text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            diagnostics.Error("unclosed-comment", "this comment is never closed", new Span(source, start, start + 2), "close it with `*/`");
            end = _text.Length - 2;
        }
        _at = Math.Max(start + 2, end + 2);
        Comments.Add(new Comment(_text[start.._at], new Span(source, start, _at), OwnLine(start)));
    }

    private void HashLine(int depth)
    {
        int start = _at, end = LineEnd();
        string line = _text[start..end].TrimEnd();
        _at = end;
        if (line.StartsWith("#include", StringComparison.Ordinal))
        {
            if (keepIncludes) Comments.Add(new Comment(line, new Span(source, start, end), true));
            else Include(line["#include".Length..].Trim().Trim('"', '<', '>').Trim(), new Span(source, start, start + line.Length), depth);
            return;
        }
        diagnostics.Deprecate("hash-comment", "comments that start with `#` are an old form", new Span(source, start, start + 1), "write `//`");
        Comments.Add(new Comment("//" + line[1..], new Span(source, start, end), OwnLine(start)));
    }

    private void Include(string name, Span span, int depth)
    {
        if (depth > 20)
        {
            diagnostics.Error("include-depth", $"files include one another more than 20 deep, at `{name}`", span, "a file must not include itself");
            return;
        }
        SourceText? included = includes?.Read(name);
        if (included is null)
        {
            diagnostics.Error("include-missing", $"the included file `{name}` was not found", span, includes is null ? "give the folder of included files" : $"searched: {includes.Searched}");
            return;
        }
        var lexer = new Lexer(included, diagnostics, includes);
        _tokens.AddRange(lexer.Run(depth + 1));
    }

    private void Word()
    {
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_')) _at++;
        Add(TokenKind.Identifier, start);
    }

    private void Digits()
    {
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || (_text[_at] == '_' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1])))) _at++;
    }

    /// <summary>A point behind digits belongs to them, as in Stan: <c>2.*x</c> is <c>2.</c> times <c>x</c>.</summary>
    private void Number()
    {
        int start = _at;
        if (AfterSelector()) { Digits(); Add(TokenKind.Integer, start); return; }
        Digits();
        bool real = false;
        if (_at < _text.Length && _text[_at] == '.')
        {
            real = true;
            _at++;
            Digits();
        }
        if (_at < _text.Length && _text[_at] is 'e' or 'E')
        {
            int next = _at + 1;
            if (next < _text.Length && _text[next] is '+' or '-') next++;
            if (next < _text.Length && char.IsAsciiDigit(_text[next])) { real = true; _at = next; Digits(); }
        }
        if (_at < _text.Length && _text[_at] == 'i' && (_at + 1 == _text.Length || !char.IsAsciiLetterOrDigit(_text[_at + 1])))
        {
            _at++;
            Add(TokenKind.Imaginary, start);
            return;
        }
        Add(real ? TokenKind.Real : TokenKind.Integer, start);
    }

    private bool AfterSelector() => _tokens.Count > 0 && _tokens[^1].Text == "." && _tokens[^1].Span.End == _at;

    private void Quoted()
    {
        int start = _at++;
        while (_at < _text.Length && _text[_at] is not '"' and not '\n') _at++;
        if (_at >= _text.Length || _text[_at] == '\n') diagnostics.Error("unclosed-text", "this text is never closed", new Span(source, start, _at), "close it with `\"` on the same line");
        else _at++;
        Add(TokenKind.Text, start);
    }

    private void Operator()
    {
        int start = _at;
        foreach (string symbol in Symbols)
        {
            if (!Starts(symbol)) continue;
            _at += symbol.Length;
            Add(TokenKind.Symbol, start);
            return;
        }
        if (char.IsHighSurrogate(_text[_at]) && _at + 1 < _text.Length) _at++;
        _at++;
        diagnostics.Error("strange-character", $"the character `{_text[start.._at]}` has no meaning in a Stan program", new Span(source, start, _at), "use plain ASCII outside comments");
    }
}

/// <summary>Finds the files that <c>#include</c> names.</summary>
public interface IIncludeResolver
{
    /// <summary>The file's text, or null if there is none.</summary>
    SourceText? Read(string name);

    /// <summary>Where was looked, for the message.</summary>
    string Searched { get; }
}
