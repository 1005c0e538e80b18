using System.Linq.Expressions;
using Terrace.Stan.Emit.Loops;
using Terrace.Stan.Ir;

namespace Terrace.Stan.Emit;

/// <summary>Conditions and loops inside scalar loops: going back, a condition takes the branch that it took, and an inner loop runs from its last round to its first.</summary>
internal sealed partial class MethodEmitter
{
    /// <summary>The code of a branch: forward, what of it is to be run again, and its backward code.</summary>
    private sealed record Branch(List<Expression> Forward, List<Expression> Replay, List<Action> Deferred);

    private Branch CaptureBranch(Action write)
    {
        List<Expression> body = _body;
        List<Expression>? replay = _replay;
        List<Action> deferred = _deferred;
        var branch = new Branch([], [], []);
        (_body, _replay, _deferred) = (branch.Forward, branch.Replay, branch.Deferred);
        _level!.Conditions++;
        write();
        _level.Conditions--;
        (_body, _replay, _deferred) = (body, replay, deferred);
        return branch;
    }

    private List<Expression> CaptureBackward(Action write)
    {
        List<Expression> body = _body;
        _body = [];
        _level!.Conditions++;
        write();
        _level.Conditions--;
        List<Expression> code = _body;
        _body = body;
        return code;
    }

    private void ScalarIf(IrIf s)
    {
        ParameterExpression condition = Local(Condition(s.Condition));
        Branch then = CaptureBranch(() => ScalarStatement(s.Then)), otherwise = CaptureBranch(() =>
        {
            if (s.Else is not null) ScalarStatement(s.Else);
        });
        EmitEffect(Expression.IfThenElse(condition, Sequence(then.Forward), Sequence(otherwise.Forward)));
        if (then.Replay.Count + otherwise.Replay.Count > 0) _replay?.Add(Expression.IfThenElse(condition, Sequence(then.Replay), Sequence(otherwise.Replay)));
        _deferred.Add(() =>
        {
            ReverseTime time = _nest!.Time;
            // Both branches are written before either runs, as both may touch a number that was declared before.
            List<Expression> backThen = CaptureBackward(() => Backward(then.Deferred, time)), backElse = CaptureBackward(() => Backward(otherwise.Deferred, time));
            if (backThen.Count + backElse.Count > 0) Emit(Expression.IfThenElse(condition, Sequence(backThen), Sequence(backElse)));
        });
    }

    /// <summary>A choice between two numbers.</summary>
    private ScalarValue ScalarConditional(IrConditional e)
    {
        ParameterExpression condition = Local(Condition(e.Condition));
        ScalarValue a = null!, b = null!;
        Branch then = CaptureBranch(() => a = Scalar(e.IfTrue)), otherwise = CaptureBranch(() => b = Scalar(e.IfFalse));
        ParameterExpression number = NewLocal(e.Type.IsInt ? typeof(int) : typeof(double));
        Expression Value(ScalarValue value) => e.Type.IsInt ? value.Expression : ToDouble(value.Expression);
        foreach (ScalarValue value in (ScalarValue[])[a, b]) if (LocalUse.Mentions(value.Expression, _nest!.Carried)) _nest.Carried.Add(number);
        EmitEffect(Expression.IfThenElse(condition, Sequence([.. then.Forward, Expression.Assign(number, Value(a))]), Sequence([.. otherwise.Forward, Expression.Assign(number, Value(b))])));
        _replay?.Add(Expression.IfThenElse(condition, Sequence([.. then.Replay, Expression.Assign(number, Value(a))]), Sequence([.. otherwise.Replay, Expression.Assign(number, Value(b))])));
        if (!a.IsActive && !b.IsActive) return new ScalarValue(e.Type, number);
        ParameterExpression adjoint = NewLocal(typeof(double));
        Emit(Expression.Assign(adjoint, Constant(0.0)));
        _deferred.Add(() =>
        {
            if (!Touched.Contains(adjoint)) return;
            ReverseTime time = _nest!.Time;
            List<Expression> Back(ScalarValue value, Branch branch) => CaptureBackward(() =>
            {
                if (value.Node is not null) Spread(value.Node, adjoint, AddAdjoint);
                Backward(branch.Deferred, time);
            });
            Emit(Expression.IfThenElse(condition, Sequence(Back(a, then)), Sequence(Back(b, otherwise))));
        });
        return new ScalarValue(e.Type, number, new AdjointNode(adjoint));
    }

    private void InnerLoop(IrFor s)
    {
        ScalarLoopShape shape = _nest!.Shape;
        Expression lower = Once(Int(s.Lower));
        Expression upper = Once(Int(s.Upper));
        ParameterExpression variable = NewLocal(typeof(int), s.Variable.Name);
        _storage[s.Variable] = new Storage { Number = variable };
        bool immediate = shape.IsImmediate(s), assigns = shape.Scratch.Outlives(s) || shape.FromOutside(s).Any(symbol => symbol.Type.IsScalar);
        LoopLevel outer = _level!;
        LoopLevel level = Enter(outer, s, immediate, variable, lower, upper);
        List<Expression> forward = [], replay = [], body = _body;
        List<Expression>? outerReplay = _replay;
        List<Action> outerDeferred = _deferred, deferred = [];
        (_body, _replay, _deferred) = (forward, replay, deferred);
        ScalarStatement(s.Body);
        _replay = null;
        if (immediate && shape.AddsToTarget(s)) Backward(deferred, ReverseTime.Now);
        (_body, _replay, _deferred, _level) = (body, outerReplay, outerDeferred, outer);
        Expression some = Expression.LessThanOrEqual(lower, upper);
        EmitEffect(Expression.IfThen(some, Sequence(Rising(level, variable, lower, upper, forward))));
        if (assigns) _replay?.Add(Expression.IfThen(some, Sequence(Rising(level, variable, lower, upper, replay, false))));
        _deferred.Add(() => Backward(s, level, deferred, replay, variable, lower, upper));
    }

    private void Backward(IrFor s, LoopLevel level, List<Action> deferred, List<Expression> replay, ParameterExpression variable, Expression lower, Expression upper)
    {
        ReverseTime time = _nest!.Time;
        if (time == ReverseTime.Now && level.IsImmediate) return;
        List<Expression> body = _body, back = [];
        LoopLevel outer = _level!;
        (_body, _level) = (back, level);
        level.InReverse = true;
        Backward(deferred, time);
        (_body, _level) = (body, outer);
        if (back.Count == 0) return;
        Refuse(back);
        // A round that fills a container need not fill it again to go back.
        if (_nest.Shape.Scratch.IsFill(s)) replay = [.. replay.Where(e => e is not BinaryExpression { NodeType: ExpressionType.Assign, Left: IndexExpression })];
        Emit(Expression.IfThen(Expression.LessThanOrEqual(lower, upper), Sequence(Falling(level, variable, lower, upper, [.. Needed(replay, back), .. back], []))));
    }
}
