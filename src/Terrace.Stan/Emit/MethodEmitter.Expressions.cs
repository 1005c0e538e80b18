using System.Linq.Expressions;
using Terrace.Stan.Ir;
using Terrace.Stan.Runtime;
using Terrace.Stan.Types;

namespace Terrace.Stan.Emit;

/// <summary>Expressions.</summary>
internal sealed partial class MethodEmitter
{
    private Value Evaluate(IrExpression e) => e switch
    {
        IrInteger x => new ScalarValue(StanType.Int, Constant(x.Value)),
        IrReal x => new ScalarValue(StanType.Real, Constant(x.Value)),
        IrVariable x => Read(x.Symbol),
        IrPromotion x => Promote(x),
        IrOperator x => Operator(x),
        IrBuiltinCall x => Builtin(x, false),
        IrUserCall x => UserCall(x),
        IrIndexed x => Indexed(x),
        IrConditional x => Conditional(x),
        IrArray x => ArrayOf(x),
        IrRowVector x => RowVectorOf(x),
        IrTuple x => new TupleValue(x.Type, [.. x.Elements.Select(Evaluate)]),
        IrTupleElement x => ((TupleValue)Evaluate(x.Target)).Elements[x.Element],
        IrTargetValue => new ScalarValue(StanType.Real, Once(Field(nameof(Workspace.Target)))),
        _ => throw new InvalidOperationException($"no code for {e.GetType().Name}"),
    };

    private ScalarValue Scalar(IrExpression e) => (ScalarValue)Evaluate(e);

    private ContainerValue Container(IrExpression e) => (ContainerValue)Evaluate(e);

    private Expression Int(IrExpression e) => Scalar(e).Expression;

    /// <summary>A condition as a bool.</summary>
    private Expression Condition(IrExpression e)
    {
        if (e is IrOperator { Sign: "&&" or "||" } logical)
        {
            Expression left = Condition(logical.Operands[0]);
            Expression right = null!;
            List<Expression> code = Capture(() => right = Condition(logical.Operands[1]));
            if (code.Count == 0) return logical.Sign == "&&" ? Expression.AndAlso(left, right) : Expression.OrElse(left, right);
            ParameterExpression result = Local(left);
            code.Add(Expression.Assign(result, right));
            Emit(logical.Sign == "&&" ? Expression.IfThen(result, Sequence(code)) : Expression.IfThen(Expression.Not(result), Sequence(code)));
            return result;
        }
        if (e is IrOperator { Sign: "!" } not) return Expression.Not(Condition(not.Operands[0]));
        if (e is IrOperator { Sign: "==" or "!=" or "<" or "<=" or ">" or ">=" } comparison)
        {
            ScalarValue a = Scalar(comparison.Operands[0]), b = Scalar(comparison.Operands[1]);
            bool ints = a.Type.IsInt && b.Type.IsInt;
            Expression left = ints ? a.Expression : ToDouble(a.Expression), right = ints ? b.Expression : ToDouble(b.Expression);
            return comparison.Sign switch
            {
                "==" => Expression.Equal(left, right),
                "!=" => Expression.NotEqual(left, right),
                "<" => Expression.LessThan(left, right),
                "<=" => Expression.LessThanOrEqual(left, right),
                ">" => Expression.GreaterThan(left, right),
                _ => Expression.GreaterThanOrEqual(left, right),
            };
        }
        Expression value = Scalar(e).Expression;
        return value.Type == typeof(int) ? Expression.NotEqual(value, Constant(0)) : Expression.NotEqual(value, Constant(0.0));
    }

    private Value Promote(IrPromotion e)
    {
        Value value = Evaluate(e.Operand);
        return value is ScalarValue scalar ? new ScalarValue(e.Type, ToDouble(scalar.Expression), scalar.Node) : Reals((ContainerValue)value);
    }

    private Value Conditional(IrConditional e)
    {
        if (_nest is not null) return ScalarConditional(e);
        Expression condition = Condition(e.Condition);
        Value a = null!, b = null!;
        List<Expression> codeA = Capture(() => a = Settled(e.IfTrue)), codeB = Capture(() => b = Settled(e.IfFalse));
        if (e.Type.IsScalar)
        {
            var x = (ScalarValue)a;
            var y = (ScalarValue)b;
            if (!x.IsActive && !y.IsActive && codeA.Count == 0 && codeB.Count == 0) return new ScalarValue(e.Type, Expression.Condition(condition, x.Expression, y.Expression));
            ParameterExpression number = NewLocal(x.Expression.Type);
            ParameterExpression? slot = x.IsActive || y.IsActive ? NewLocal(typeof(int)) : null;
            codeA.Add(Expression.Assign(number, x.Expression));
            codeB.Add(Expression.Assign(number, y.Expression));
            if (slot is not null)
            {
                codeA.Add(Expression.Assign(slot, x.Node is SlotNode m ? m.Slot : Constant(Workspace.IdleSlot)));
                codeB.Add(Expression.Assign(slot, y.Node is SlotNode n ? n.Slot : Constant(Workspace.IdleSlot)));
            }
            Emit(Expression.IfThenElse(condition, Sequence(codeA), Sequence(codeB)));
            return new ScalarValue(e.Type, number, slot is null ? null : new SlotNode(slot, false));
        }
        if (a is not ContainerValue left || b is not ContainerValue right) throw new StanFaultException(StanFaultKind.Error, "a choice between tuples is not supported");
        ParameterExpression offset = NewLocal(typeof(int));
        ParameterExpression[] sizes = [.. left.Dimensions.Select(_ => NewLocal(typeof(int)))];
        void Take(List<Expression> code, ContainerValue from)
        {
            code.Add(Expression.Assign(offset, from.Offset));
            for (int k = 0; k < sizes.Length; k++) code.Add(Expression.Assign(sizes[k], from.Dimensions[k]));
        }
        Take(codeA, left);
        Take(codeB, right);
        Emit(Expression.IfThenElse(condition, Sequence(codeA), Sequence(codeB)));
        return new ContainerValue(e.Type, offset, sizes) { IsActive = left.IsActive || right.IsActive, IsMutable = left.IsMutable || right.IsMutable };
    }

