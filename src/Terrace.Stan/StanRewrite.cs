using Terrace.Stan.Syntax;

namespace Terrace.Stan;

/// <summary>Effects with a normal distribution that are, or can be, sampled as location + scale × z.</summary>
/// <param name="Parameter">The effects.</param>
/// <param name="Location">The location, as the program has it.</param>
/// <param name="Scale">The scale, as the program has it.</param>
/// <param name="Place">The statement that says so.</param>
public sealed record StanRewrite(string Parameter, string Location, string Scale, Span Place);
