using Terrace.Stan.Diagnostics;

namespace Terrace.Stan.Syntax;

/// <summary>Reads types and declarations in today's form (<c>array[N] real x</c>) and the old one (<c>real x[N]</c>, <c>real[,] x</c> in signatures).</summary>
internal sealed class TypeParser(TokenStream tokens, ExpressionParser expressions, DiagnosticBag diagnostics)
{
    private const int MaximumDepth = 20;
    private int _depth;

    /// <summary>The words that start a type.</summary>
    public static readonly IReadOnlySet<string> TypeWords = new HashSet<string>
    {
        "int", "real", "complex", "vector", "row_vector", "matrix", "complex_vector", "complex_row_vector", "complex_matrix", "ordered", "positive_ordered", "simplex", "unit_vector",
        "sum_to_zero_vector", "sum_to_zero_matrix", "cholesky_factor_corr", "cholesky_factor_cov", "corr_matrix", "cov_matrix", "column_stochastic_matrix", "row_stochastic_matrix",
    };

    /// <summary>Whether a type starts here: a type word that is not used as a name, or an array or tuple.</summary>
    public bool StartsType()
    {
        Token token = tokens.Current;
        if (token.Kind != TokenKind.Identifier) return false;
        if (token.Text == "array") return tokens.Next.Is("[");
        if (token.Text == "tuple") return tokens.Next.Is("(");
        return TypeWords.Contains(token.Text);
    }

    /// <summary>The types of a tuple's elements.</summary>
    private List<TypeSyntax> Elements(Token tuple, Func<TypeSyntax> one)
    {
        if (_depth >= MaximumDepth)
        {
            diagnostics.Error("nesting", $"tuples are nested more than {MaximumDepth} deep", tuple.Span);
            throw new ParseFaultException();
        }
        _depth++;
        try
        {
            List<TypeSyntax> elements = [];
            do elements.Add(one()); while (tokens.Take(","));
            return elements;
        }
        finally
        {
            _depth--;
        }
    }

    /// <summary>A type with sizes and constraints.</summary>
    public TypeSyntax Sized()
    {
        Token start = tokens.Current;
        List<ExpressionSyntax?> arraySizes = [];
        if (start.Is("array"))
        {
            tokens.Advance();
            tokens.Expect("[", "a `[` with the sizes of the array");
            do arraySizes.Add(expressions.Parse()); while (tokens.Take(","));
            tokens.Expect("]", "a `]` after the sizes of the array");
        }
        Token word = tokens.Current;
        if (word.Is("tuple") && tokens.Next.Is("("))
        {
            tokens.Advance();
            tokens.Advance();
            List<TypeSyntax> elements = Elements(word, Sized);
            Token close = tokens.Expect(")", "a `)` after the types of the tuple");
            return new TypeSyntax("tuple", [], [], arraySizes, elements, false, start.Span.To(close.Span));
        }
        if (word.Kind != TokenKind.Identifier || !TypeWords.Contains(word.Text))
        {
            diagnostics.Error("expected-type", $"found {word.Described} where a type was expected", word.Span);
            throw new ParseFaultException();
        }
        tokens.Advance();
        List<ConstraintSyntax> constraints = tokens.Take("<") ? Constraints() : [];
        List<ExpressionSyntax> sizes = [];
        int wanted = SizeCount(word.Text);
        if (wanted > 0)
        {
            if (!tokens.Current.Is("["))
            {
                diagnostics.Error("missing-size", $"`{word.Text}` needs {(wanted == 1 ? "its size" : "its sizes")} in square brackets, as in `{word.Text}{(wanted == 1 ? "[N]" : "[N, K]")}`", word.Span);
                throw new ParseFaultException();
            }
            tokens.Advance();
            do sizes.Add(expressions.Parse()); while (tokens.Take(","));
            tokens.Expect("]", "a `]` after the sizes");
            bool fits = sizes.Count == wanted || (word.Text == "cholesky_factor_cov" && sizes.Count == 2);
            if (!fits) diagnostics.Error("wrong-size-count", $"`{word.Text}` takes {(wanted == 1 ? "one size" : "two sizes")}, found {sizes.Count}", word.Span.To(tokens.Previous.Span));
        }
        return new TypeSyntax(word.Text, sizes, constraints, arraySizes, [], false, start.Span.To(tokens.Previous.Span));
    }

    private static int SizeCount(string word) => word switch
    {
        "int" or "real" or "complex" => 0,
        "matrix" or "complex_matrix" or "sum_to_zero_matrix" or "column_stochastic_matrix" or "row_stochastic_matrix" => 2,
        _ => 1,
    };

