using Terrace.Stan.Syntax;
using Terrace.Stan.Types;

namespace Terrace.Stan.Ir;

/// <summary>A typed expression with all names resolved.</summary>
internal abstract record IrExpression(StanType Type, Span Span);

/// <summary>An integer.</summary>
internal sealed record IrInteger(int Value, Span Span) : IrExpression(StanType.Int, Span);

/// <summary>A real number.</summary>
internal sealed record IrReal(double Value, Span Span) : IrExpression(StanType.Real, Span);

/// <summary>A variable.</summary>
internal sealed record IrVariable(IrSymbol Symbol, Span Span) : IrExpression(Symbol.Type, Span);

/// <summary>An operator of the language, by its sign; prefix minus is <c>neg</c>, transpose <c>'</c>.</summary>
internal sealed record IrOperator(string Sign, IReadOnlyList<IrExpression> Operands, StanType Type, Span Span) : IrExpression(Type, Span);

/// <summary>A call of a built-in function.</summary>
/// <param name="Name">Its name today.</param>
/// <param name="Function">Its line in the signature tables, or null for an intrinsic.</param>
/// <param name="Arguments">The arguments.</param>
/// <param name="DropConstants">Whether terms that do not depend on the parameters may be left out (<c>~</c> and <c>_lupdf</c>).</param>
/// <param name="Type">The type of the result.</param>
/// <param name="Span">Its place.</param>
internal sealed record IrBuiltinCall(string Name, BuiltinFunction? Function, IReadOnlyList<IrExpression> Arguments, bool DropConstants, StanType Type, Span Span) : IrExpression(Type, Span);

/// <summary>A call of a user's function.</summary>
internal sealed record IrUserCall(IrFunction Function, IReadOnlyList<IrExpression> Arguments, bool DropConstants, Span Span) : IrExpression(Function.Returns, Span);

/// <summary>A user's function handed to a solver.</summary>
internal sealed record IrFunctionReference(IReadOnlyList<IrFunction> Overloads, Span Span) : IrExpression(StanType.Function, Span);

/// <summary>A part of a container.</summary>
internal sealed record IrIndexed(IrExpression Target, IReadOnlyList<IrIndex> Indexes, StanType Type, Span Span) : IrExpression(Type, Span);

/// <summary>A choice.</summary>
internal sealed record IrConditional(IrExpression Condition, IrExpression IfTrue, IrExpression IfFalse, StanType Type, Span Span) : IrExpression(Type, Span);

/// <summary>An array from its elements.</summary>
internal sealed record IrArray(IReadOnlyList<IrExpression> Elements, StanType Type, Span Span) : IrExpression(Type, Span);

/// <summary>A row vector from numbers, or a matrix from row vectors.</summary>
internal sealed record IrRowVector(IReadOnlyList<IrExpression> Elements, StanType Type, Span Span) : IrExpression(Type, Span);

/// <summary>A tuple from its elements.</summary>
internal sealed record IrTuple(IReadOnlyList<IrExpression> Elements, StanType Type, Span Span) : IrExpression(Type, Span);

/// <summary>An element of a tuple, from 0.</summary>
internal sealed record IrTupleElement(IrExpression Target, int Element, StanType Type, Span Span) : IrExpression(Type, Span);

/// <summary>Integers as reals, of the same shape.</summary>
internal sealed record IrPromotion(IrExpression Operand, StanType Type, Span Span) : IrExpression(Type, Span);

/// <summary>The log density so far, <c>target()</c>.</summary>
internal sealed record IrTargetValue(Span Span) : IrExpression(StanType.Real, Span);

/// <summary>Quoted text, without the quotes.</summary>
internal sealed record IrText(string Text, Span Span) : IrExpression(new StanType(BaseType.Text), Span);

/// <summary>What stands for an expression that is wrong; its fault is reported.</summary>
internal sealed record IrFault(Span Span) : IrExpression(StanType.Error, Span);

/// <summary>One index.</summary>
/// <param name="Kind">Whether it picks one place, several, or a range.</param>
/// <param name="First">The place, the places, or the lower end; null where open.</param>
/// <param name="Last">The upper end of a range; null where open.</param>
internal sealed record IrIndex(IndexKind Kind, IrExpression? First, IrExpression? Last);

/// <summary>The kinds of indexes.</summary>
internal enum IndexKind
{
    /// <summary>One place: the dimension is gone.</summary>
    Single,

    /// <summary>An array of places.</summary>
    Multiple,

    /// <summary>From one place to another, either open.</summary>
    Range,
}
