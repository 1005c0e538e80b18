using System.Globalization;

namespace Terrace.Formulas;

/// <summary>
/// Parses expressions and formulas with R's precedence by operator-precedence climbing. From loose to tight: <c>|| |</c>, <c>&amp;&amp; &amp;</c>, <c>!</c>, comparisons
/// (which do not chain), <c>+ -</c>, <c>* /</c>, <c>%in% %% %/%</c>, <c>:</c>, unary <c>+ -</c>, <c>^</c> (to the right).
/// </summary>
/// <remarks>Pratt (1973), Top down operator precedence. Nesting and the height of the tree are limited, since a stack overflow would end the process.</remarks>
internal sealed class ExpressionParser
{
    private const int MaxNesting = 500;
    private const int MaxDepth = 2000;
    private const int NotPower = 30;
    private const int ComparisonPower = 40;
    private const int SignPower = 90;
    private const int PowerPower = 100;

    private readonly string _text;
    private readonly List<Token> _tokens;
    private int _next;
    private int _nesting;
    private bool _isNonlinear;

    private ExpressionParser(string text)
    {
        _text = text;
        _tokens = Scanner.Scan(text);
    }

    private Token Current => _tokens[_next];

    /// <summary>Parses a whole text as one expression.</summary>
    public static Expression ParseExpression(string text)
    {
        var parser = new ExpressionParser(text);
        Expression expression = parser.Binary(0);
        parser.ExpectEnd();
        return expression;
    }

    /// <summary>Parses <c>response ~ terms</c> or <c>~ terms</c>.</summary>
    public static (Expression? Response, Expression Terms) ParseFormula(string text)
    {
        var parser = new ExpressionParser(text);
        Expression? response = parser.IsOperator("~") ? null : parser.Binary(0);
        if (!parser.IsOperator("~"))
        {
            if (parser.Current.Kind != TokenKind.End) parser.ExpectEnd();
            throw parser.Fault("A formula needs a '~' between the response and the terms, as in y ~ x.", parser.Current);
        }
        parser._next++;
        Expression terms = parser.Binary(0);
        parser.ExpectEnd();
        return (response, terms);
    }

    /// <summary>Parses <c>response ~ mean</c> or <c>response ~ mean ~ random terms</c>, the formula of a nonlinear model.</summary>
    public static (Expression Response, Expression Mean, Expression? Random) ParseNonlinearFormula(string text)
    {
        var parser = new ExpressionParser(text) { _isNonlinear = true };
        if (parser.IsOperator("~")) throw parser.Fault("A nonlinear model needs its response before the first '~', as in y ~ SSlogis(x, Asym, xmid, scal) ~ Asym | group.", parser.Current);
        Expression response = parser.Binary(0);
        if (!parser.IsOperator("~"))
        {
            if (parser.Current.Kind != TokenKind.End) parser.ExpectEnd();
            throw parser.Fault("A formula needs a '~' between the response and the mean function, as in y ~ a * exp(-b * x).", parser.Current);
        }
        parser._next++;
        Expression mean = parser.Binary(0);
        Expression? random = null;
        if (parser.IsOperator("~"))
        {
            parser._next++;
            random = parser.Binary(0);
        }
        if (parser.IsOperator("~")) throw parser.Fault("The formula of a nonlinear model has at most two '~': response ~ mean function ~ random terms.", parser.Current);
        parser.ExpectEnd();
        return (response, mean, random);
    }

    private static int Power(string symbol) => symbol switch
    {
        "||" or "|" => 10,
        "&&" or "&" => 20,
        "==" or "!=" or "<" or "<=" or ">" or ">=" => ComparisonPower,
        "+" or "-" => 50,
        "*" or "/" => 60,
        "%in%" or "%%" or "%/%" => 70,
        ":" => 80,
        "^" => PowerPower,
        _ => -1,
    };

    private bool IsOperator(string symbol) => Current.Kind == TokenKind.Operator && Current.Text == symbol;

    private SourcePlace PlaceOf(Token token) => new(_text, token.Position);

    private FormulaException Fault(string problem, Token token) => new(problem, _text, token.Position);

