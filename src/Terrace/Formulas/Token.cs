namespace Terrace.Formulas;

/// <summary>The kinds of token.</summary>
internal enum TokenKind
{
    Number,
    Text,
    Name,
    Operator,
    OpenParenthesis,
    CloseParenthesis,
    Comma,
    End,
}

/// <summary>One word of a formula: its kind, its text (of a string or a backticked name without the marks) and where it starts.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Position, bool IsQuoted = false);
