using System.Linq.Expressions;
using Terrace.Stan.Emit.Loops;
using Terrace.Stan.Ir;
using Terrace.Stan.Runtime;

namespace Terrace.Stan.Emit;

/// <summary>
/// Scalar loops, differentiated at compile time: each round runs forward and then backward in plain code, with the adjoints of local numbers in locals. Adjoints of elements that the loop writes are known only in the
/// reverse pass, for which a second method is written that runs the rounds again from the last to the first.
/// </summary>
internal sealed partial class MethodEmitter
{
    private const int Stretch = 1023;
    private AssignmentOrder? _order;
    private List<Action> _deferred = [];

    /// <summary>Tells which statements the method consists of, before any is written.</summary>
    public void Survey(IEnumerable<IrStatement> statements) => _order = new AssignmentOrder(statements);

    private bool TryScalarLoop(IrFor s)
    {
        if (!_differentiates || !_program.WritesScalarLoops || _order is null || ScalarLoopShape.Of(s, _order, IsActiveSymbol, MayChange) is not { } shape) return false;
        int before = _body.Count;
        List<Expression> body = _body;
        try
        {
            ScalarLoop(s, shape);
            _program.ScalarLoopCount++;
            return true;
        }
        catch (NotAScalarLoopException)
        {
            _body = body;
            _body.RemoveRange(before, _body.Count - before);
            return false;
        }
        finally
        {
            _nest = null;
            _level = null;
            _replay = null;
            _deferred = [];
        }
    }

    private bool MayChange(IrSymbol symbol) => symbol.Kind == SymbolKind.Argument && _storage.TryGetValue(symbol, out Storage? storage) && storage.IsMutable;

    private void ScalarLoop(IrFor s, ScalarLoopShape shape)
    {
        ParameterExpression lower = Local(Int(s.Lower)), upper = Local(Int(s.Upper));
        ParameterExpression target = NewLocal(typeof(double), "target");
        _nest = new LoopNest(shape, target);
        _deferred = [];
        ParameterExpression variable = NewLocal(typeof(int), s.Variable.Name);
        LoopLevel level = Enter(null, s, true, variable, lower, upper);
        _storage[s.Variable] = new Storage { Number = variable };
        List<Expression> forward = [], replay = [], outer = _body;
        _body = forward;
        _replay = replay;
        ScalarStatement(s.Body);
        _replay = null;
        if (shape.AddsToTarget(s)) Backward(_deferred, ReverseTime.Now);
        _body = [];
        List<Expression> later = _body;
        if (shape.WritesActiveElements(s))
        {
            level.InReverse = true;
            Backward(_deferred, ReverseTime.Later);
            Refuse(later);
        }
        _body = outer;
        _level = null;
        _nest.Time = ReverseTime.Now;

        List<Expression> code = [Expression.Assign(target, Constant(0.0))];
        code.AddRange(Rising(level, variable, lower, upper, forward));
        if (shape.AddsToTarget(s)) code.Add(Expression.AddAssign(Field(nameof(Workspace.Target)), target));
        if (later.Count > 0)
        {
            List<Expression> reverse = Falling(level, variable, lower, upper, [.. Needed(replay, later), .. later], level.LaterSums);
            code.AddRange(Record(s.Variable.Name, reverse));
        }
        Emit(Expression.IfThen(Expression.LessThanOrEqual(lower, upper), Sequence(code)));
    }

    private LoopLevel Enter(LoopLevel? outer, IrFor s, bool immediate, ParameterExpression variable, Expression lower, Expression upper)
    {
        var level = new LoopLevel(outer, immediate) { Variable = variable, Lower = lower, Upper = upper };
        level.Variant.Add(variable);
        foreach (IrSymbol symbol in _nest!.Shape.FromOutside(s))
        {
            if (!symbol.Type.IsScalar) continue;
            Storage storage = StorageOf(symbol);
            level.Variant.Add(storage.Number!);
            level.Carried.Add(storage.Number!);
            if (storage.Adjoint is not null) level.Variant.Add(storage.Adjoint);
        }
        _level = level;
        return level;
    }

