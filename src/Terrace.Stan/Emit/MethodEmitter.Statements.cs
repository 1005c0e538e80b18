using System.Linq.Expressions;
using Terrace.Stan.Ir;
using Terrace.Stan.Runtime;
using Terrace.Stan.Types;

namespace Terrace.Stan.Emit;

/// <summary>Statements.</summary>
internal sealed partial class MethodEmitter
{
    private readonly Stack<(LabelTarget Break, LabelTarget Continue)> _loops = new();

    /// <summary>Statements in order. Once the last assignment to parts of a variable that they declare is done, its memory no longer changes.</summary>
    public void Statements(IReadOnlyList<IrStatement> statements)
    {
        Dictionary<IrSymbol, int> last = [];
        for (int k = 0; k < statements.Count; k++) PartialAssignments(statements[k], symbol => last[symbol] = k);
        for (int k = 0; k < statements.Count; k++)
        {
            Statement(statements[k]);
            foreach ((IrSymbol symbol, int at) in last)
                if (at == k && Declares(statements, symbol) && _storage.TryGetValue(symbol, out Storage? storage)) storage.IsMutable = false;
        }
    }

    private static bool Declares(IReadOnlyList<IrStatement> statements, IrSymbol symbol) => statements.Any(statement => statement is IrDeclaration declaration && ReferenceEquals(declaration.Symbol, symbol));

    private static void PartialAssignments(IrStatement statement, Action<IrSymbol> found)
    {
        switch (statement)
        {
            case IrAssignment s when s.Symbol.IsAssignedInParts: found(s.Symbol); break;
            case IrUnpack s: foreach (IrAssignment part in s.Parts) PartialAssignments(part, found); break;
            case IrIf s:
                PartialAssignments(s.Then, found);
                if (s.Else is not null) PartialAssignments(s.Else, found);
                break;
            case IrFor s: PartialAssignments(s.Body, found); break;
            case IrForEach s: PartialAssignments(s.Body, found); break;
            case IrWhile s: PartialAssignments(s.Body, found); break;
            case IrBlock s: foreach (IrStatement inner in s.Statements) PartialAssignments(inner, found); break;
        }
    }

    private void Statement(IrStatement statement)
    {
        if (statement is not (IrBlock or IrBreak or IrContinue)) Emit(Expression.Assign(Field(nameof(Workspace.Site)), Constant(_program.SiteOf(statement.Span))));
        switch (statement)
        {
            case IrDeclaration s: Declare(s.Symbol, s.Value); break;
            case IrAssignment s: Assign(s); break;
            case IrUnpack s: Unpack(s); break;
            case IrTarget s: Target(s); break;
            case IrIf s: If(s); break;
            case IrFor s:
                if (!TryScalarLoop(s)) For(s);
                break;
            case IrForEach s: ForEach(s); break;
            case IrWhile s: While(s); break;
            case IrBlock s: Statements(s.Statements); break;
            case IrReturn s: Return(s); break;
            case IrBreak: Emit(Expression.Goto(_loops.Peek().Break)); break;
            case IrContinue: Emit(Expression.Goto(_loops.Peek().Continue)); break;
            case IrMessage s: Message(s); break;
            case IrCallStatement s: Evaluate(s.Call); break;
        }
    }

    private void Unpack(IrUnpack s)
    {
        // All parts are read before any is assigned, as a variable may stand on both sides.
        var tuple = (TupleValue)Evaluate(s.Value);
        Storage storage = NewStorage(s.Temporary.Type, s.Temporary.Name, tuple.Elements.Any(IsActive), false);
        for (int k = 0; k < storage.Parts.Length; k++)
        {
            if (tuple.Elements[k] is ScalarValue scalar) AssignScalar(storage.Parts[k], scalar);
            else
            {
                var x = (ContainerValue)tuple.Elements[k];
                Emit(Expression.Assign(storage.Parts[k].Offset!, x.IsMutable && !x.Type.IsIntegral ? StableCopy(x).Offset : x.Offset));
                for (int d = 0; d < x.Dimensions.Length; d++) Emit(Expression.Assign(storage.Parts[k].Dimensions[d], x.Dimensions[d]));
            }
        }
        _storage[s.Temporary] = storage;
        foreach (IrAssignment part in s.Parts) Assign(part);
    }

