using System.Linq.Expressions;
using Terrace.Stan.Types;

namespace Terrace.Stan.Emit;

/// <summary>What the code of an expression leaves: where its value is found.</summary>
internal abstract class Value(StanType type)
{
    /// <summary>The type.</summary>
    public StanType Type { get; } = type;
}

/// <summary>A single number. When it depends on the parameters, <see cref="Node"/> tells how.</summary>
internal sealed class ScalarValue(StanType type, Expression expression, DerivativeNode? node = null) : Value(type)
{
    /// <summary>An expression of type int or double, free of side effects.</summary>
    public Expression Expression { get; } = expression;

    /// <summary>The derivatives, or null of a constant.</summary>
    public DerivativeNode? Node { get; } = node;

    /// <summary>Whether the value depends on the parameters.</summary>
    public bool IsActive => Node is not null;
}

/// <summary>A vector, matrix or array in an arena.</summary>
internal sealed class ContainerValue(StanType type, Expression offset, Expression[] dimensions) : Value(type)
{
    /// <summary>The place of the first element, an int.</summary>
    public Expression Offset { get; } = offset;

    /// <summary>The sizes: of the array dimensions, then of the vector, or rows and columns.</summary>
    public Expression[] Dimensions { get; } = dimensions;

    /// <summary>Whether the values depend on the parameters.</summary>
    public bool IsActive { get; init; }

    /// <summary>Whether nothing else refers to this memory, so that a variable may take it over.</summary>
    public bool IsFresh { get; init; }

    /// <summary>Whether the memory may still change in this evaluation: a variable that is assigned to in parts.</summary>
    public bool IsMutable { get; init; }

    /// <summary>In a scalar loop, the local that tells containers of <see cref="Loops.ScratchMemory"/> apart; null of all others.</summary>
    public ParameterExpression? Scratch { get; init; }
}

/// <summary>A tuple.</summary>
internal sealed class TupleValue(StanType type, IReadOnlyList<Value> elements) : Value(type)
{
    /// <summary>The elements.</summary>
    public IReadOnlyList<Value> Elements { get; } = elements;
}

/// <summary>The derivative of a scalar by the slots that it was computed from: the expression's own graph, differentiated at compile time.</summary>
internal abstract class DerivativeNode;

/// <summary>A value that has a slot.</summary>
internal sealed class SlotNode(Expression slot, bool isMutable) : DerivativeNode
{
    /// <summary>The slot, an int.</summary>
    public Expression Slot { get; } = slot;

    /// <summary>Whether the slot may be overwritten later, so that its adjoint may only be added to in the reverse pass.</summary>
    public bool IsMutable { get; } = isMutable;

    /// <summary>In a scalar loop, the local that tells which container of <see cref="Loops.ScratchMemory"/> the slot belongs to.</summary>
    public ParameterExpression? Scratch { get; init; }
}

/// <summary>A number of a scalar loop, whose adjoint is a local.</summary>
internal sealed class AdjointNode(ParameterExpression adjoint) : DerivativeNode
{
    /// <summary>The local that sums the adjoint.</summary>
    public ParameterExpression Adjoint { get; } = adjoint;
}

/// <summary>A sum over neighbouring elements in a scalar loop: code for its derivatives is written by a call with the adjoint.</summary>
internal sealed class SpanNode(Action<Expression> back) : DerivativeNode
{
    /// <summary>Writes the code that adds to the elements' adjoints.</summary>
    public Action<Expression> Back { get; } = back;
}

/// <summary>An operation with its partial derivatives.</summary>
internal sealed class OperationNode(params (DerivativeNode? Operand, Func<Expression?> Partial)[] edges) : DerivativeNode
{
    /// <summary>The operands that depend on the parameters; a partial of null is 1. Code for a partial is written only where it is used.</summary>
    public IReadOnlyList<(DerivativeNode? Operand, Func<Expression?> Partial)> Edges { get; } = edges;
}