    /// <summary>The rounds from first to last; the code stands under a test that there is one.</summary>
    private List<Expression> Rising(LoopLevel level, ParameterExpression variable, Expression lower, Expression upper, List<Expression> round, bool counted = true)
    {
        LabelTarget end = Expression.Label(), pause = Expression.Label();
        Expression stop = counted ? Stop() : upper;
        List<Expression> inner = [.. round, Expression.IfThen(Expression.GreaterThanOrEqual(variable, stop), Expression.Break(pause)), Expression.PreIncrementAssign(variable)];
        List<Expression> code = [.. counted ? level.Preheader : Assignments(level.Preheader), Expression.Assign(variable, lower)];
        if (counted) code.AddRange(level.Allocations);
        if (counted) foreach (ParameterExpression sum in level.Sums.Values) code.Add(Expression.Assign(sum, Constant(0.0)));
        Expression rounds = Expression.Loop(Expression.Block(typeof(void), inner), pause);
        if (counted)
        {
            // The limits are looked at between stretches of rounds, not in each.
            MemberExpression fuel = Field(nameof(Workspace.Fuel));
            code.Add(Expression.Loop(
                Expression.Block(
                    typeof(void),
                    Expression.Assign(stop, Expression.Condition(Expression.GreaterThan(Long(upper), Expression.Add(Long(variable), Expression.Constant((long)Stretch))), Expression.Add(variable, Constant(Stretch)), upper)),
                    Expression.SubtractAssign(fuel, Expression.Add(Expression.Subtract(stop, variable), Constant(1))),
                    rounds,
                    Expression.IfThen(Expression.LessThan(fuel, Constant(0)), Call(nameof(Workspace.Refuel))),
                    Expression.IfThen(Expression.GreaterThanOrEqual(variable, upper), Expression.Break(end)),
                    Expression.PreIncrementAssign(variable)),
                end));
        }
        else
        {
            code.Add(rounds);
        }
        if (counted) foreach ((ParameterExpression slot, ParameterExpression sum) in level.Sums) code.Add(Expression.AddAssign(Expression.ArrayAccess(_a, slot), sum));
        return code;
    }

    private static UnaryExpression Long(Expression e) => Expression.Convert(e, typeof(long));

    private ParameterExpression Stop()
    {
        ParameterExpression stop = Expression.Variable(typeof(int), "stop");
        _locals.Add(stop);
        return stop;
    }

    private static IEnumerable<Expression> Assignments(List<Expression> preheader) => preheader.Where(e => e is BinaryExpression { NodeType: ExpressionType.Assign });

    /// <summary>The rounds from last to first.</summary>
    private List<Expression> Falling(LoopLevel level, ParameterExpression variable, Expression lower, Expression upper, List<Expression> round, Dictionary<ParameterExpression, ParameterExpression> sums)
    {
        LabelTarget end = Expression.Label();
        List<Expression> inner = [.. round, Expression.IfThen(Expression.LessThanOrEqual(variable, lower), Expression.Break(end)), Expression.PreDecrementAssign(variable)];
        List<Expression> code = [.. Assignments(level.Preheader), Expression.Assign(variable, upper)];
        foreach (ParameterExpression sum in sums.Values) code.Add(Expression.Assign(sum, Constant(0.0)));
        code.Add(Expression.Loop(Expression.Block(typeof(void), inner), end));
        foreach ((ParameterExpression slot, ParameterExpression sum) in sums) code.Add(Expression.AddAssign(Expression.ArrayAccess(_a, slot), sum));
        return code;
    }