    private void Target(IrTarget s)
    {
        IrExpression e = s.Value;
        if (s.Jacobian)
        {
            List<Expression> code = Capture(() => AddToTarget(e));
            Emit(Expression.IfThen(Field(nameof(Workspace.IncludeJacobian)), Sequence(code)));
            return;
        }
        AddToTarget(e);
    }

    private void AddToTarget(IrExpression e)
    {
        // A sum or difference adds term by term, so that each density adds its partials at once.
        if (e is IrOperator { Sign: "+" } sum && sum.Operands.All(operand => operand.Type.IsScalar))
        {
            AddToTarget(sum.Operands[0]);
            AddToTarget(sum.Operands[1]);
            return;
        }
        Value value = e is IrBuiltinCall call ? Builtin(call, true) : Evaluate(e);
        if (value is ContainerValue x) value = FromBlock(Expression.Call(RuntimeMethods.Find(FunctionImplementation("sum", StanType.Vector)), _w, ToBlock(x)), StanType.Real, x.IsActive);
        var scalar = (ScalarValue)value;
        Emit(Expression.AddAssign(Field(nameof(Workspace.Target)), ToDouble(scalar.Expression)));
        if (scalar.Node is null) return;
        Spread(scalar.Node, null, (leaf, partial) =>
        {
            partial ??= Constant(1.0);
            Expression slot = ((SlotNode)leaf).Slot;
            if (((SlotNode)leaf).IsMutable)
            {
                Emit(Call(nameof(Workspace.Edge), slot, partial));
                Emit(Call(nameof(Workspace.CloseLinear), Constant(Workspace.TargetSlot), Constant(1)));
            }
            else
            {
                Emit(Expression.AddAssign(Expression.ArrayAccess(_a, slot), partial));
            }
        });
    }

    private static string FunctionImplementation(string name, StanType argument)
    {
        foreach (BuiltinFunction candidate in FunctionLibrary.Find(name)) if (candidate.Cost([argument]) >= 0) return candidate.Implementation;
        throw new MissingMethodException(name);
    }

    private void If(IrIf s)
    {
        Expression condition = Condition(s.Condition);
        List<Expression> then = Capture(() => Statement(s.Then));
        if (s.Else is null)
        {
            Emit(Expression.IfThen(condition, Sequence(then)));
            return;
        }
        List<Expression> otherwise = Capture(() => Statement(s.Else));
        Emit(Expression.IfThenElse(condition, Sequence(then), Sequence(otherwise)));
    }

    /// <summary>At the start of a round: counts a step against the limits, and without derivatives gives back the memory of the round before.</summary>
    private void BeginRound(List<Expression> code, ParameterExpression? mark, ParameterExpression? intMark)
    {
        MemberExpression fuel = Field(nameof(Workspace.Fuel));
        code.Add(Expression.IfThen(Expression.LessThan(Expression.PreDecrementAssign(fuel), Constant(0)), Call(nameof(Workspace.Refuel))));
        if (mark is null) return;
        code.Add(Expression.Assign(Field(nameof(Workspace.Top)), mark));
        code.Add(Expression.Assign(Field(nameof(Workspace.IntTop)), intMark!));
    }

    private (ParameterExpression? Mark, ParameterExpression? IntMark) Marks() => _differentiates ? (null, null) : (Local(Field(nameof(Workspace.Top))), Local(Field(nameof(Workspace.IntTop))));

    private void For(IrFor s)
    {
        ParameterExpression variable = NewLocal(typeof(int), s.Variable.Name);
        Expression lower = Int(s.Lower);
        ParameterExpression upper = Local(Int(s.Upper));
        Emit(Expression.Assign(variable, lower));
        _storage[s.Variable] = new Storage { Number = variable };
        (ParameterExpression? mark, ParameterExpression? intMark) = Marks();
        LabelTarget end = Expression.Label(), next = Expression.Label();
        _loops.Push((end, next));
        List<Expression> round = [];
        BeginRound(round, mark, intMark);
        round.AddRange(Capture(() => Statement(s.Body)));
        _loops.Pop();
        round.Add(Expression.Label(next));
        // The upper end may be the largest integer, which the variable must not pass.
        round.Add(Expression.IfThen(Expression.GreaterThanOrEqual(variable, upper), Expression.Break(end)));
        round.Add(Expression.PreIncrementAssign(variable));
        Emit(Expression.IfThen(Expression.LessThanOrEqual(variable, upper), Expression.Loop(Expression.Block(typeof(void), round), end)));
    }

