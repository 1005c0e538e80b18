using System.Globalization;
using System.Runtime.CompilerServices;
using Terrace.Stan.Syntax;

namespace Terrace.Stan.Formatting;

/// <summary>Prints expressions: brackets as written, a space around infix operators, comments where they stand.</summary>
internal sealed class ExpressionFormatter(CommentPlacement comments)
{
    private const int Comma = 0, Question = 1;

    /// <summary>Writes the comments that stand before a position.</summary>
    public void Comments(LineWriter line, int position)
    {
        while (comments.TakeBefore(position, out Comment comment))
            line.Comment(comment.Text.ReplaceLineEndings("\n"), comment.OwnLine, comment.OwnLine || comment.Text.StartsWith("//", StringComparison.Ordinal));
    }

    /// <summary>Writes an expression.</summary>
    public void Write(ExpressionSyntax syntax, LineWriter line)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (syntax)
        {
            case IntegerSyntax e: Leaf(e.Text, e, line); break;
            case RealSyntax e: Leaf(e.Text, e, line); break;
            case ImaginarySyntax e: Leaf(e.Text, e, line); break;
            case TextSyntax e: Leaf(e.Text, e, line); break;
            case NameSyntax e: Leaf(e.Name, e, line); break;
            case PrefixSyntax e:
                Comments(line, e.Span.Start);
                line.Text(e.Operator);
                Write(e.Operand, line);
                break;
            case TransposeSyntax e:
                Write(e.Operand, line);
                line.Text("'");
                break;
            case InfixSyntax e: Infix(e, line); break;
            case ConditionalSyntax e:
                Write(e.Condition, line);
                line.Breakable(" ? ", Question);
                Write(e.IfTrue, line);
                line.Breakable(" : ", Question);
                Write(e.IfFalse, line);
                break;
            case CallSyntax e: Call(e, line); break;
            case IndexedSyntax e:
                Write(e.Target, line);
                line.Open("[");
                for (int i = 0; i < e.Indexes.Count; i++)
                {
                    if (i > 0) Separator(",", line);
                    Index(e.Indexes[i], line);
                }
                Close("]", e.Span, line);
                break;
            case ArraySyntax e: List("{", e.Elements, "}", e.Span, line); break;
            case RowVectorSyntax e: List("[", e.Elements, "]", e.Span, line); break;
            case TupleSyntax e: List("(", e.Elements, e.Elements.Count == 1 ? ",)" : ")", e.Span, line); break;
            case TupleElementSyntax e:
                Write(e.Target, line);
                line.Text("." + e.Element.ToString(CultureInfo.InvariantCulture));
                break;
            case ParenthesizedSyntax e: List("(", [e.Inner], ")", e.Span, line); break;
            default: throw new InvalidOperationException("an expression that cannot be printed: " + syntax.GetType().Name);
        }
    }

    private void Leaf(string text, ExpressionSyntax e, LineWriter line)
    {
        Comments(line, e.Span.Start);
        line.Text(text);
    }

    /// <summary>Operators bind the tighter the higher the rank; a chain of them is gone through in a loop, as it may be long.</summary>
    private void Infix(InfixSyntax e, LineWriter line)
    {
        var chain = new Stack<InfixSyntax>();
        ExpressionSyntax at = e;
        while (at is InfixSyntax infix)
        {
            chain.Push(infix);
            at = infix.Left;
        }
        Write(at, line);
        while (chain.Count > 0)
        {
            InfixSyntax infix = chain.Pop();
            if (infix.Operator is "^" or ".^") line.Text(infix.Operator == "^" ? "^" : " .^ ");
            else line.Breakable($" {infix.Operator} ", Rank(infix.Operator));
            Write(infix.Right, line);
        }
    }

    private static int Rank(string symbol) => symbol switch
    {
        "||" => 2,
        "&&" => 3,
        "==" or "!=" => 4,
        "<" or "<=" or ">" or ">=" => 5,
        "+" or "-" => 6,
        _ => 7,
    };

    private void Call(CallSyntax e, LineWriter line)
    {
        Leaf(e.Function.Name, e.Function, line);
        line.Open("(");
        for (int i = 0; i < e.Arguments.Count; i++)
        {
            if (i == 1) Separator(e.Bar ? " |" : ",", line);
            else if (i > 1) Separator(",", line);
            Write(e.Arguments[i], line);
        }
        if (e.Bar && e.Arguments.Count == 1) line.Text(" |");
        Close(")", e.Span, line);
    }

    /// <summary>Arguments of what is no call: a distribution's behind <c>~</c>.</summary>
    public void Arguments(IReadOnlyList<ExpressionSyntax> arguments, LineWriter line)
    {
        line.Open("(");
        for (int i = 0; i < arguments.Count; i++)
        {
            if (i > 0) Separator(",", line);
            Write(arguments[i], line);
        }
        line.Close(")");
    }

    private void List(string open, IReadOnlyList<ExpressionSyntax> elements, string close, Span span, LineWriter line)
    {
        Comments(line, span.Start);
        line.Open(open);
        for (int i = 0; i < elements.Count; i++)
        {
            if (i > 0) Separator(",", line);
            Write(elements[i], line);
        }
        Close(close, span, line);
    }

    /// <summary>A comma, or the bar of a density, after which the line may be broken.</summary>
    public static void Separator(string text, LineWriter line) => line.Text(text).Breakable(" ", Comma);

    private void Close(string bracket, Span span, LineWriter line)
    {
        Comments(line, span.End - 1);
        line.Close(bracket);
    }

    private void Index(IndexSyntax index, LineWriter line)
    {
        if (!index.IsRange) Write(index.Lower!, line);
        else if (index.Lower is null && index.Upper is null) line.Text(":");
        else Range(index.Lower, index.Upper, line);
    }

    /// <summary><c>a:b</c>, with spaces where an end is compound.</summary>
    public void Range(ExpressionSyntax? lower, ExpressionSyntax? upper, LineWriter line)
    {
        bool compound = lower is InfixSyntax or ConditionalSyntax || upper is InfixSyntax or ConditionalSyntax;
        if (lower is not null) Write(lower, line);
        line.Text(!compound ? ":" : lower is null ? ": " : upper is null ? " :" : " : ");
        if (upper is not null) Write(upper, line);
    }
}
