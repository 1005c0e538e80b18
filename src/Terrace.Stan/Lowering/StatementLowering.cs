using Terrace.Stan.Ir;
using Terrace.Stan.Syntax;
using Terrace.Stan.Types;

namespace Terrace.Stan.Lowering;

/// <summary>Checks statements and writes their shorthand out.</summary>
internal sealed class StatementLowering(LoweringContext context, ExpressionLowering expressions, DeclarationLowering declarations)
{
    private readonly TildeLowering _tilde = new(context, expressions);
    private int _loops;

    /// <summary>Appends a statement's lowering.</summary>
    /// <param name="syntax">The statement.</param>
    /// <param name="kind">What a variable declared here is: of the block at its top level, else local.</param>
    /// <param name="into">Takes the statements.</param>
    public void Lower(StatementSyntax syntax, SymbolKind kind, List<IrStatement> into)
    {
        switch (syntax)
        {
            case DeclarationSyntax s: Declaration(s, kind, into); break;
            case DeclarationListSyntax s: foreach (DeclarationSyntax one in s.Declarations) Declaration(one, kind, into); break;
            case AssignmentSyntax s: Assignment(s, into); break;
            case TargetSyntax s: Target(s, into); break;
            case TildeSyntax s: _tilde.Lower(s, into); break;
            case IfSyntax s: into.Add(new IrIf(Condition(s.Condition), Nested(s.Then), s.Else is null ? null : Nested(s.Else), s.Span)); break;
            case ForSyntax s: For(s, into); break;
            case WhileSyntax s:
                IrExpression condition = Condition(s.Condition);
                _loops++;
                into.Add(new IrWhile(condition, Nested(s.Body), s.Span));
                _loops--;
                break;
            case BlockSyntax s: into.Add(Nested(s)); break;
            case ReturnSyntax s: Return(s, into); break;
            case BreakSyntax s: Jump(new IrBreak(s.Span), "break", into); break;
            case ContinueSyntax s: Jump(new IrContinue(s.Span), "continue", into); break;
            case CallStatementSyntax s: Call(s, into); break;
        }
    }

    /// <summary>Statements in a scope of their own.</summary>
    public IrStatement Nested(StatementSyntax syntax)
    {
        context.Scope.Open();
        List<IrStatement> statements = [];
        if (syntax is BlockSyntax block) foreach (StatementSyntax statement in block.Statements) Lower(statement, SymbolKind.Local, statements);
        else Lower(syntax, SymbolKind.Local, statements);
        context.Scope.Close();
        return statements.Count == 1 && statements[0] is not IrDeclaration ? statements[0] : new IrBlock(statements, syntax.Span);
    }

    private void Declaration(DeclarationSyntax s, SymbolKind kind, List<IrStatement> into)
    {
        IrExpression? value = s.Value is null ? null : expressions.Lower(s.Value);
        IrSymbol symbol = declarations.Declare(s, kind);
        if (value is not null) value = context.Convert(value, symbol.Type, $"the definition of `{symbol.Name}`");
        symbol.Definition = value;
        into.Add(new IrDeclaration(symbol, value, s.Span));
    }

    private void Assignment(AssignmentSyntax s, List<IrStatement> into)
    {
        if (s.Target is TupleSyntax tuple) { Unpack(tuple, s, into); return; }
        IrExpression value = expressions.Lower(s.Value);
        if (Place(s.Target) is not { } place)
        {
            return;
        }
        (IrSymbol symbol, List<IrPathStep> path, IrExpression current) = place;
        if (s.Operator != "=")
        {
            string sign = s.Operator[..^1];
            if (value is IrFault) return;
            if (OperatorTypes.Infix(sign, current.Type, value.Type) is not { } type)
            {
                context.Fault("operator-type", $"`{s.Operator}` is not defined between {current.Type} and {value.Type}", s.Span);
                return;
            }
            value = new IrOperator(sign, [current, value], type, s.Span);
        }
        value = context.Convert(value, current.Type, $"the assignment to `{s.Target.Span}`");
        symbol.IsAssigned = true;
        if (path.Count > 0) symbol.IsAssignedInParts = true;
        into.Add(new IrAssignment(symbol, path, value, s.Span));
    }

