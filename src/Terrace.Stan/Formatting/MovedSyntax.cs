using Terrace.Stan.Syntax;

namespace Terrace.Stan.Formatting;

/// <summary>A declaration that is printed before the place where it was written, so that comments and blank lines are not drawn along.</summary>
internal sealed record MovedSyntax(StatementSyntax Statement) : StatementSyntax(Statement.Span);
