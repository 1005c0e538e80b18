using Terrace.Stan.Diagnostics;

namespace Terrace.Stan.Syntax;

/// <summary>Reads expressions by operator precedence (Pratt 1973, "Top down operator precedence"), with the precedences of Stan's reference manual.</summary>
internal sealed class ExpressionParser(TokenStream tokens, DiagnosticBag diagnostics)
{
    private const int MaximumDepth = 200;
    private const int MaximumOperators = 5_000;
    private const int MaximumParts = 100;
    private const int PrefixPrecedence = 8;
    private int _depth;

    /// <summary>An expression.</summary>
    public ExpressionSyntax Parse() => Conditional();

    /// <summary>An expression without comparisons, as bounds within angle brackets are.</summary>
    public ExpressionSyntax ParseBound() => Infix(5);

    /// <summary>A variable with its indexes, as the left side of an assignment, or any expression that starts a statement.</summary>
    public ExpressionSyntax ParsePostfix() => Postfix();

    private ExpressionSyntax Conditional()
    {
        if (++_depth > MaximumDepth)
        {
            Span at = tokens.Current.Span;
            diagnostics.Error("nesting", $"the expression is nested more than {MaximumDepth} deep", at, "break it up with variables");
            throw new ParseFaultException();
        }
        try
        {
            ExpressionSyntax condition = Infix(0);
            if (!tokens.Take("?")) return condition;
            ExpressionSyntax ifTrue = Conditional();
            tokens.Expect(":", "a `:` between the two choices of `?`");
            ExpressionSyntax ifFalse = Conditional();
            return new ConditionalSyntax(condition, ifTrue, ifFalse, condition.Span.To(ifFalse.Span));
        }
        finally
        {
            _depth--;
        }
    }

    private static (int Left, int Right) Precedence(string symbol) => symbol switch
    {
        "||" => (1, 2),
        "&&" => (2, 3),
        "==" or "!=" => (3, 4),
        "<" or "<=" or ">" or ">=" => (4, 5),
        "+" or "-" => (5, 6),
        "*" or ".*" or "/" or "./" or "%" => (6, 7),
        "\\" or "%/%" => (7, 8),
        "^" or ".^" => (9, PrefixPrecedence),
        _ => (-1, -1),
    };

    /// <summary>The rest of an expression whose first operand is read already.</summary>
    public ExpressionSyntax ContinueFrom(ExpressionSyntax first)
    {
        ExpressionSyntax condition = Infix(first, 0);
        if (!tokens.Take("?")) return condition;
        ExpressionSyntax ifTrue = Conditional();
        tokens.Expect(":", "a `:` between the two choices of `?`");
        ExpressionSyntax ifFalse = Conditional();
        return new ConditionalSyntax(condition, ifTrue, ifFalse, condition.Span.To(ifFalse.Span));
    }

    private ExpressionSyntax Infix(int minimum) => Infix(Prefix(), minimum);

    private ExpressionSyntax Infix(ExpressionSyntax left, int minimum)
    {
        for (int operators = 0; tokens.Current.Kind == TokenKind.Symbol; operators++)
        {
            Token token = tokens.Current;
            if (operators > MaximumOperators)
            {
                diagnostics.Error("nesting", $"the expression has more than {MaximumOperators:N0} operators in a row", token.Span, "break it up with variables, or use `sum` or `prod` of a container");
                throw new ParseFaultException();
            }
            bool lessMinus = token.Text == "<-";
            string symbol = lessMinus ? "<" : token.Text;
            (int leftPower, int rightPower) = Precedence(symbol);
            if (leftPower < minimum || leftPower < 0) break;
            tokens.Advance();
            ExpressionSyntax right;
            if (lessMinus)
            {
                ExpressionSyntax operand = Infix(PrefixPrecedence);
                right = Infix(new PrefixSyntax("-", operand, token.Span.To(operand.Span)), rightPower);
            }
            else
            {
                right = Nested(rightPower);
            }
            left = new InfixSyntax(symbol, left, right, left.Span.To(right.Span));
        }
        return left;
    }

    private ExpressionSyntax Nested(int power)
    {
        if (++_depth > MaximumDepth)
        {
            diagnostics.Error("nesting", $"the expression is nested more than {MaximumDepth} deep", tokens.Current.Span, "break it up with variables");
            throw new ParseFaultException();
        }
        ExpressionSyntax result = Infix(power);
        _depth--;
        return result;
    }

    private ExpressionSyntax Prefix()
    {
        Token token = tokens.Current;
        if (token.Kind == TokenKind.Symbol && token.Text is "-" or "+" or "!")
        {
            tokens.Advance();
            ExpressionSyntax operand = Nested(PrefixPrecedence);
            return new PrefixSyntax(token.Text, operand, token.Span.To(operand.Span));
        }
        return Postfix();
    }

