using System.Text;

namespace Terrace.Formulas;

/// <summary>Splits the text of a formula or expression into tokens by R's lexical rules.</summary>
internal sealed class Scanner
{
    private static readonly string[] Operators = ["==", "!=", "<=", ">=", "&&", "||", "**", "+", "-", "*", "/", "^", ":", "~", "<", ">", "!", "&", "|", "="];

    private readonly string _text;
    private int _next;

    private Scanner(string text) => _text = text;

    /// <summary>All tokens of <paramref name="text"/>, the last of kind <see cref="TokenKind.End"/>.</summary>
    /// <exception cref="FormulaException">A character that starts no token, or an unclosed string.</exception>
    public static List<Token> Scan(string text)
    {
        var scanner = new Scanner(text);
        var tokens = new List<Token>();
        do tokens.Add(scanner.Next());
        while (tokens[^1].Kind != TokenKind.End);
        return tokens;
    }

    private Token Next()
    {
        while (_next < _text.Length && char.IsWhiteSpace(_text[_next])) _next++;
        if (_next >= _text.Length) return new Token(TokenKind.End, "", _text.Length);
        char c = _text[_next];
        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1)))) return Number();
        if (char.IsLetter(c) || c == '.') return Name();
        return c switch
        {
            '"' or '\'' => Quoted(TokenKind.Text, c),
            '`' => Quoted(TokenKind.Name, c),
            '(' => Single(TokenKind.OpenParenthesis),
            ')' => Single(TokenKind.CloseParenthesis),
            ',' => Single(TokenKind.Comma),
            '%' => PercentOperator(),
            _ => Operator(),
        };
    }

    private char Peek(int ahead) => _next + ahead < _text.Length ? _text[_next + ahead] : '\0';

    private FormulaException Fault(string problem, int position) => new(problem, _text, position);

    private Token Single(TokenKind kind) => new(kind, _text[_next].ToString(), _next++);

    private Token Operator()
    {
        foreach (string symbol in Operators)
        {
            if (string.CompareOrdinal(_text, _next, symbol, 0, symbol.Length) != 0) continue;
            var token = new Token(TokenKind.Operator, symbol == "**" ? "^" : symbol, _next);
            _next += symbol.Length;
            return token;
        }
        throw Fault($"'{Printable(_text[_next])}' has no meaning in a formula; put an unusual name in backticks, as in `my name`.", _next);
    }

    private static string Printable(char c) => char.IsControl(c) || char.IsSurrogate(c) ? $"\\u{(int)c:x4}" : c.ToString();

    private Token PercentOperator()
    {
        int start = _next;
        int end = _text.IndexOf('%', start + 1);
        string symbol = end < 0 ? "%" : _text[start..(end + 1)];
        if (symbol is not ("%%" or "%/%" or "%in%")) throw Fault("Only the operators %in%, %% and %/% are known.", start);
        _next = end + 1;
        return new Token(TokenKind.Operator, symbol, start);
    }

    private Token Name()
    {
        int start = _next;
        while (_next < _text.Length && (char.IsLetterOrDigit(_text[_next]) || _text[_next] is '.' or '_')) _next++;
        return new Token(TokenKind.Name, _text[start.._next], start);
    }

    private Token Number()
    {
        int start = _next;
        SkipDigits();
        if (Peek(0) == '.')
        {
            _next++;
            SkipDigits();
        }
        if (Peek(0) is 'e' or 'E') SkipExponent(start);
        string digits = _text[start.._next];
        if (Peek(0) == 'L') _next++;
        if (_next < _text.Length && (char.IsLetterOrDigit(_text[_next]) || _text[_next] is '.' or '_'))
            throw Fault("A number runs into a name here; put a blank or an operator between them, or the name in backticks.", _next);
        return new Token(TokenKind.Number, digits, start);
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Peek(0))) _next++;
    }

    private void SkipExponent(int start)
    {
        _next++;
        if (Peek(0) is '+' or '-') _next++;
        if (!char.IsAsciiDigit(Peek(0))) throw Fault("The exponent of this number has no digits.", start);
        SkipDigits();
    }

    private Token Quoted(TokenKind kind, char mark)
    {
        int start = _next++;
        var value = new StringBuilder();
        while (_next < _text.Length && _text[_next] != mark) value.Append(_text[_next] == '\\' ? Escape() : _text[_next++]);
        if (_next >= _text.Length) throw Fault($"The {(mark == '`' ? "backtick" : "quotation mark")} that opens here is never closed.", start);
        _next++;
        if (kind == TokenKind.Name && value.Length == 0) throw Fault("A name cannot be empty.", start);
        return new Token(kind, value.ToString(), start, IsQuoted: true);
    }

    private char Escape()
    {
        char c = Peek(1);
        char? meant = c switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '\\' or '"' or '\'' or '`' => c, _ => null };
        if (meant is null) throw Fault("After a backslash in a text only n, t, r, a quotation mark or another backslash may stand.", _next);
        _next += 2;
        return meant.Value;
    }
}