    private void Unpack(TupleSyntax tuple, AssignmentSyntax s, List<IrStatement> into)
    {
        IrExpression value = expressions.Lower(s.Value);
        if (value is IrFault) return;
        if (s.Operator != "=" || value.Type.Base != BaseType.Tuple || value.Type.Depth > 0 || value.Type.Elements!.Count != tuple.Elements.Count)
        {
            context.Fault("unpack", $"{tuple.Elements.Count} variables take a tuple of {tuple.Elements.Count} elements, found {value.Type}", s.Span);
            return;
        }
        var temporary = new IrSymbol("unpacked", value.Type, SymbolKind.Local, s.Span);
        List<IrAssignment> parts = [];
        for (int i = 0; i < tuple.Elements.Count; i++)
        {
            if (Place(tuple.Elements[i]) is not { } place) return;
            IrExpression element = new IrTupleElement(new IrVariable(temporary, s.Span), i, value.Type.Elements[i], s.Span);
            place.Symbol.IsAssigned = true;
            if (place.Path.Count > 0) place.Symbol.IsAssignedInParts = true;
            parts.Add(new IrAssignment(place.Symbol, place.Path, context.Convert(element, place.Current.Type, $"the assignment to `{tuple.Elements[i].Span}`"), s.Span));
        }
        into.Add(new IrUnpack(parts, temporary, value, s.Span));
    }

    /// <summary>The variable and the part of it that an assignment names, with its present value; null with the fault reported.</summary>
    private (IrSymbol Symbol, List<IrPathStep> Path, IrExpression Current)? Place(ExpressionSyntax target)
    {
        switch (target)
        {
            case NameSyntax name:
                IrExpression whole = expressions.Lower(name);
                return whole is IrVariable variable && Assignable(variable.Symbol, name.Span) ? (variable.Symbol, [], whole) : null;
            case IndexedSyntax indexed when Place(indexed.Target) is { } outer:
                IrIndex[] indexes = expressions.Indexes(indexed.Indexes);
                if (indexes.Any(index => index.First is IrFault || index.Last is IrFault) || expressions.IndexedType(outer.Current.Type, indexes, indexed.Span) is not { } type) return null;
                outer.Path.Add(new IrPathStep(indexes));
                return (outer.Symbol, outer.Path, new IrIndexed(outer.Current, indexes, type, indexed.Span));
            case TupleElementSyntax element when Place(element.Target) is { } outer:
                if (outer.Current.Type.Base != BaseType.Tuple || element.Element < 1 || element.Element > outer.Current.Type.Elements!.Count)
                {
                    context.Fault("tuple-element", $"{outer.Current.Type} has no element {element.Element}", element.Span);
                    return null;
                }
                outer.Path.Add(new IrPathStep([], element.Element - 1));
                return (outer.Symbol, outer.Path, new IrTupleElement(outer.Current, element.Element - 1, outer.Current.Type.Elements[element.Element - 1], element.Span));
            case IndexedSyntax or TupleElementSyntax:
                return null;
            default:
                context.Fault("not-assignable", "only a variable or a part of one can be assigned to", target.Span);
                return null;
        }
    }

    private bool Assignable(IrSymbol symbol, Span span)
    {
        string? reason = symbol.Kind switch
        {
            SymbolKind.Loop => "it is the variable of a loop",
            SymbolKind.Argument => "it is an argument of a function; copy it to a local variable first",
            SymbolKind.Data => "it is data",
            SymbolKind.Parameter => "it is a parameter",
            SymbolKind.TransformedData when context.Block != ProgramBlock.TransformedData => "it belongs to the block `transformed data`",
            SymbolKind.TransformedParameter when context.Block != ProgramBlock.TransformedParameters => "it belongs to the block `transformed parameters`",
            SymbolKind.GeneratedQuantity when context.Block != ProgramBlock.GeneratedQuantities => "it belongs to the block `generated quantities`",
            _ => null,
        };
        if (reason is null) return true;
        context.Fault("not-assignable", $"`{symbol.Name}` cannot be assigned to here: {reason}", span);
        return false;
    }

