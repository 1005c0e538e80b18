namespace Terrace.Inference.Diagnostics;

/// <summary>Something wrong with a run of chains: what, where, what it does to the numbers, and what to do.</summary>
/// <param name="Code"><c>divergences</c>, <c>max-treedepth</c>, <c>low-ebfmi</c>, <c>high-rhat</c>, <c>low-ess</c> or <c>high-pareto-k</c>.</param>
/// <param name="Message">Sentences for the user.</param>
/// <param name="Variables">The variables it shows in, the worst first.</param>
public sealed record Finding(string Code, string Message, IReadOnlyList<string> Variables);
