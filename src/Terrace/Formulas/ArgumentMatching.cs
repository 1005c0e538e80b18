using Terrace.Data;

namespace Terrace.Formulas;

/// <summary>Matches the arguments of a call with the parameters of its function: by name first, the rest by position, as R does.</summary>
internal static class ArgumentMatching
{
    /// <summary>The argument for each of <paramref name="parameters"/>, null where it is not given; the first is required.</summary>
    /// <exception cref="FormulaException">An unknown, repeated or surplus argument, or the first is missing.</exception>
    public static Expression?[] Match(this CallExpression call, params ReadOnlySpan<string> parameters)
    {
        var matched = new Expression?[parameters.Length];
        foreach (Argument argument in call.Arguments)
        {
            if (argument.Name is not { } name) continue;
            int i = parameters.IndexOf(name);
            string hint = i < 0 ? NearestName.Hint(name, parameters.ToArray()) : "";
            if (i < 0) throw argument.Value.Place.Fault($"{call.Function}() has no argument '{name}'.{hint} It has: {string.Join(", ", parameters)}.");
            if (matched[i] is not null) throw argument.Value.Place.Fault($"The argument '{name}' of {call.Function}() is given twice.");
            matched[i] = argument.Value;
        }
        foreach (Argument argument in call.Arguments)
        {
            if (argument.Name is not null) continue;
            int i = Array.IndexOf(matched, null);
            if (i < 0) throw argument.Value.Place.Fault($"{call.Function}() takes at most {parameters.Length} argument{(parameters.Length == 1 ? "" : "s")}.");
            matched[i] = argument.Value;
        }
        if (matched[0] is null) throw call.Place.Fault($"{call.Function}() needs the argument '{parameters[0]}'.");
        return matched;
    }
}
