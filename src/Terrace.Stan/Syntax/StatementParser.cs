using Terrace.Stan.Diagnostics;

namespace Terrace.Stan.Syntax;

/// <summary>Reads statements. A statement that cannot be read is reported and skipped, so that the faults behind it are found in the same run.</summary>
internal sealed class StatementParser(TokenStream tokens, ExpressionParser expressions, TypeParser types, DiagnosticBag diagnostics)
{
    private const int MaximumDepth = 200;
    private int _depth;

    /// <summary>The statements up to a closing brace, which is taken too.</summary>
    public BlockSyntax Block(string described, string? profile = null)
    {
        Token open = tokens.Expect("{", $"a `{{` that opens {described}");
        if (++_depth > MaximumDepth)
        {
            diagnostics.Error("nesting", $"blocks are nested more than {MaximumDepth} deep", open.Span);
            throw new ParseFaultException();
        }
        List<StatementSyntax> statements = [];
        while (!tokens.Current.Is("}") && tokens.Current.Kind != TokenKind.End)
        {
            int before = tokens.Position;
            try
            {
                statements.Add(Statement());
            }
            catch (ParseFaultException)
            {
                Recover(before);
            }
        }
        Token close = tokens.Current;
        if (!tokens.Take("}")) diagnostics.Error("unclosed-block", $"{described} is never closed", open.Span, "close it with `}`");
        _depth--;
        return new BlockSyntax(statements, profile, open.Span.To(close.Span));
    }

    /// <summary>Skips to behind the next semicolon, or to where a new line starts a statement or closes the block.</summary>
    private void Recover(int before)
    {
        if (tokens.Position == before) tokens.Advance();
        if (tokens.Previous.Is(";")) return;
        int line = tokens.Previous.Span.Line;
        int braces = 0;
        while (tokens.Current.Kind != TokenKind.End)
        {
            if (braces == 0 && tokens.Current.Is("}")) return;
            if (tokens.Current.Is("{")) braces++;
            if (tokens.Current.Is("}")) braces--;
            if (braces == 0 && tokens.Current.Span.Line > line && StartsStatement()) return;
            line = tokens.Current.Span.Line;
            bool ends = tokens.Current.Is(";");
            tokens.Advance();
            if (ends && braces <= 0) return;
        }
    }

    private bool StartsStatement() => types.StartsType() || tokens.Current.Kind == TokenKind.Identifier;

    /// <summary>One statement.</summary>
    public StatementSyntax Statement()
    {
        Token token = tokens.Current;
        if (token.Kind == TokenKind.Identifier)
        {
            switch (token.Text)
            {
                case "if": return If();
                case "for": return For();
                case "while": return While();
                case "return": return Return();
                case "break" when tokens.Next.Is(";"): return Simple(new BreakSyntax(token.Span), "`break`");
                case "continue" when tokens.Next.Is(";"): return Simple(new ContinueSyntax(token.Span), "`continue`");
                case "target" or "jacobian" when tokens.Next.Is("+="): return Target();
                case "increment_log_prob" when tokens.Next.Is("("): return OldTarget();
                case "profile" when tokens.Next.Is("("): return Profile();
                case "else":
                    diagnostics.Error("stray-else", "this `else` belongs to no `if`", token.Span);
                    throw new ParseFaultException();
            }
            if (types.StartsType()) return types.Declaration();
        }
        if (token.Is("{")) return Block("this block");
        if (token.Is(";"))
        {
            tokens.Advance();
            return new EmptySyntax(token.Span);
        }
        return ExpressionStatement();
    }

    private T Simple<T>(T statement, string described) where T : StatementSyntax
    {
        tokens.Advance();
        tokens.ExpectSemicolon(described);
        return statement;
    }

    private StatementSyntax ExpressionStatement()
    {
        Token start = tokens.Current;
        ExpressionSyntax left = expressions.ParsePostfix();
        Token token = tokens.Current;
        if (token.Kind == TokenKind.Symbol && token.Text is "=" or "<-" or "+=" or "-=" or "*=" or "/=" or ".*=" or "./=")
        {
            tokens.Advance();
            if (token.Text == "<-") diagnostics.Deprecate("old-assignment", "`<-` for assignment is an old form", token.Span, "write `=`");
            ExpressionSyntax value = expressions.Parse();
            tokens.ExpectSemicolon("the assignment");
            return new AssignmentSyntax(left, token.Text == "<-" ? "=" : token.Text, value, start.Span.To(value.Span));
        }
        if (left is CallSyntax call && token.Is(";"))
        {
            tokens.Advance();
            return new CallStatementSyntax(call, call.Span);
        }
        if (!token.Is("~") && token.Kind == TokenKind.Symbol && token.Text is not (";" or "}" or ")" or "{")) left = expressions.ContinueFrom(left);
        if (tokens.Current.Is("~")) return Tilde(left);
        if (left is CallSyntax) tokens.ExpectSemicolon("the call");
        string hint = tokens.Current.Kind == TokenKind.Identifier || tokens.Current.Is(".")
            ? "if this is a comment, it needs `//` in front"
            : "a statement assigns (`=`), draws (`~`), adds to the target (`target +=`), declares a variable or calls a function";
        diagnostics.Error("not-a-statement", $"`{Shortened(left.Span)}` alone is no statement", left.Span, hint);
        throw new ParseFaultException();
    }

