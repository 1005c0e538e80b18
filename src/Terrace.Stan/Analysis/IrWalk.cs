using Terrace.Stan.Ir;

namespace Terrace.Stan.Analysis;

/// <summary>Goes through resolved programs: the parts of expressions and of statements.</summary>
internal static class IrWalk
{
    /// <summary>The operands of an expression.</summary>
    public static IEnumerable<IrExpression> Children(IrExpression e) => e switch
    {
        IrOperator x => x.Operands,
        IrBuiltinCall x => x.Arguments,
        IrUserCall x => x.Arguments,
        IrIndexed x => x.Indexes.SelectMany(Ends).Prepend(x.Target),
        IrConditional x => [x.Condition, x.IfTrue, x.IfFalse],
        IrArray x => x.Elements,
        IrRowVector x => x.Elements,
        IrTuple x => x.Elements,
        IrTupleElement x => [x.Target],
        IrPromotion x => [x.Operand],
        _ => [],
    };

    /// <summary>The expressions of an index.</summary>
    public static IEnumerable<IrExpression> Ends(IrIndex index)
    {
        if (index.First is not null) yield return index.First;
        if (index.Last is not null) yield return index.Last;
    }

    /// <summary>An expression and all within it, found with a list of its own, as chains of operators are as deep as they are long.</summary>
    public static IEnumerable<IrExpression> All(IrExpression root)
    {
        var open = new Stack<IrExpression>();
        open.Push(root);
        while (open.Count > 0)
        {
            IrExpression e = open.Pop();
            yield return e;
            foreach (IrExpression child in Children(e).Reverse()) open.Push(child);
        }
    }

    /// <summary>The variables that an expression reads.</summary>
    public static IEnumerable<IrSymbol> Variables(IrExpression root) => All(root).OfType<IrVariable>().Select(variable => variable.Symbol);

    /// <summary>The expressions that a statement itself evaluates, those of statements within it apart.</summary>
    public static IEnumerable<IrExpression> Expressions(IrStatement s)
    {
        switch (s)
        {
            case IrDeclaration x: return (x.Value is null ? x.Symbol.Sizes : x.Symbol.Sizes.Append(x.Value)).Concat(Bounds(x.Symbol));
            case IrAssignment x: return x.Path.SelectMany(step => step.Indexes).SelectMany(Ends).Append(x.Value);
            case IrUnpack x: return x.Parts.SelectMany(part => part.Path).SelectMany(step => step.Indexes).SelectMany(Ends).Append(x.Value);
            case IrTarget x: return [x.Value];
            case IrIf x: return [x.Condition];
            case IrFor x: return [x.Lower, x.Upper];
            case IrForEach x: return [x.Container];
            case IrWhile x: return [x.Condition];
            case IrReturn { Value: { } value }: return [value];
            case IrMessage x: return x.Parts;
            case IrCallStatement x: return [x.Call];
            default: return [];
        }
    }

    /// <summary>The bounds, offset and multiplier of a variable.</summary>
    public static IEnumerable<IrExpression> Bounds(IrSymbol symbol)
    {
        if (symbol.Constraint.First is not null) yield return symbol.Constraint.First;
        if (symbol.Constraint.Second is not null) yield return symbol.Constraint.Second;
    }

    /// <summary>The statements directly within a statement.</summary>
    public static IEnumerable<IrStatement> Children(IrStatement s)
    {
        switch (s)
        {
            case IrBlock x: return x.Statements;
            case IrIf x: return x.Else is null ? [x.Then] : [x.Then, x.Else];
            case IrFor x: return [x.Body];
            case IrForEach x: return [x.Body];
            case IrWhile x: return [x.Body];
            default: return [];
        }
    }

    /// <summary>A statement and all within it, in order.</summary>
    public static IEnumerable<IrStatement> All(IrStatement root)
    {
        var open = new Stack<IrStatement>();
        open.Push(root);
        while (open.Count > 0)
        {
            IrStatement s = open.Pop();
            yield return s;
            foreach (IrStatement child in Children(s).Reverse()) open.Push(child);
        }
    }

    /// <summary>All statements of the blocks.</summary>
    public static IEnumerable<IrStatement> Statements(IrProgram program) =>
        program.TransformedData.Concat(program.TransformedParameters).Concat(program.Model).Concat(program.GeneratedQuantities).SelectMany(All);

    /// <summary>All statements, those of the functions too.</summary>
    public static IEnumerable<IrStatement> StatementsAndFunctions(IrProgram program) =>
        program.Functions.Where(function => function.Body is not null).SelectMany(function => All(function.Body!)).Concat(Statements(program));

    /// <summary>The variables that a statement assigns to, as a whole or in part, with the place.</summary>
    public static IEnumerable<(IrSymbol Symbol, Syntax.Span Span)> Assigned(IrStatement s) => s switch
    {
        IrDeclaration { Value: not null } x => [(x.Symbol, x.Span)],
        IrAssignment x => [(x.Symbol, x.Span)],
        IrUnpack x => x.Parts.Select(part => (part.Symbol, part.Span)),
        _ => [],
    };
}
