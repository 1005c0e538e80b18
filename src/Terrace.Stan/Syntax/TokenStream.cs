using Terrace.Stan.Diagnostics;

namespace Terrace.Stan.Syntax;

/// <summary>The tokens with a place among them.</summary>
internal sealed class TokenStream(List<Token> tokens, DiagnosticBag diagnostics)
{
    private int _at;

    /// <summary>The token that comes now.</summary>
    public Token Current => tokens[_at];

    /// <summary>The one after it.</summary>
    public Token Next => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    /// <summary>The one after that.</summary>
    public Token AfterNext => tokens[Math.Min(_at + 2, tokens.Count - 1)];

    /// <summary>The one before, or the current one at the start.</summary>
    public Token Previous => tokens[Math.Max(0, _at - 1)];

    /// <summary>The place, to tell whether something was read.</summary>
    public int Position => _at;

    /// <summary>Goes on by one token.</summary>
    public void Advance()
    {
        if (_at < tokens.Count - 1) _at++;
    }

    /// <summary>Takes the symbol or word if it comes now.</summary>
    public bool Take(string text)
    {
        if (!Current.Is(text)) return false;
        Advance();
        return true;
    }

    /// <summary>Takes the symbol or reports that it is missing, in words.</summary>
    public Token Expect(string text, string expected)
    {
        Token token = Current;
        if (token.Is(text))
        {
            Advance();
            return token;
        }
        diagnostics.Error("syntax", $"found {token.Described}, but expected {expected}", token.Span);
        throw new ParseFaultException();
    }

    /// <summary>Takes a semicolon; where it is missing says so behind the token before, where it belongs.</summary>
    public void ExpectSemicolon(string after)
    {
        if (Take(";")) return;
        Span end = Previous.Span;
        diagnostics.Error("missing-semicolon", $"expected a `;` after {after}, found {Current.Described}", new Span(end.Source, Math.Max(end.Start, end.End - 1), end.End), Hint());
        throw new ParseFaultException();
    }

    private string? Hint() => Current.Kind == TokenKind.Identifier && Next.Kind == TokenKind.Identifier ? "if what follows is a comment, it needs `//` in front" : null;
}

/// <summary>Leaves a construct that cannot be read; the fault is reported already.</summary>
internal sealed class ParseFaultException : Exception;