    private static string Shortened(Span span)
    {
        string text = span.ToString();
        return text.Length <= 40 ? text : text[..37] + "…";
    }

    private TildeSyntax Tilde(ExpressionSyntax outcome)
    {
        tokens.Expect("~", "`~`");
        NameSyntax distribution = types.DeclaredName();
        if (!tokens.Current.Is("("))
        {
            diagnostics.Error("distribution-arguments", $"the distribution `{distribution.Name}` needs its arguments in round brackets", distribution.Span);
            throw new ParseFaultException();
        }
        CallSyntax call = expressions.Call(distribution);
        TruncationSyntax? truncation = null;
        if (tokens.Current.Is("T") && tokens.Next.Is("["))
        {
            Span start = tokens.Current.Span;
            tokens.Advance();
            tokens.Advance();
            ExpressionSyntax? lower = tokens.Current.Is(",") || tokens.Current.Is("]") ? null : expressions.Parse();
            ExpressionSyntax? upper = tokens.Take(",") && !tokens.Current.Is("]") ? expressions.Parse() : null;
            Token close = tokens.Expect("]", "a `]` after the bounds of the truncation");
            truncation = new TruncationSyntax(lower, upper, start.To(close.Span));
        }
        tokens.ExpectSemicolon($"the statement `~ {distribution.Name}`");
        return new TildeSyntax(outcome, distribution, call.Arguments, truncation, outcome.Span.To(tokens.Previous.Span));
    }

    private TargetSyntax Target()
    {
        Token word = tokens.Current;
        tokens.Advance();
        tokens.Advance();
        ExpressionSyntax value = expressions.Parse();
        tokens.ExpectSemicolon($"`{word.Text} +=`");
        return new TargetSyntax(word.Text == "jacobian", value, false, word.Span.To(value.Span));
    }

    private TargetSyntax OldTarget()
    {
        Token word = tokens.Current;
        CallSyntax call = expressions.Call(types.DeclaredName());
        tokens.ExpectSemicolon("`increment_log_prob`");
        diagnostics.Deprecate("old-increment", "`increment_log_prob` is an old form", word.Span, "write `target += …`");
        if (call.Arguments.Count != 1) diagnostics.Error("argument-count", $"`increment_log_prob` takes one argument, found {call.Arguments.Count}", call.Span);
        return new TargetSyntax(false, call.Arguments.Count > 0 ? call.Arguments[0] : new MissingSyntax(call.Span), true, call.Span);
    }

    private BlockSyntax Profile()
    {
        tokens.Advance();
        tokens.Advance();
        Token name = tokens.Current;
        if (name.Kind != TokenKind.Text) tokens.Expect("\"", "the profile's name in double quotes");
        tokens.Advance();
        tokens.Expect(")", "a `)` after the profile's name");
        return Block("the profile", name.Text);
    }

    private IfSyntax If()
    {
        Token word = tokens.Current;
        tokens.Advance();
        tokens.Expect("(", "a `(` after `if`");
        ExpressionSyntax condition = expressions.Parse();
        tokens.Expect(")", "a `)` after the condition");
        StatementSyntax then = Nested();
        StatementSyntax? otherwise = tokens.Take("else") ? Nested() : null;
        return new IfSyntax(condition, then, otherwise, word.Span.To(tokens.Previous.Span));
    }

    private StatementSyntax Nested()
    {
        if (++_depth > MaximumDepth)
        {
            diagnostics.Error("nesting", $"statements are nested more than {MaximumDepth} deep", tokens.Current.Span);
            throw new ParseFaultException();
        }
        StatementSyntax statement = Statement();
        _depth--;
        return statement;
    }

    private ForSyntax For()
    {
        Token word = tokens.Current;
        tokens.Advance();
        tokens.Expect("(", "a `(` after `for`");
        NameSyntax variable = types.DeclaredName();
        tokens.Expect("in", "`in` after the loop's variable");
        ExpressionSyntax lower = expressions.Parse();
        ExpressionSyntax? upper = tokens.Take(":") ? expressions.Parse() : null;
        tokens.Expect(")", "a `)` after the loop's range");
        StatementSyntax body = Nested();
        return new ForSyntax(variable, lower, upper, body, word.Span.To(tokens.Previous.Span));
    }

    private WhileSyntax While()
    {
        Token word = tokens.Current;
        tokens.Advance();
        tokens.Expect("(", "a `(` after `while`");
        ExpressionSyntax condition = expressions.Parse();
        tokens.Expect(")", "a `)` after the condition");
        StatementSyntax body = Nested();
        return new WhileSyntax(condition, body, word.Span.To(tokens.Previous.Span));
    }

    private ReturnSyntax Return()
    {
        Token word = tokens.Current;
        tokens.Advance();
        ExpressionSyntax? value = tokens.Current.Is(";") ? null : expressions.Parse();
        tokens.ExpectSemicolon("`return`");
        return new ReturnSyntax(value, word.Span.To(tokens.Previous.Span));
    }
}