    private List<ConstraintSyntax> Constraints()
    {
        List<ConstraintSyntax> constraints = [];
        do
        {
            Token name = tokens.Current;
            if (name.Text is not ("lower" or "upper" or "offset" or "multiplier"))
            {
                diagnostics.Error("constraint", $"found {name.Described}, but expected `lower`, `upper`, `offset` or `multiplier`", name.Span);
                throw new ParseFaultException();
            }
            tokens.Advance();
            tokens.Expect("=", $"a `=` after `{name.Text}`");
            ExpressionSyntax value = expressions.ParseBound();
            constraints.Add(new ConstraintSyntax(name.Text, value, name.Span.To(value.Span)));
        }
        while (tokens.Take(","));
        tokens.Expect(">", "a `>` after the bounds");
        return constraints;
    }

    /// <summary>A type without sizes, as in a function's signature; also the old <c>real[,] x</c>.</summary>
    public TypeSyntax Unsized()
    {
        Token start = tokens.Current;
        int dimensions = 0;
        if (start.Is("array"))
        {
            tokens.Advance();
            tokens.Expect("[", "`[]` after `array`");
            dimensions = Dimensions();
        }
        Token word = tokens.Current;
        if (word.Is("tuple"))
        {
            tokens.Advance();
            tokens.Expect("(", "a `(` with the types of the tuple");
            List<TypeSyntax> elements = Elements(word, Unsized);
            tokens.Expect(")", "a `)` after the types of the tuple");
            return new TypeSyntax("tuple", [], [], new ExpressionSyntax?[dimensions], elements, false, start.Span.To(tokens.Previous.Span));
        }
        if (word.Kind != TokenKind.Identifier || !TypeWords.Contains(word.Text))
        {
            diagnostics.Error("expected-type", $"found {word.Described} where a type was expected", word.Span);
            throw new ParseFaultException();
        }
        tokens.Advance();
        bool old = false;
        if (tokens.Take("["))
        {
            old = true;
            dimensions += Dimensions();
            diagnostics.Deprecate("old-array", "array types written behind the element type are an old form", start.Span.To(tokens.Previous.Span), $"write `array[{new string(',', dimensions - 1)}] {word.Text}`");
        }
        return new TypeSyntax(word.Text, [], [], new ExpressionSyntax?[dimensions], [], old, start.Span.To(tokens.Previous.Span));
    }

    private int Dimensions()
    {
        int dimensions = 1;
        while (tokens.Take(",")) dimensions++;
        tokens.Expect("]", "a `]` that closes the dimensions");
        return dimensions;
    }

    /// <summary>Variables declared with one type.</summary>
    public StatementSyntax Declaration()
    {
        TypeSyntax type = Sized();
        List<DeclarationSyntax> declarations = [];
        do
        {
            NameSyntax name = DeclaredName();
            TypeSyntax own = type;
            if (tokens.Current.Is("["))
            {
                tokens.Advance();
                List<ExpressionSyntax?> sizes = [];
                do sizes.Add(expressions.Parse()); while (tokens.Take(","));
                tokens.Expect("]", "a `]` after the sizes of the array");
                diagnostics.Deprecate("old-array", "array sizes written behind the variable are an old form", name.Span.To(tokens.Previous.Span), $"write `array[…] {type.Base} {name.Name}`");
                own = type with { ArraySizes = [.. sizes, .. type.ArraySizes], IsOldArray = true };
            }
            ExpressionSyntax? value = null;
            if (tokens.Take("=") || TakeOldAssignment()) value = expressions.Parse();
            declarations.Add(new DeclarationSyntax(own, name, value, type.Span.To(tokens.Previous.Span)));
        }
        while (tokens.Take(","));
        tokens.ExpectSemicolon($"the declaration of `{declarations[^1].Name.Name}`");
        return declarations.Count == 1 ? declarations[0] : new DeclarationListSyntax(declarations, declarations[0].Span.To(declarations[^1].Span));
    }

    private bool TakeOldAssignment()
    {
        Token token = tokens.Current;
        if (!tokens.Take("<-")) return false;
        diagnostics.Deprecate("old-assignment", "`<-` for assignment is an old form", token.Span, "write `=`");
        return true;
    }

    /// <summary>The name of a declared variable or function.</summary>
    public NameSyntax DeclaredName()
    {
        Token token = tokens.Current;
        if (token.Kind != TokenKind.Identifier)
        {
            diagnostics.Error("expected-name", $"found {token.Described} where a name was expected", token.Span);
            throw new ParseFaultException();
        }
        tokens.Advance();
        return new NameSyntax(token.Text, token.Span);
    }
}
