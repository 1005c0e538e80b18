using System.Linq.Expressions;
using Terrace.Stan.Emit.Loops;
using Terrace.Stan.Runtime;

namespace Terrace.Stan.Emit;

/// <summary>Inside scalar loops, what does not change from round to round is computed before the first.</summary>
internal sealed partial class MethodEmitter
{
    private LoopNest? _nest;
    private LoopLevel? _level;

    private readonly List<(LabelTarget Label, Expression Failure)> _failures = [];

    /// <summary>The pure part of what is emitted, which is run again when derivatives are taken in the reverse pass.</summary>
    private List<Expression>? _replay;

    /// <summary>Code that the reverse pass need not run again: checks, the target, memory.</summary>
    private void EmitEffect(Expression expression) => _body.Add(expression);

    /// <summary>The outermost loop before which an expression can be computed, or null.</summary>
    private LoopLevel? HoistLevel(Expression value)
    {
        LoopLevel? found = null;
        for (LoopLevel? level = _level; level is not null; level = level.Outer)
        {
            if (level.Conditions > 0 || (found is null && !IsPure(value)) || LocalUse.Mentions(value, level.Variant)) break;
            found = level;
        }
        return found;
    }

    /// <summary>A local inside a scalar loop.</summary>
    private ParameterExpression LoopLocal(Expression value, string? name)
    {
        LoopLevel? level = HoistLevel(value);
        ParameterExpression local = NewLocal(value.Type, name);
        if (LocalUse.Mentions(value, _nest!.Carried)) _nest.Carried.Add(local);
        if (level is null)
        {
            Emit(Expression.Assign(local, value));
            return local;
        }
        for (LoopLevel? inner = _level; inner is not null; inner = inner.Outer) inner.Variant.Remove(local);
        level.Outer?.Variant.Add(local);
        level.Preheader.Add(Expression.Assign(local, value));
        return local;
    }

    /// <summary>A check that fails the evaluation, made before the loop where its condition does not change.</summary>
    private void EmitCheck(Expression condition, Expression failure)
    {
        if (_level is null)
        {
            Emit(Expression.IfThen(condition, failure));
            return;
        }
        if (HoistLevel(condition) is { } level) level.Preheader.Add(Failing(condition, failure));
        else EmitEffect(Failing(condition, failure));
    }

    /// <summary>A check in a loop. The call that throws stands at the end of the method: between the loop's statements it would cost the loop its registers.</summary>
    private ConditionalExpression Failing(Expression condition, Expression failure)
    {
        LabelTarget label = Expression.Label();
        _failures.Add((label, Expression.Block(typeof(void), Expression.Assign(Field(nameof(Workspace.Site)), Constant(_site)), failure)));
        return Expression.IfThen(condition, Expression.Goto(label));
    }

    /// <summary>An index that moves with a loop is checked once, by the loop's ends. False where that is not possible.</summary>
    private bool CheckedByEnds(Expression index, Expression size)
    {
        (ParameterExpression? variable, int shift) = index switch
        {
            ParameterExpression p => (p, 0),
            BinaryExpression { NodeType: ExpressionType.Add, Left: ParameterExpression p, Right: ConstantExpression { Value: int k } } => (p, k),
            BinaryExpression { NodeType: ExpressionType.Subtract, Left: ParameterExpression p, Right: ConstantExpression { Value: int k } } => (p, -k),
            _ => (null, 0),
        };
        if (variable is null || Math.Abs((long)shift) > 1_000_000) return false;
        LoopLevel? level = _level;
        while (level is not null && level.Conditions == 0 && level.Variable != variable) level = level.Outer;
        if (level is null || level.Conditions > 0 || LocalUse.Mentions(size, level.Variant)) return false;
        Expression Place(Expression end) => Expression.Convert(Expression.Add(end, Constant(shift - 1)), typeof(uint));
        Expression from = Expression.GreaterThanOrEqual(Place(level.Lower!), Expression.Convert(size, typeof(uint))), to = Expression.GreaterThanOrEqual(Place(level.Upper!), Expression.Convert(size, typeof(uint)));
        Expression fault = Expression.Condition(from, Expression.Add(level.Lower!, Constant(shift)), Expression.Add(size, Constant(1)));
        level.Preheader.Add(Failing(Expression.OrElse(from, to), Call(typeof(Faults), nameof(Faults.Index), fault, size)));
        return true;
    }

    /// <summary>Whether an expression has no effects, needs no memory that may change, and cannot fail.</summary>
    private bool IsPure(Expression e) => e switch
    {
        ConstantExpression or ParameterExpression => true,
        BinaryExpression { NodeType: ExpressionType.ArrayIndex } b => _nest!.StableReads.Contains(b),
        BinaryExpression { NodeType: ExpressionType.Divide or ExpressionType.Modulo } b when b.Type == typeof(int) => b.Right is ConstantExpression { Value: not 0 } && IsPure(b.Left),
        BinaryExpression { NodeType: ExpressionType.Assign or ExpressionType.AddAssign } => false,
        BinaryExpression b => IsPure(b.Left) && IsPure(b.Right),
        UnaryExpression { NodeType: ExpressionType.Negate or ExpressionType.Not or ExpressionType.Convert } u => IsPure(u.Operand),
        ConditionalExpression c when c.Type != typeof(void) => IsPure(c.Test) && IsPure(c.IfTrue) && IsPure(c.IfFalse),
        MemberExpression { Member.Name: nameof(Workspace.DropConstants) } => true,
        IndexExpression i => _nest!.StableReads.Contains(i),
        MethodCallExpression { Object: null } c when c.Method.DeclaringType == typeof(Math) || c.Method.DeclaringType!.Namespace == "Terrace.Stan.Runtime.Scalars" =>
            c.Arguments.All(IsPure) && !c.Method.GetParameters().Any(parameter => parameter.ParameterType.IsByRef),
        _ => false,
    };

    /// <summary>Drops assignments to locals that nothing after them reads.</summary>
    private List<Expression> Needed(List<Expression> replay, IEnumerable<Expression> after)
    {
        HashSet<ParameterExpression> used = LocalUse.Of(after).Used;
        List<Expression> needed = [];
        for (int k = replay.Count - 1; k >= 0; k--)
        {
            if (replay[k] is BinaryExpression { NodeType: ExpressionType.Assign, Left: ParameterExpression local } assignment)
            {
                if (!used.Contains(local) && IsDroppable(assignment.Right)) continue;
                used.UnionWith(LocalUse.Of([assignment.Right]).Used);
            }
            else
            {
                used.UnionWith(LocalUse.Of([replay[k]]).Used);
            }
            needed.Add(replay[k]);
        }
        needed.Reverse();
        return needed;
    }

    /// <summary>Whether leaving an expression out changes nothing: it may read memory, but leaves nothing there.</summary>
    private static bool IsDroppable(Expression e) => e switch
    {
        ConstantExpression or ParameterExpression => true,
        MethodCallExpression { Object: null } c => c.Arguments.All(IsDroppable) && c.Arguments.All(argument => argument.Type != typeof(Workspace)),
        BinaryExpression b => IsDroppable(b.Left) && IsDroppable(b.Right),
        UnaryExpression u => IsDroppable(u.Operand),
        ConditionalExpression c => IsDroppable(c.Test) && IsDroppable(c.IfTrue) && IsDroppable(c.IfFalse),
        IndexExpression i => i.Arguments.All(IsDroppable),
        MemberExpression => true,
        _ => false,
    };
}