    /// <summary>A value whose slot, if it has one, is its own.</summary>
    private Value Settled(IrExpression e) => Settled(Evaluate(e));

    private Value Settled(Value value)
    {
        if (value is TupleValue tuple) return new TupleValue(tuple.Type, [.. tuple.Elements.Select(Settled)]);
        if (value is not ScalarValue { IsActive: true } scalar) return value;
        Expression number = Once(scalar.Expression);
        return new ScalarValue(scalar.Type, number, new SlotNode(SlotOf(new ScalarValue(scalar.Type, number, scalar.Node)), false));
    }

    private ContainerValue RowVectorOf(IrRowVector e)
    {
        if (e.Type.Equals(StanType.RowVector)) return Gathered(e.Type, [Constant(e.Elements.Count)], e.Elements);
        // A matrix from its rows.
        ContainerValue[] rows = [.. e.Elements.Select(Container)];
        Expression cols = rows.Length == 0 ? Constant(0) : rows[0].Dimensions[0];
        bool active = rows.Any(row => row.IsActive);
        Expression offset = Once(Call(nameof(Workspace.AllocateSlots), Times(Constant(rows.Length), cols)));
        for (int r = 0; r < rows.Length; r++)
        {
            CheckSize("a row of the matrix", cols, rows[r].Dimensions[0]);
            Emit(Call(typeof(Copies), nameof(Copies.Assign), _w, Plus(offset, Constant(r)), Constant(rows.Length), rows[r].Offset, cols, Expression.Constant(rows[r].IsActive), Expression.Constant(active)));
        }
        return new ContainerValue(e.Type, offset, [Constant(rows.Length), cols]) { IsActive = active && _differentiates, IsFresh = true };
    }

    private ContainerValue ArrayOf(IrArray e)
    {
        StanType element = e.Type.Element;
        if (element.IsScalar) return Gathered(e.Type, [Constant(e.Elements.Count)], e.Elements);
        ContainerValue[] parts = [.. e.Elements.Select(Container)];
        Expression count = Once(TotalCount(parts[0]));
        bool active = parts.Any(part => part.IsActive);
        bool ints = e.Type.IsIntegral;
        Expression offset = ints
            ? Once(Expression.Property(Call(nameof(Workspace.AllocateInts), Times(Constant(parts.Length), count)), nameof(IntBlock.Offset)))
            : Once(Call(nameof(Workspace.AllocateSlots), Times(Constant(parts.Length), count)));
        for (int k = 0; k < parts.Length; k++)
        {
            for (int d = 0; d < parts[k].Dimensions.Length; d++) CheckSize("an element of the array", parts[0].Dimensions[d], parts[k].Dimensions[d]);
            Expression target = Plus(offset, Times(Constant(k), count));
            Emit(ints
                ? Call(typeof(Array), _i, parts[k].Offset, target, count)
                : Call(typeof(Copies), nameof(Copies.Assign), _w, target, Constant(1), parts[k].Offset, count, Expression.Constant(parts[k].IsActive), Expression.Constant(active)));
        }
        return new ContainerValue(e.Type, offset, [Constant(parts.Length), .. parts[0].Dimensions]) { IsActive = active && _differentiates, IsFresh = true };
    }

    private static MethodCallExpression Call(Type type, Expression array, Expression from, Expression to, Expression count) =>
        Expression.Call(type.GetMethod(nameof(Array.Copy), [typeof(Array), typeof(int), typeof(Array), typeof(int), typeof(int)])!, array, from, array, to, count);

    /// <summary>Single numbers side by side.</summary>
    private ContainerValue Gathered(StanType type, Expression[] dimensions, IReadOnlyList<IrExpression> elements)
    {
        ScalarValue[] values = [.. elements.Select(element => (ScalarValue)Settled(element))];
        bool ints = type.IsIntegral, active = values.Any(value => value.IsActive);
        Expression offset = ints
            ? Once(Expression.Property(Call(nameof(Workspace.AllocateInts), Constant(values.Length)), nameof(IntBlock.Offset)))
            : Once(Call(nameof(Workspace.AllocateSlots), Constant(values.Length)));
        for (int k = 0; k < values.Length; k++)
        {
            Expression place = Once(Plus(offset, Constant(k)));
            Emit(Expression.Assign(ints ? IntAt(place) : ValueAt(place), ints ? values[k].Expression : ToDouble(values[k].Expression)));
            if (values[k].IsActive) RecordEdges(values[k].Node, place);
        }
        return new ContainerValue(type, offset, dimensions) { IsActive = active && _differentiates, IsFresh = true };
    }

    /// <summary>Checks that two sizes agree, at run time unless they are the same already.</summary>
    private void CheckSize(string name, Expression declared, Expression given)
    {
        if (ReferenceEquals(declared, given) || (declared is ConstantExpression { Value: int x } && given is ConstantExpression { Value: int y } && x == y)) return;
        Emit(Expression.IfThen(Expression.NotEqual(declared, given), Call(typeof(Faults), nameof(Faults.Size), Expression.Constant(name), declared, given)));
    }
}