    private void ExpectEnd()
    {
        Token token = Current;
        if (token.Kind == TokenKind.End) return;
        throw Fault(token switch
        {
            { Kind: TokenKind.CloseParenthesis } => "This parenthesis closes none.",
            { Kind: TokenKind.Comma } => "A comma can only stand between the arguments of a function.",
            { Kind: TokenKind.Operator, Text: "~" } when _isNonlinear => "Something is missing before this '~': a nonlinear formula is response ~ mean function ~ random terms.",
            { Kind: TokenKind.Operator, Text: "~" } => "A formula has only one '~'.",
            { Kind: TokenKind.Operator, Text: "=" } => "'=' can only name an argument of a function; a comparison is written '=='.",
            _ => "An operator is missing before this.",
        }, token);
    }

    // The expression from here whose operators all bind tighter than `least`.
    private Expression Binary(int least)
    {
        Enter();
        Expression left = Prefix();
        bool compared = false;
        while (Current.Kind == TokenKind.Operator)
        {
            Token symbol = Current;
            int power = Power(symbol.Text);
            if (power < 0 || power < least) break;
            if (power == ComparisonPower && compared) throw Fault("Comparisons do not chain; write a < b & b < c.", symbol);
            compared = power == ComparisonPower;
            _next++;
            Expression right = Binary(symbol.Text == "^" ? power : power + 1);
            left = Checked(new BinaryExpression(symbol.Text, left, right, PlaceOf(symbol)));
        }
        _nesting--;
        return left;
    }

    private void Enter()
    {
        if (++_nesting > MaxNesting) throw Fault($"The formula is nested more than {MaxNesting} levels deep.", Current);
    }

    private static Expression Checked(Expression expression)
    {
        if (expression.Depth > MaxDepth) throw expression.Place.Fault($"The formula has more than {MaxDepth} operators in a row.");
        return expression;
    }

    private Expression Prefix()
    {
        Token token = Current;
        _next++;
        switch (token.Kind)
        {
            case TokenKind.Number: return new NumberExpression(double.Parse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture), PlaceOf(token));
            case TokenKind.Text: return new TextExpression(token.Text, PlaceOf(token));
            case TokenKind.Name: return Current.Kind == TokenKind.OpenParenthesis ? Call(token) : NameOrConstant(token);
            case TokenKind.OpenParenthesis: return Parenthesized(token);
            case TokenKind.Operator when token.Text is "-" or "+": return Checked(new UnaryExpression(token.Text, Binary(SignPower), PlaceOf(token)));
            case TokenKind.Operator when token.Text is "!": return Checked(new UnaryExpression("!", Binary(NotPower), PlaceOf(token)));
            case TokenKind.End: throw Fault("The formula ends where a variable, number or '(' should follow.", token);
            case TokenKind.Operator when token.Text is "~" or "=":
                _next--;
                ExpectEnd();
                break;
        }
        throw Fault($"A variable, number or '(' should stand before '{token.Text}'.", token);
    }

    private Expression NameOrConstant(Token token)
    {
        SourcePlace place = PlaceOf(token);
        return token.IsQuoted ? new NameExpression(token.Text, place) : token.Text switch
        {
            "TRUE" => new LogicalExpression(true, place),
            "FALSE" => new LogicalExpression(false, place),
            "NA" => new LogicalExpression(null, place),
            "NULL" => new NullExpression(place),
            "Inf" => new NumberExpression(double.PositiveInfinity, place),
            "NaN" => new NumberExpression(double.NaN, place),
            _ => new NameExpression(token.Text, place),
        };
    }

    private ParenthesizedExpression Parenthesized(Token open)
    {
        var expression = new ParenthesizedExpression(Binary(0), PlaceOf(open));
        Close(open);
        Checked(expression);
        return expression;
    }

    private void Close(Token open)
    {
        if (Current.Kind == TokenKind.End) throw Fault("This parenthesis is never closed.", open);
        if (Current.Kind != TokenKind.CloseParenthesis) ExpectEnd();
        _next++;
    }

    private Expression Call(Token function)
    {
        Token open = Current;
        _next++;
        var arguments = new List<Argument>();
        if (Current.Kind != TokenKind.CloseParenthesis) arguments.Add(NextArgument());
        while (Current.Kind == TokenKind.Comma)
        {
            _next++;
            arguments.Add(NextArgument());
        }
        Close(open);
        return Checked(new CallExpression(function.Text, arguments, PlaceOf(function)));
    }

    private Argument NextArgument()
    {
        Token token = Current;
        bool isNamed = token.Kind is TokenKind.Name or TokenKind.Text && _tokens[_next + 1] is { Kind: TokenKind.Operator, Text: "=" };
        if (!isNamed) return new Argument(null, Binary(0));
        _next += 2;
        return new Argument(token.Text, Binary(0));
    }
}
