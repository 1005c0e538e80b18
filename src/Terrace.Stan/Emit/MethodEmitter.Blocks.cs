using System.Linq.Expressions;
using System.Reflection;
using Terrace.Stan.Emit.Loops;
using Terrace.Stan.Runtime;
using Terrace.Stan.Types;

namespace Terrace.Stan.Emit;

/// <summary>From values to the runtime's blocks and back.</summary>
internal sealed partial class MethodEmitter
{
    private static readonly ConstructorInfo NewBlock = typeof(Block).GetConstructor([typeof(int), typeof(int), typeof(int), typeof(int), typeof(bool)])!;
    private static readonly ConstructorInfo NewIntBlock = typeof(IntBlock).GetConstructor([typeof(int), typeof(int)])!;

    /// <summary>The slot of a scalar that depends on the parameters: its own, or a fresh one with a linear record.</summary>
    private Expression SlotOf(ScalarValue value)
    {
        if (_nest is not null) throw new NotAScalarLoopException();
        if (value.Node is SlotNode { IsMutable: false } slot) return slot.Slot;
        if (value.Node is null) return Constant(Workspace.IdleSlot);
        ParameterExpression fresh = Local(Call(nameof(Workspace.NewSlot), value.Expression));
        RecordEdges(value.Node, fresh);
        return fresh;
    }

    /// <summary>Writes the linear record of a value into <paramref name="target"/>.</summary>
    private void RecordEdges(DerivativeNode? node, Expression target)
    {
        int edges = 0;
        if (node is not null)
        {
            Spread(node, null, (leaf, partial) =>
            {
                Emit(Call(nameof(Workspace.Edge), ((SlotNode)leaf).Slot, partial ?? Constant(1.0)));
                edges++;
            });
        }
        Emit(Call(nameof(Workspace.CloseLinear), target, Constant(edges)));
    }

    /// <summary>Runs an expression's graph backwards: calls <paramref name="sink"/> with each slot or local and the partial derivative by it (null is 1).</summary>
    private void Spread(DerivativeNode node, Expression? adjoint, Action<DerivativeNode, Expression?> sink)
    {
        if (node is SlotNode or AdjointNode or SpanNode)
        {
            sink(node, adjoint);
            return;
        }
        var operation = (OperationNode)node;
        if (adjoint is not null && operation.Edges.Count(edge => edge.Operand is not null) > 1) adjoint = Once(adjoint);
        foreach ((DerivativeNode? operand, Func<Expression?> partial) in operation.Edges)
        {
            if (operand is null) continue;
            Expression? own = partial();
            Expression? chained = own is null ? adjoint : adjoint is null ? own : own is ConstantExpression { Value: -1.0 } ? Expression.Negate(adjoint) : Expression.Multiply(adjoint, own);
            if (chained is not null && operand is OperationNode) chained = Once(chained);
            Spread(operand, chained, sink);
        }
    }

    /// <summary>A scalar or container of reals as a block whose values do not change until the reverse pass.</summary>
    private Expression ToBlock(Value value)
    {
        if (value is ScalarValue scalar)
        {
            if (scalar.IsActive) return Expression.New(NewBlock, SlotOf(scalar), Constant(1), Constant(1), Constant(1), Expression.Constant(true));
            return Local(Call(nameof(Workspace.AllocateScalar), ToDouble(scalar.Expression), Expression.Constant(false)));
        }
        ContainerValue x = Reals((ContainerValue)value);
        return RawBlock(x.IsActive && x.IsMutable ? StableCopy(x) : x);
    }

    private ContainerValue StableCopy(ContainerValue x)
    {
        Expression copied = Local(Call(typeof(Copies), nameof(Copies.Copy), _w, RawBlock(x)));
        return new ContainerValue(x.Type, Once(Expression.Property(copied, nameof(Block.Offset))), x.Dimensions) { IsActive = x.IsActive, IsFresh = true };
    }

    private Expression RawBlock(ContainerValue x) => Expression.New(NewBlock, x.Offset, OuterCount(x), Rows(x), Cols(x), Expression.Constant(x.IsActive && _differentiates));

    /// <summary>Integers converted to reals; data are converted once, when they are read.</summary>
    private ContainerValue Reals(ContainerValue x)
    {
        if (!x.Type.IsIntegral) return x;
        Expression block = Local(Call(typeof(Promotions), nameof(Promotions.ToReals), _w, ToIntBlock(x)));
        return new ContainerValue(x.Type.AsReal, Once(Expression.Property(block, nameof(Block.Offset))), x.Dimensions) { IsFresh = true };
    }

    /// <summary>Integers, or one of them, as a block.</summary>
    private Expression ToIntBlock(Value value) => value is ScalarValue scalar
        ? Local(Call(typeof(Promotions), nameof(Promotions.OneInt), _w, scalar.Expression))
        : Expression.New(NewIntBlock, ((ContainerValue)value).Offset, TotalCount((ContainerValue)value));

    /// <summary>A block that a runtime function returned, as a value of a type. Array dimensions beyond the first are given, as a block does not know them.</summary>
    private Value FromBlock(Expression call, StanType type, bool active, Expression[]? arrayDimensions = null)
    {
        active &= _differentiates;
        ParameterExpression block = Local(call);
        Expression Part(string name) => Once(Expression.Property(block, name));
        Expression offset = Part(nameof(Block.Offset));
        if (type.IsReal) return new ScalarValue(type, Once(ValueAt(offset)), active ? new SlotNode(offset, false) : null);
        List<Expression> dimensions = [];
        if (arrayDimensions is not null) dimensions.AddRange(arrayDimensions);
        else if (type.Depth > 0) dimensions.Add(Part(nameof(Block.Outer)));
        // A two-dimensional array of reals comes as an array of vectors.
        if (arrayDimensions is null && type is { Depth: 2, Base: BaseType.Real }) dimensions.Add(Part(nameof(Block.Rows)));
        if (type.Base is BaseType.Vector or BaseType.Matrix) dimensions.Add(Part(nameof(Block.Rows)));
        if (type.Base is BaseType.RowVector or BaseType.Matrix) dimensions.Add(Part(nameof(Block.Cols)));
        return new ContainerValue(type, offset, [.. dimensions]) { IsActive = active, IsFresh = true };
    }

    private ContainerValue FromIntBlock(Expression call)
    {
        ParameterExpression block = Local(call);
        return new ContainerValue(new StanType(BaseType.Int, 1), Once(Expression.Property(block, nameof(IntBlock.Offset))), [Once(Expression.Property(block, nameof(IntBlock.Count)))]) { IsFresh = true };
    }
}
