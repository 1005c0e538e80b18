namespace Terrace;

/// <summary>Something about a fit that the user should know and that a program can tell by its code.</summary>
/// <param name="Code">What it is: <c>singular-fit</c>, <c>not-converged</c>, <c>aliased</c> …</param>
/// <param name="Message">What it means here, with the names of terms or variables, for people.</param>
public sealed record ModelWarning(string Code, string Message);
