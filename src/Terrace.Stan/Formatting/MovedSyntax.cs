using Terrace.Stan.Syntax;

namespace Terrace.Stan.Formatting;

/// <summary>Gives a declaration another place in the text, so that the comments around its old place do not follow it.</summary>
internal sealed class MovedSyntax(Span place) : SyntaxRewriter
{
    /// <summary>The declaration at the place.</summary>
    public DeclarationSyntax Move(DeclarationSyntax declaration)
    {
        DeclarationSyntax moved = Declaration(declaration);
        return moved with { Name = moved.Name with { Span = place }, Span = place };
    }

    protected override ExpressionSyntax Expression(ExpressionSyntax syntax) => base.Expression(syntax) with { Span = place };

    protected override ExpressionSyntax Infix(InfixSyntax e) => e with { Span = place };

    protected override ExpressionSyntax Call(CallSyntax e) => e with { Function = e.Function with { Span = place } };

    protected override TypeSyntax Type(TypeSyntax t)
    {
        TypeSyntax type = base.Type(t);
        return type with { Constraints = [.. type.Constraints.Select(constraint => constraint with { Span = place })], Span = place };
    }
}