    private void While(IrWhile s)
    {
        (ParameterExpression? mark, ParameterExpression? intMark) = Marks();
        LabelTarget end = Expression.Label(), next = Expression.Label();
        _loops.Push((end, next));
        List<Expression> round = [];
        BeginRound(round, mark, intMark);
        round.AddRange(Capture(() =>
        {
            Expression condition = Condition(s.Condition);
            Emit(Expression.IfThen(Expression.Not(condition), Expression.Break(end)));
            Statement(s.Body);
        }));
        _loops.Pop();
        Emit(Expression.Loop(Expression.Block(typeof(void), round), end, next));
    }

    private void ForEach(IrForEach s)
    {
        ContainerValue container = Container(s.Container);
        if (container is { IsMutable: true, IsActive: false } && !container.Type.IsIntegral) container = StableCopy(container);
        ParameterExpression place = Local(Constant(0));
        Expression count = Once(container.Type is { Depth: 0, Base: BaseType.Matrix } ? TotalCount(container) : container.Dimensions[0]);
        Expression inner = container.Type.Depth > 0 ? Once(Product(container.Dimensions.Skip(1))) : Constant(1);
        StanType type = s.Variable.Type;
        (ParameterExpression? mark, ParameterExpression? intMark) = Marks();
        LabelTarget end = Expression.Label(), next = Expression.Label();
        _loops.Push((end, next));
        List<Expression> round = [Expression.IfThen(Expression.GreaterThanOrEqual(place, count), Expression.Break(end))];
        BeginRound(round, mark, intMark);
        round.AddRange(Capture(() =>
        {
            Expression offset = Once(Plus(container.Offset, Times(place, inner)));
            if (type.IsScalar)
            {
                ScalarValue element = ElementValue(container, offset);
                Storage storage = NewStorage(type, s.Variable.Name, element.IsActive, false);
                AssignScalar(storage, element);
                _storage[s.Variable] = storage;
            }
            else
            {
                var storage = NewStorage(type, s.Variable.Name, container.IsActive, container.IsMutable);
                Emit(Expression.Assign(storage.Offset!, offset));
                for (int d = 0; d < storage.Dimensions.Length; d++) Emit(Expression.Assign(storage.Dimensions[d], container.Dimensions[d + 1]));
                _storage[s.Variable] = storage;
            }
            Statement(s.Body);
        }));
        _loops.Pop();
        round.Add(Expression.Label(next));
        round.Add(Expression.PreIncrementAssign(place));
        Emit(Expression.Loop(Expression.Block(typeof(void), round), end));
    }

    private void Message(IrMessage s)
    {
        foreach (IrExpression part in s.Parts)
        {
            if (part is IrText text)
            {
                Emit(Call(nameof(Workspace.Say), Expression.Constant(text.Text)));
                continue;
            }
            Say(Evaluate(part));
        }
        Emit(s.Kind switch { MessageKind.Print => Call(nameof(Workspace.EndPrint)), MessageKind.Reject => Call(nameof(Workspace.EndReject)), _ => Call(nameof(Workspace.EndFatal)) });
    }

    private void Say(Value value)
    {
        switch (value)
        {
            case ScalarValue scalar:
                Emit(Call(scalar.Type.IsInt ? nameof(Workspace.SayInt) : nameof(Workspace.SayReal), scalar.Type.IsInt ? scalar.Expression : ToDouble(scalar.Expression)));
                break;
            case ContainerValue x:
                Emit(Call(x.Type.IsIntegral ? nameof(Workspace.SayInts) : nameof(Workspace.SayReals), x.Offset, Constant(x.Type.Depth), Expression.Constant(x.Type.Base == BaseType.Matrix), Expression.NewArrayInit(typeof(int), x.Dimensions)));
                break;
            case TupleValue tuple:
                foreach (Value element in tuple.Elements) Say(element);
                break;
        }
    }
}