    /// <summary>Writes the method of the reverse pass and the record that calls it: locals that it needs travel as operands, reals by a slot.</summary>
    private List<Expression> Record(string name, List<Expression> reverse)
    {
        LocalUse use = LocalUse.Of(reverse);
        ParameterExpression[] arrays = [_v, _a, _i, _g];
        List<ParameterExpression> given = [.. use.Used.Where(local => !use.Assigned.Contains(local) && local != _w && !arrays.Contains(local))];
        ParameterExpression code = Expression.Variable(typeof(int[]), "code"), at = Expression.Variable(typeof(int), "at");
        List<Expression> method =
        [
            Expression.Assign(_v, Field(nameof(Workspace.V))), Expression.Assign(_a, Field(nameof(Workspace.A))), Expression.Assign(_i, Field(nameof(Workspace.I))), Expression.Assign(_g, Field(nameof(Workspace.Globals))),
            Expression.Assign(code, Field(nameof(Workspace.Code))), Expression.Assign(at, Field(nameof(Workspace.CodeTop))),
        ];
        List<Expression> record = [];
        foreach (ParameterExpression local in given)
        {
            Expression operand = Expression.ArrayIndex(code, Expression.Add(at, Constant(1 + record.Count)));
            if (local.Type == typeof(double))
            {
                method.Add(Expression.Assign(local, Expression.ArrayIndex(_v, operand)));
                record.Add(Call(nameof(Workspace.PushOperand), Call(nameof(Workspace.NewSlot), local)));
            }
            else if (local.Type == typeof(bool))
            {
                method.Add(Expression.Assign(local, Expression.NotEqual(operand, Constant(0))));
                record.Add(Call(nameof(Workspace.PushOperand), Expression.Condition(local, Constant(1), Constant(0))));
            }
            else if (local.Type == typeof(int))
            {
                method.Add(Expression.Assign(local, operand));
                record.Add(Call(nameof(Workspace.PushOperand), local));
            }
            else
            {
                throw new NotAScalarLoopException();
            }
        }
        method.AddRange(reverse);
        method.Add(Expression.Empty());
        IEnumerable<ParameterExpression> locals = use.Used.Concat(arrays).Append(code).Append(at).Where(local => local != _w).Distinct();
        int index = _program.AddMethod(Expression.Lambda<Action<Workspace>>(Expression.Block(locals, method), $"reverse_{name}", [_w]));
        return [Call(nameof(Workspace.PushOperand), Constant(index)), .. record, Call(nameof(Workspace.CloseLoop), Constant(1 + record.Count))];
    }

    private void ScalarStatement(IrStatement statement)
    {
        if (statement is not (IrBlock or IrFor))
        {
            _site = _program.SiteOf(statement.Span);
            EmitEffect(Expression.Assign(Field(nameof(Workspace.Site)), Constant(_site)));
        }
        switch (statement)
        {
            case IrBlock s: foreach (IrStatement inner in s.Statements) ScalarStatement(inner); break;
            case IrDeclaration { Symbol.Type.IsScalar: false } s: DeclareScratch(s.Symbol); break;
            case IrDeclaration s: DeclareNumber(s); break;
            case IrAssignment s: Assign(s); break;
            case IrTarget s: AddToScalarTarget(s.Value); break;
            case IrIf s: ScalarIf(s); break;
            case IrFor s: InnerLoop(s); break;
            default: throw new NotAScalarLoopException();
        }
    }

    private void DeclareNumber(IrDeclaration s)
    {
        Storage storage = NumberStorage(s.Symbol);
        ScalarValue value = s.Value is null
            ? new ScalarValue(s.Symbol.Type, s.Symbol.Type.IsInt ? Constant(int.MinValue) : Constant(double.NaN))
            : Scalar(s.Value);
        if (storage.Adjoint is not null) Emit(Expression.Assign(storage.Adjoint, Constant(0.0)));
        _storage[s.Symbol] = storage;
        AssignNumber(storage, value, _nest!.Shape.Reassigned.Contains(s.Symbol) && s.Value is not null);
    }

    private Storage NumberStorage(IrSymbol symbol) => new()
    {
        Number = NewLocal(symbol.Type.IsInt ? typeof(int) : typeof(double), symbol.Name),
        Adjoint = IsActiveSymbol(symbol) ? NewLocal(typeof(double), symbol.Name + "_adjoint") : null,
        IsActive = IsActiveSymbol(symbol),
    };

    /// <summary>A number gets a value; going back, its adjoint goes to what the value was computed from and starts again from 0.</summary>
    private void AssignNumber(Storage storage, ScalarValue value, bool again)
    {
        Expression number = storage.Number!.Type == typeof(int) ? value.Expression : ToDouble(value.Expression);
        if (LocalUse.Mentions(number, _nest!.Carried)) _nest.Carried.Add(storage.Number);
        Emit(Expression.Assign(storage.Number, number));
        if (storage.Adjoint is not { } adjoint) return;
        _deferred.Add(() =>
        {
            HashSet<ParameterExpression> touched = Touched;
            if (!again && !touched.Contains(adjoint)) return;
            Expression seed = adjoint;
            if (again)
            {
                seed = Local(adjoint);
                Emit(Expression.Assign(adjoint, Constant(0.0)));
            }
            if (value.Node is not null) Spread(value.Node, seed, AddAdjoint);
        });
    }

