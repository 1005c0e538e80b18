namespace Terrace.Stan.Syntax;

/// <summary>A statement as written.</summary>
internal abstract record StatementSyntax(Span Span);

/// <summary>A type as written, sized or not.</summary>
/// <param name="Base"><c>int</c>, <c>vector</c>, <c>simplex</c>, <c>tuple</c> …</param>
/// <param name="Sizes">The sizes of a vector or matrix; empty in an unsized type.</param>
/// <param name="Constraints">Bounds, offset and multiplier by name.</param>
/// <param name="ArraySizes">Sizes of the array dimensions; null where left open.</param>
/// <param name="Elements">The types of a tuple's elements.</param>
/// <param name="IsOldArray">Whether the array dimensions were written in the old places.</param>
/// <param name="Span">Its place.</param>
internal sealed record TypeSyntax(
    string Base, IReadOnlyList<ExpressionSyntax> Sizes, IReadOnlyList<ConstraintSyntax> Constraints, IReadOnlyList<ExpressionSyntax?> ArraySizes, IReadOnlyList<TypeSyntax> Elements, bool IsOldArray, Span Span);

/// <summary><c>lower = 0</c> within angle brackets.</summary>
internal sealed record ConstraintSyntax(string Name, ExpressionSyntax Value, Span Span);

/// <summary>A declaration, perhaps with a definition.</summary>
internal sealed record DeclarationSyntax(TypeSyntax Type, NameSyntax Name, ExpressionSyntax? Value, Span Span) : StatementSyntax(Span);

/// <summary>Several variables declared together: <c>real a, b = 1;</c>.</summary>
internal sealed record DeclarationListSyntax(IReadOnlyList<DeclarationSyntax> Declarations, Span Span) : StatementSyntax(Span);

/// <summary>An assignment; the operator is <c>=</c>, <c>&lt;-</c> or a compound one.</summary>
internal sealed record AssignmentSyntax(ExpressionSyntax Target, string Operator, ExpressionSyntax Value, Span Span) : StatementSyntax(Span);

/// <summary><c>target += e</c> or <c>jacobian += e</c>; <paramref name="Old"/> for <c>increment_log_prob(e)</c>.</summary>
internal sealed record TargetSyntax(bool Jacobian, ExpressionSyntax Value, bool Old, Span Span) : StatementSyntax(Span);

/// <summary><c>y ~ normal(mu, sigma) T[lower, upper]</c>.</summary>
internal sealed record TildeSyntax(ExpressionSyntax Outcome, NameSyntax Distribution, IReadOnlyList<ExpressionSyntax> Arguments, TruncationSyntax? Truncation, Span Span) : StatementSyntax(Span);

/// <summary><c>T[lower, upper]</c>.</summary>
internal sealed record TruncationSyntax(ExpressionSyntax? Lower, ExpressionSyntax? Upper, Span Span);

/// <summary>A call as a statement: a void function, or <c>print</c>, <c>reject</c>, <c>fatal_error</c>.</summary>
internal sealed record CallStatementSyntax(CallSyntax Call, Span Span) : StatementSyntax(Span);

/// <summary><c>if</c>.</summary>
internal sealed record IfSyntax(ExpressionSyntax Condition, StatementSyntax Then, StatementSyntax? Else, Span Span) : StatementSyntax(Span);

/// <summary><c>for (i in a:b)</c>; without <paramref name="Upper"/>, <c>for (x in container)</c>.</summary>
internal sealed record ForSyntax(NameSyntax Variable, ExpressionSyntax Lower, ExpressionSyntax? Upper, StatementSyntax Body, Span Span) : StatementSyntax(Span);

/// <summary><c>while</c>.</summary>
internal sealed record WhileSyntax(ExpressionSyntax Condition, StatementSyntax Body, Span Span) : StatementSyntax(Span);

/// <summary><c>{ … }</c>, or <c>profile("name") { … }</c>.</summary>
internal sealed record BlockSyntax(IReadOnlyList<StatementSyntax> Statements, string? Profile, Span Span) : StatementSyntax(Span);

/// <summary><c>return</c>.</summary>
internal sealed record ReturnSyntax(ExpressionSyntax? Value, Span Span) : StatementSyntax(Span);

/// <summary><c>break</c>.</summary>
internal sealed record BreakSyntax(Span Span) : StatementSyntax(Span);

/// <summary><c>continue</c>.</summary>
internal sealed record ContinueSyntax(Span Span) : StatementSyntax(Span);

/// <summary>A lone semicolon.</summary>
internal sealed record EmptySyntax(Span Span) : StatementSyntax(Span);

/// <summary>A function's argument.</summary>
internal sealed record ArgumentSyntax(bool IsData, TypeSyntax Type, NameSyntax Name);

/// <summary>A user's function; without a body it is declared for later.</summary>
internal sealed record FunctionSyntax(TypeSyntax? Returns, NameSyntax Name, IReadOnlyList<ArgumentSyntax> Arguments, StatementSyntax? Body, Span Span);

/// <summary>The blocks of a program; null where a block is left out.</summary>
internal sealed record ProgramSyntax(
    IReadOnlyList<FunctionSyntax>? Functions, BlockSyntax? Data, BlockSyntax? TransformedData, BlockSyntax? Parameters, BlockSyntax? TransformedParameters, BlockSyntax? Model,
    BlockSyntax? GeneratedQuantities, IReadOnlyList<Comment> Comments, IReadOnlyDictionary<string, Span> BlockSpans);
