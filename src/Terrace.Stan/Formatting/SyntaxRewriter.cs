using System.Runtime.CompilerServices;
using Terrace.Stan.Syntax;

namespace Terrace.Stan.Formatting;

/// <summary>Rebuilds a program from the inside out; what derives from it changes what it cares for.</summary>
internal abstract class SyntaxRewriter
{
    /// <summary>The whole program.</summary>
    protected ProgramSyntax Program(ProgramSyntax p) => p with
    {
        Functions = p.Functions is null ? null : [.. p.Functions.Select(Function)],
        Data = Top(p.Data),
        TransformedData = Top(p.TransformedData),
        Parameters = Top(p.Parameters),
        TransformedParameters = Top(p.TransformedParameters),
        Model = Top(p.Model, true),
        GeneratedQuantities = Top(p.GeneratedQuantities),
    };

    private BlockSyntax? Top(BlockSyntax? block, bool local = false) => block is null ? null : Block(block, !local);

    /// <summary>A function.</summary>
    protected virtual FunctionSyntax Function(FunctionSyntax f) => f with { Body = f.Body is null ? null : Single(f.Body) };

    /// <summary>A block; <paramref name="global"/> if its variables are seen outside it.</summary>
    protected virtual BlockSyntax Block(BlockSyntax b, bool global) => b with { Statements = [.. b.Statements.SelectMany(Statement)] };

    /// <summary>A statement where only one may stand.</summary>
    protected StatementSyntax Single(StatementSyntax s)
    {
        StatementSyntax[] all = [.. Statement(s)];
        return all.Length == 1 ? all[0] : new BlockSyntax(all, null, s.Span);
    }

    /// <summary>A statement, which may become several.</summary>
    protected virtual IEnumerable<StatementSyntax> Statement(StatementSyntax statement)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return statement switch
        {
            DeclarationSyntax s => [Declaration(s)],
            DeclarationListSyntax s => [s with { Declarations = [.. s.Declarations.Select(Declaration)] }],
            AssignmentSyntax s => [s with { Target = Expression(s.Target), Value = Expression(s.Value) }],
            TargetSyntax s => [s with { Value = Expression(s.Value), Old = false }],
            TildeSyntax s =>
            [
                s with
                {
                    Outcome = Operand(s.Outcome),
                    Arguments = All(s.Arguments),
                    Truncation = s.Truncation is null ? null : s.Truncation with { Lower = Optional(s.Truncation.Lower), Upper = Optional(s.Truncation.Upper) },
                },
            ],
            CallStatementSyntax s => [Expression(s.Call) is CallSyntax call ? s with { Call = call } : s],
            IfSyntax s => [s with { Condition = Expression(s.Condition), Then = Single(s.Then), Else = s.Else is null ? null : Single(s.Else) }],
            ForSyntax s => [Loop(s)],
            WhileSyntax s => [s with { Condition = Expression(s.Condition), Body = Single(s.Body) }],
            BlockSyntax s => [Block(s, false)],
            ReturnSyntax s => [s with { Value = Optional(s.Value) }],
            _ => [statement],
        };
    }

    /// <summary>A loop.</summary>
    protected virtual ForSyntax Loop(ForSyntax s) => s with { Lower = s.Upper is null ? Expression(s.Lower) : Operand(s.Lower), Upper = s.Upper is null ? null : Operand(s.Upper), Body = Single(s.Body) };

    /// <summary>A declaration.</summary>
    protected virtual DeclarationSyntax Declaration(DeclarationSyntax s) => s with { Type = Type(s.Type), Value = Optional(s.Value) };

    /// <summary>A type with its sizes and bounds.</summary>
    protected virtual TypeSyntax Type(TypeSyntax t) => t with
    {
        Sizes = All(t.Sizes),
        Constraints = [.. t.Constraints.Select(c => c with { Value = Operand(c.Value) })],
        ArraySizes = [.. t.ArraySizes.Select(Optional)],
        Elements = [.. t.Elements.Select(Type)],
    };

    private ExpressionSyntax? Optional(ExpressionSyntax? e) => e is null ? null : Expression(e);

    private ExpressionSyntax[] All(IReadOnlyList<ExpressionSyntax> list) => [.. list.Select(Expression)];

    /// <summary>An expression where a choice needs brackets.</summary>
    protected ExpressionSyntax Operand(ExpressionSyntax e) => Bracketed(Expression(e));

    /// <summary>A choice in brackets; anything else as it is.</summary>
    protected static ExpressionSyntax Bracketed(ExpressionSyntax e) => e is ConditionalSyntax ? new ParenthesizedSyntax(e, e.Span) : e;

    /// <summary>An expression.</summary>
    protected virtual ExpressionSyntax Expression(ExpressionSyntax syntax)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return syntax switch
        {
            NameSyntax e => Name(e),
            PrefixSyntax e => e with { Operand = Operand(e.Operand) },
            TransposeSyntax e => e with { Operand = Operand(e.Operand) },
            InfixSyntax e => Chain(e),
            ConditionalSyntax e => e with { Condition = Operand(e.Condition), IfTrue = Expression(e.IfTrue), IfFalse = Expression(e.IfFalse) },
            CallSyntax e => Call(e with { Arguments = All(e.Arguments) }),
            IndexedSyntax e => e with { Target = Operand(e.Target), Indexes = [.. e.Indexes.Select(i => i with { Lower = Optional(i.Lower), Upper = Optional(i.Upper) })] },
            ArraySyntax e => e with { Elements = All(e.Elements) },
            RowVectorSyntax e => e with { Elements = All(e.Elements) },
            TupleSyntax e => e with { Elements = All(e.Elements) },
            TupleElementSyntax e => e with { Target = Operand(e.Target) },
            ParenthesizedSyntax e => e with { Inner = Expression(e.Inner) },
            _ => syntax,
        };
    }

    private ExpressionSyntax Chain(InfixSyntax e)
    {
        var chain = new Stack<InfixSyntax>();
        ExpressionSyntax at = e;
        while (at is InfixSyntax infix)
        {
            chain.Push(infix);
            at = infix.Left;
        }
        ExpressionSyntax left = Operand(at);
        while (chain.Count > 0)
        {
            InfixSyntax infix = chain.Pop();
            left = Infix(infix with { Left = left, Right = Operand(infix.Right) });
        }
        return left;
    }

    /// <summary>An infix operator, its operands done.</summary>
    protected virtual ExpressionSyntax Infix(InfixSyntax e) => e;

    /// <summary>A name.</summary>
    protected virtual ExpressionSyntax Name(NameSyntax e) => e;

    /// <summary>A call, its arguments done.</summary>
    protected virtual ExpressionSyntax Call(CallSyntax e) => e;
}