    private HashSet<ParameterExpression> Touched => _nest!.Time == ReverseTime.Now ? _nest.TouchedNow : _nest.TouchedLater;

    private void AddToScalarTarget(IrExpression e)
    {
        if (e is IrOperator { Sign: "+" } sum)
        {
            AddToScalarTarget(sum.Operands[0]);
            AddToScalarTarget(sum.Operands[1]);
            return;
        }
        ScalarValue value = e is IrBuiltinCall call ? (ScalarValue)Builtin(call, true) : Scalar(e);
        EmitEffect(Expression.AddAssign(_nest!.Target, ToDouble(value.Expression)));
        if (value.Node is not { } node) return;
        _deferred.Add(() =>
        {
            if (_nest.Time == ReverseTime.Now) Spread(node, null, AddAdjoint);
        });
    }

    /// <summary>An element gets a value; its adjoint is complete when the reverse pass comes to this loop.</summary>
    private void AssignScalarElement(ContainerValue x, Expression place, ScalarValue value)
    {
        place = Once(place);
        Expression store = Expression.Assign(ValueAt(place), ToDouble(value.Expression));
        if (x.Scratch is null) EmitEffect(store);
        else Emit(store);
        if (!x.IsActive) return;
        _deferred.Add(() =>
        {
            if (x.Scratch is null ? _nest!.Time == ReverseTime.Now : !Touched.Contains(x.Scratch)) return;
            Expression seed = Local(Expression.ArrayAccess(_a, place));
            Emit(Expression.Assign(Expression.ArrayAccess(_a, place), Constant(0.0)));
            if (value.Node is not null) Spread(value.Node, seed, AddAdjoint);
        });
    }

    private void AddAdjoint(DerivativeNode leaf, Expression? partial)
    {
        partial ??= Constant(1.0);
        if (leaf is SpanNode span)
        {
            span.Back(partial);
            return;
        }
        if (leaf is AdjointNode own)
        {
            Emit(Expression.AddAssign(own.Adjoint, partial));
            Touched.Add(own.Adjoint);
            return;
        }
        var slot = (SlotNode)leaf;
        if (slot.Scratch is not null) Touched.Add(slot.Scratch);
        if (!slot.IsMutable && slot.Slot is ParameterExpression place && SumOf(place) is { } sum) Emit(Expression.AddAssign(sum, partial));
        else Emit(Expression.AddAssign(Expression.ArrayAccess(_a, slot.Slot), partial));
    }

    /// <summary>The local that sums the adjoint of a slot that no round changes.</summary>
    private ParameterExpression? SumOf(ParameterExpression place)
    {
        LoopLevel? found = null;
        for (LoopLevel? level = _level; level is not null && !level.Variant.Contains(place); level = level.Outer)
            if (!level.InReverse || (level.Outer is null && _nest!.Time == ReverseTime.Later)) found = level;
        if (found is null) return null;
        Dictionary<ParameterExpression, ParameterExpression> sums = _nest!.Time == ReverseTime.Later ? found.LaterSums : found.Sums;
        if (!sums.TryGetValue(place, out ParameterExpression? sum))
        {
            sums[place] = sum = Expression.Variable(typeof(double), place.Name + "_sum");
            _locals.Add(sum);
        }
        return sum;
    }

    /// <summary>Writes the backward code of statements, last first.</summary>
    private void Backward(List<Action> deferred, ReverseTime time)
    {
        _nest!.Time = time;
        for (int k = deferred.Count - 1; k >= 0; k--) deferred[k]();
    }

    /// <summary>Code that needs a number carried over from an earlier round cannot run a round alone.</summary>
    private void Refuse(List<Expression> backward)
    {
        foreach (Expression e in backward) if (LocalUse.Mentions(e, _nest!.Carried)) throw new NotAScalarLoopException();
    }
}
