namespace Terrace.Stan.Syntax;

/// <summary>The kinds of tokens.</summary>
internal enum TokenKind
{
    /// <summary>A name or a word of the language.</summary>
    Identifier,

    /// <summary>Digits.</summary>
    Integer,

    /// <summary>Digits with a point or an exponent.</summary>
    Real,

    /// <summary>A number followed by i.</summary>
    Imaginary,

    /// <summary>Text in double quotes.</summary>
    Text,

    /// <summary>An operator or bracket.</summary>
    Symbol,

    /// <summary>The end of the program.</summary>
    End,
}

/// <summary>A token: its kind, its characters and its place.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, Span Span)
{
    /// <summary>Whether this is the operator, bracket or word.</summary>
    public bool Is(string text) => Kind is TokenKind.Symbol or TokenKind.Identifier && Text == text;

    /// <summary>How a message names the token.</summary>
    public string Described => Kind == TokenKind.End ? "the end of the program" : $"`{Text}`";
}

/// <summary>A comment, kept for the formatter; also an <c>#include</c> line that is not followed.</summary>
/// <param name="Text">The text with its markers.</param>
/// <param name="Span">Its place.</param>
/// <param name="OwnLine">Whether nothing precedes it on its line.</param>
internal readonly record struct Comment(string Text, Span Span, bool OwnLine);
