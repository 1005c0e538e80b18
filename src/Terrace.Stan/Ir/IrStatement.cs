using Terrace.Stan.Syntax;

namespace Terrace.Stan.Ir;

/// <summary>A statement with all names resolved and all shorthand written out.</summary>
internal abstract record IrStatement(Span Span);

/// <summary>A variable begins, with its definition if it has one.</summary>
internal sealed record IrDeclaration(IrSymbol Symbol, IrExpression? Value, Span Span) : IrStatement(Span);

/// <summary>An assignment to a variable or to a part of it.</summary>
/// <param name="Symbol">The variable.</param>
/// <param name="Path">Indexes and tuple elements that lead to the part, outermost first; empty for the whole.</param>
/// <param name="Value">The value, converted to the type of the part.</param>
/// <param name="Span">Its place.</param>
internal sealed record IrAssignment(IrSymbol Symbol, IReadOnlyList<IrPathStep> Path, IrExpression Value, Span Span) : IrStatement(Span);

/// <summary>A step to a part of a variable: indexes, or a tuple's element.</summary>
internal sealed record IrPathStep(IReadOnlyList<IrIndex> Indexes, int TupleElement = -1);

/// <summary>Several variables at once from a tuple.</summary>
internal sealed record IrUnpack(IReadOnlyList<IrAssignment> Parts, IrSymbol Temporary, IrExpression Value, Span Span) : IrStatement(Span);

/// <summary>An addition to the target. A container adds the sum of its elements.</summary>
internal sealed record IrTarget(IrExpression Value, bool Jacobian, Span Span) : IrStatement(Span);

/// <summary>A condition.</summary>
internal sealed record IrIf(IrExpression Condition, IrStatement Then, IrStatement? Else, Span Span) : IrStatement(Span);

/// <summary>A loop over the integers from one to another.</summary>
internal sealed record IrFor(IrSymbol Variable, IrExpression Lower, IrExpression Upper, IrStatement Body, Span Span) : IrStatement(Span);

/// <summary>A loop over the elements of a container.</summary>
internal sealed record IrForEach(IrSymbol Variable, IrExpression Container, IrStatement Body, Span Span) : IrStatement(Span);

/// <summary>A loop while a condition holds.</summary>
internal sealed record IrWhile(IrExpression Condition, IrStatement Body, Span Span) : IrStatement(Span);

/// <summary>Statements in order.</summary>
internal sealed record IrBlock(IReadOnlyList<IrStatement> Statements, Span Span) : IrStatement(Span);

/// <summary>The end of a function, with its value.</summary>
internal sealed record IrReturn(IrExpression? Value, Span Span) : IrStatement(Span);

/// <summary>The end of the loop.</summary>
internal sealed record IrBreak(Span Span) : IrStatement(Span);

/// <summary>The end of this round of the loop.</summary>
internal sealed record IrContinue(Span Span) : IrStatement(Span);

/// <summary>Output, or the end of the evaluation or of the run with a message.</summary>
internal sealed record IrMessage(MessageKind Kind, IReadOnlyList<IrExpression> Parts, Span Span) : IrStatement(Span);

/// <summary>A call of a void function.</summary>
internal sealed record IrCallStatement(IrExpression Call, Span Span) : IrStatement(Span);

/// <summary>What a message does.</summary>
internal enum MessageKind
{
    /// <summary>Prints.</summary>
    Print,

    /// <summary>Gives the position density 0.</summary>
    Reject,

    /// <summary>Ends the run.</summary>
    Fatal,
}
