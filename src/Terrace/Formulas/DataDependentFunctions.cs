namespace Terrace.Formulas;

/// <summary>The functions whose value in one row depends on the whole column, so that they must be learned from the training data and remembered.</summary>
internal static class DataDependentFunctions
{
    /// <summary>Their names.</summary>
    public static readonly IReadOnlyList<string> Names =
        ["factor", "as.factor", "ordered", "as.ordered", "relevel", "cut", "poly", "ns", "bs", "scale", "mean", "median", "sd", "var", "min", "max"];

    /// <summary>Whether <paramref name="call"/> calls one of them.</summary>
    public static bool Contains(CallExpression call) => Names.Contains(call.Function, StringComparer.Ordinal);

    /// <summary>The argument that is data: the one called <c>x</c>, or the first without a name.</summary>
    public static Expression FirstArgument(CallExpression call) =>
        (call.Arguments.FirstOrDefault(argument => argument.Name == "x") ?? call.Arguments.FirstOrDefault(argument => argument.Name is null))?.Value
        ?? throw call.Place.Fault($"{call.Function}() needs the argument 'x'.");
}
