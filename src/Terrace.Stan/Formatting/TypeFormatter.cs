using Terrace.Stan.Syntax;

namespace Terrace.Stan.Formatting;

/// <summary>Prints types, declarations and signatures.</summary>
/// <param name="expressions">Prints sizes, bounds and values.</param>
/// <param name="oldArrays">Whether arrays are printed as before Stan 2.26: <c>real x[N]</c>, and <c>real[] x</c> in signatures.</param>
internal sealed class TypeFormatter(ExpressionFormatter expressions, bool oldArrays = false)
{
    /// <summary>A declaration without its semicolon; further names follow with commas.</summary>
    public void Declaration(IReadOnlyList<DeclarationSyntax> declarations, LineWriter line)
    {
        expressions.Comments(line, declarations[0].Type.Span.Start);
        Sized(declarations[0].Type, line);
        for (int i = 0; i < declarations.Count; i++)
        {
            DeclarationSyntax declaration = declarations[i];
            if (i > 0) line.Text(",");
            line.Text(" ");
            expressions.Write(declaration.Name, line);
            if (oldArrays && declaration.Type.ArraySizes.Count > 0) Sizes(declaration.Type.ArraySizes, line);
            if (declaration.Value is null) continue;
            line.Text(" =").Breakable(" ", LineWriter.LastResort);
            expressions.Write(declaration.Value, line);
        }
    }

    private void Sized(TypeSyntax type, LineWriter line)
    {
        if (type.ArraySizes.Count > 0 && !oldArrays)
        {
            line.Text("array");
            Sizes(type.ArraySizes!, line);
            line.Text(" ");
        }
        line.Text(type.Base);
        if (type.Base == "tuple")
        {
            line.Open("(");
            for (int i = 0; i < type.Elements.Count; i++)
            {
                if (i > 0) ExpressionFormatter.Separator(",", line);
                Sized(type.Elements[i], line);
            }
            line.Close(")");
        }
        if (type.Constraints.Count > 0) Constraints(type.Constraints, line);
        if (type.Sizes.Count > 0) Sizes(type.Sizes, line);
    }

    private void Constraints(IReadOnlyList<ConstraintSyntax> constraints, LineWriter line)
    {
        line.Open("<");
        for (int i = 0; i < constraints.Count; i++)
        {
            if (i > 0) ExpressionFormatter.Separator(",", line);
            expressions.Comments(line, constraints[i].Span.Start);
            line.Text(constraints[i].Name + "=");
            expressions.Write(constraints[i].Value, line);
        }
        line.Close(">");
    }

    private void Sizes(IReadOnlyList<ExpressionSyntax?> sizes, LineWriter line)
    {
        line.Open("[");
        for (int i = 0; i < sizes.Count; i++)
        {
            if (i > 0) ExpressionFormatter.Separator(",", line);
            expressions.Write(sizes[i]!, line);
        }
        line.Close("]");
    }

    /// <summary>The type in a signature.</summary>
    public string Unsized(TypeSyntax type)
    {
        string element = type.Base == "tuple" ? $"tuple({string.Join(", ", type.Elements.Select(Unsized))})" : type.Base;
        if (type.ArraySizes.Count == 0) return element;
        string dimensions = $"[{new string(',', type.ArraySizes.Count - 1)}]";
        return oldArrays ? element + dimensions : $"array{dimensions} {element}";
    }

    /// <summary>A function's head, without its body.</summary>
    public void Signature(FunctionSyntax function, LineWriter line)
    {
        expressions.Comments(line, function.Span.Start);
        line.Text((function.Returns is null ? "void" : Unsized(function.Returns)) + " ");
        expressions.Write(function.Name, line);
        line.Open("(");
        for (int i = 0; i < function.Arguments.Count; i++)
        {
            ArgumentSyntax argument = function.Arguments[i];
            if (i > 0) ExpressionFormatter.Separator(",", line);
            expressions.Comments(line, argument.Type.Span.Start);
            line.Text((argument.IsData ? "data " : "") + Unsized(argument.Type) + " ");
            expressions.Write(argument.Name, line);
        }
        line.Close(")");
    }
}