    private void Target(TargetSyntax s, List<IrStatement> into)
    {
        IrExpression value = expressions.Lower(s.Value);
        if (value is IrFault) return;
        if (s.Jacobian ? !context.AllowsJacobian : !context.AllowsTarget)
        {
            context.Fault("target-place", s.Jacobian ? "`jacobian +=` is possible in `transformed parameters` and in functions whose name ends in `_jacobian`" : "`target +=` is possible in `model` and in functions whose name ends in `_lp`", s.Span);
            return;
        }
        if (value.Type.Base > BaseType.Matrix) context.Fault("target-type", $"the target takes numbers, found {value.Type}", value.Span);
        else into.Add(new IrTarget(value, s.Jacobian, s.Span));
    }

    private IrExpression Condition(ExpressionSyntax syntax)
    {
        IrExpression condition = expressions.Lower(syntax);
        return condition is IrFault || condition.Type.IsScalar ? condition : context.Fault("condition-type", $"a condition is a number, found {condition.Type}", condition.Span);
    }

    private void For(ForSyntax s, List<IrStatement> into)
    {
        IrExpression lower = expressions.Lower(s.Lower);
        IrExpression? upper = s.Upper is null ? null : expressions.Lower(s.Upper);
        StanType type = StanType.Int;
        if (upper is not null)
        {
            foreach (IrExpression end in (IrExpression[])[lower, upper]) if (end is not IrFault && !end.Type.IsInt) context.Fault("loop-type", $"the ends of a loop are integers, found {end.Type}", end.Span);
        }
        else if (lower is not IrFault)
        {
            type = lower.Type.Depth > 0 ? lower.Type.Element : lower.Type.IsMatrixLike ? StanType.Real : StanType.Error;
            if (type.Base == BaseType.Error && lower.Type.Base != BaseType.Error) context.Fault("loop-type", $"a loop goes over a range `a:b` or the elements of a container, found {lower.Type}", lower.Span);
        }
        else
        {
            type = StanType.Error;
        }
        context.Scope.Open();
        declarations.CheckName(s.Variable);
        var symbol = new IrSymbol(s.Variable.Name, type, SymbolKind.Loop, s.Variable.Span);
        context.Scope.Add(symbol);
        _loops++;
        IrStatement body = Nested(s.Body);
        _loops--;
        context.Scope.Close();
        into.Add(upper is null ? new IrForEach(symbol, lower, body, s.Span) : new IrFor(symbol, lower, upper, body, s.Span));
    }

    private void Jump(IrStatement jump, string word, List<IrStatement> into)
    {
        if (_loops == 0) context.Fault("stray-jump", $"`{word}` stands outside a loop", jump.Span);
        else into.Add(jump);
    }

    private void Return(ReturnSyntax s, List<IrStatement> into)
    {
        if (context.Function is not { } function)
        {
            context.Fault("stray-return", "`return` stands outside a function", s.Span);
            return;
        }
        IrExpression? value = s.Value is null ? null : expressions.Lower(s.Value);
        if (value is null && !function.Returns.Equals(StanType.Void)) context.Fault("return-type", $"`{function.Name}` returns {function.Returns}, so `return` needs a value", s.Span);
        else if (value is not null && function.Returns.Equals(StanType.Void)) context.Fault("return-type", $"`{function.Name}` is void and returns no value", s.Span);
        else into.Add(new IrReturn(value is null ? null : context.Convert(value, function.Returns, $"the value that `{function.Name}` returns"), s.Span));
    }

    private void Call(CallStatementSyntax s, List<IrStatement> into)
    {
        string name = s.Call.Function.Name;
        if (name is "print" or "reject" or "fatal_error" && !context.Functions.ContainsKey(name))
        {
            IrExpression[] parts = [.. s.Call.Arguments.Select(expressions.Lower)];
            into.Add(new IrMessage(name switch { "print" => MessageKind.Print, "reject" => MessageKind.Reject, _ => MessageKind.Fatal }, parts, s.Span));
            return;
        }
        IrExpression call = expressions.Calls.Lower(s.Call);
        if (call is IrFault) return;
        if (!call.Type.Equals(StanType.Void)) context.Fault("unused-value", $"the value of `{name}` is not used", s.Span, "assign it to a variable");
        else into.Add(new IrCallStatement(call, s.Span));
    }
}
