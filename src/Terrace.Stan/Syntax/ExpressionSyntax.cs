namespace Terrace.Stan.Syntax;

/// <summary>An expression as written.</summary>
internal abstract record ExpressionSyntax(Span Span);

/// <summary>An integer.</summary>
internal sealed record IntegerSyntax(string Text, Span Span) : ExpressionSyntax(Span);

/// <summary>A real number.</summary>
internal sealed record RealSyntax(string Text, Span Span) : ExpressionSyntax(Span);

/// <summary>An imaginary number, <c>2i</c>.</summary>
internal sealed record ImaginarySyntax(string Text, Span Span) : ExpressionSyntax(Span);

/// <summary>Quoted text in <c>print</c>, <c>reject</c> and their like, quotes included.</summary>
internal sealed record TextSyntax(string Text, Span Span) : ExpressionSyntax(Span);

/// <summary>A name.</summary>
internal sealed record NameSyntax(string Name, Span Span) : ExpressionSyntax(Span);

/// <summary>A prefix operator: <c>-</c>, <c>+</c>, <c>!</c>.</summary>
internal sealed record PrefixSyntax(string Operator, ExpressionSyntax Operand, Span Span) : ExpressionSyntax(Span);

/// <summary>The transpose <c>'</c>.</summary>
internal sealed record TransposeSyntax(ExpressionSyntax Operand, Span Span) : ExpressionSyntax(Span);

/// <summary>An infix operator.</summary>
internal sealed record InfixSyntax(string Operator, ExpressionSyntax Left, ExpressionSyntax Right, Span Span) : ExpressionSyntax(Span);

/// <summary>The choice <c>a ? b : c</c>.</summary>
internal sealed record ConditionalSyntax(ExpressionSyntax Condition, ExpressionSyntax IfTrue, ExpressionSyntax IfFalse, Span Span) : ExpressionSyntax(Span);

/// <summary>A call. <paramref name="Bar"/> tells whether the first argument is set off by <c>|</c>.</summary>
internal sealed record CallSyntax(NameSyntax Function, IReadOnlyList<ExpressionSyntax> Arguments, bool Bar, Span Span) : ExpressionSyntax(Span);

/// <summary><c>x[i, a:b, :]</c>.</summary>
internal sealed record IndexedSyntax(ExpressionSyntax Target, IReadOnlyList<IndexSyntax> Indexes, Span Span) : ExpressionSyntax(Span);

/// <summary><c>{a, b}</c>, an array.</summary>
internal sealed record ArraySyntax(IReadOnlyList<ExpressionSyntax> Elements, Span Span) : ExpressionSyntax(Span);

/// <summary><c>[a, b]</c>, a row vector, or a matrix of row vectors.</summary>
internal sealed record RowVectorSyntax(IReadOnlyList<ExpressionSyntax> Elements, Span Span) : ExpressionSyntax(Span);

/// <summary><c>(a, b)</c>, a tuple.</summary>
internal sealed record TupleSyntax(IReadOnlyList<ExpressionSyntax> Elements, Span Span) : ExpressionSyntax(Span);

/// <summary><c>t.1</c>.</summary>
internal sealed record TupleElementSyntax(ExpressionSyntax Target, int Element, Span Span) : ExpressionSyntax(Span);

/// <summary>An expression in round brackets.</summary>
internal sealed record ParenthesizedSyntax(ExpressionSyntax Inner, Span Span) : ExpressionSyntax(Span);

/// <summary>What stands where no expression could be read; its fault is already reported.</summary>
internal sealed record MissingSyntax(Span Span) : ExpressionSyntax(Span);

/// <summary>One index within brackets: <c>i</c> (Lower alone, not a range), <c>a:b</c> with either left out, or nothing.</summary>
internal sealed record IndexSyntax(ExpressionSyntax? Lower, ExpressionSyntax? Upper, bool IsRange, Span Span);