    private ExpressionSyntax Postfix()
    {
        ExpressionSyntax result = Primary();
        for (int parts = 0; ; parts++)
        {
            Token token = tokens.Current;
            if (parts > MaximumParts)
            {
                diagnostics.Error("nesting", $"more than {MaximumParts} indexes and transpositions follow one another", token.Span, "break the expression up with variables");
                throw new ParseFaultException();
            }
            if (token.Is("["))
            {
                tokens.Advance();
                List<IndexSyntax> indexes = Indexes();
                Token close = tokens.Expect("]", "a `]` after the indexes");
                result = new IndexedSyntax(result, indexes, result.Span.To(close.Span));
            }
            else if (token.Is("'"))
            {
                tokens.Advance();
                result = new TransposeSyntax(result, result.Span.To(token.Span));
            }
            else if (token.Is(".") && tokens.Next.Kind == TokenKind.Integer)
            {
                tokens.Advance();
                Token number = tokens.Current;
                tokens.Advance();
                result = new TupleElementSyntax(result, int.TryParse(number.Text, out int element) ? element : int.MaxValue, result.Span.To(number.Span));
            }
            else
            {
                return result;
            }
        }
    }

    private List<IndexSyntax> Indexes()
    {
        List<IndexSyntax> indexes = [];
        do
        {
            Span start = tokens.Current.Span;
            ExpressionSyntax? lower = tokens.Current.Is(":") || tokens.Current.Is(",") || tokens.Current.Is("]") ? null : Parse();
            bool range = tokens.Take(":");
            ExpressionSyntax? upper = range && !tokens.Current.Is(",") && !tokens.Current.Is("]") ? Parse() : null;
            indexes.Add(new IndexSyntax(lower, upper, range || lower is null, upper is not null ? start.To(upper.Span) : lower?.Span ?? start));
        }
        while (tokens.Take(","));
        return indexes;
    }

    private ExpressionSyntax Primary()
    {
        Token token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Integer:
                tokens.Advance();
                return new IntegerSyntax(token.Text.Replace("_", ""), token.Span);
            case TokenKind.Real:
                tokens.Advance();
                return new RealSyntax(token.Text.Replace("_", ""), token.Span);
            case TokenKind.Imaginary:
                tokens.Advance();
                return new ImaginarySyntax(token.Text.Replace("_", ""), token.Span);
            case TokenKind.Text:
                tokens.Advance();
                return new TextSyntax(token.Text, token.Span);
            case TokenKind.Identifier:
                tokens.Advance();
                var name = new NameSyntax(token.Text, token.Span);
                return tokens.Current.Is("(") ? Call(name) : name;
        }
        if (token.Is("("))
        {
            tokens.Advance();
            ExpressionSyntax inner = Parse();
            if (tokens.Current.Is(","))
            {
                List<ExpressionSyntax> elements = [inner];
                while (tokens.Take(",")) if (!tokens.Current.Is(")")) elements.Add(Parse());
                Token end = tokens.Expect(")", "a `)` that closes the tuple");
                return new TupleSyntax(elements, token.Span.To(end.Span));
            }
            Token close = tokens.Expect(")", "a `)` that closes the bracket");
            return new ParenthesizedSyntax(inner, token.Span.To(close.Span));
        }
        if (token.Is("{") || token.Is("["))
        {
            tokens.Advance();
            string closing = token.Text == "{" ? "}" : "]";
            List<ExpressionSyntax> elements = [];
            if (!tokens.Current.Is(closing)) do elements.Add(Parse()); while (tokens.Take(","));
            Token close = tokens.Expect(closing, $"a `{closing}` that closes the list");
            return token.Text == "{" ? new ArraySyntax(elements, token.Span.To(close.Span)) : new RowVectorSyntax(elements, token.Span.To(close.Span));
        }
        diagnostics.Error("expected-expression", $"found {token.Described} where a value was expected: a number, a variable, a call or a bracket", token.Span);
        throw new ParseFaultException();
    }

    /// <summary>The arguments of a call, after the function's name.</summary>
    public CallSyntax Call(NameSyntax name)
    {
        tokens.Expect("(", "a `(` after the function's name");
        List<ExpressionSyntax> arguments = [];
        bool bar = false;
        if (!tokens.Current.Is(")"))
        {
            arguments.Add(Parse());
            if (tokens.Take("|"))
            {
                bar = true;
                if (!tokens.Current.Is(")")) arguments.Add(Parse());
            }
            while (tokens.Take(",")) arguments.Add(Parse());
        }
        if (tokens.Current.Is("|")) diagnostics.Error("misplaced-bar", "the `|` of a density stands after its first argument", tokens.Current.Span);
        Token close = tokens.Expect(")", "a `,` or the `)` that closes the arguments");
        return new CallSyntax(name, arguments, bar, name.Span.To(close.Span));
    }
}
