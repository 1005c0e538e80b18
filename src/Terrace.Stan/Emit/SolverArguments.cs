using Terrace.Stan.Ir;

namespace Terrace.Stan.Emit;

/// <summary>Which arguments of a user's function a solver can differentiate by, and which overload it calls.</summary>
internal static class SolverArguments
{
    /// <summary>The overload with a fitting number of arguments; the only one as a rule.</summary>
    public static IrFunction Choose(IrFunctionReference reference, IrBuiltinCall call)
    {
        if (reference.Overloads.Count == 1) return reference.Overloads[0];
        int given = call.Arguments.Count;
        foreach (IrFunction candidate in reference.Overloads) if (candidate.Arguments.Count <= given + 2) return candidate;
        return reference.Overloads[0];
    }

    /// <summary>The arguments that are constants whatever the solver does: the time, and data among those handed on.</summary>
    public static bool[] Constants(IrBuiltinCall call, Value?[] values, int count)
    {
        var constant = new bool[count];
        if (call.Name.StartsWith("ode_", StringComparison.Ordinal) || call.Name.StartsWith("integrate_ode", StringComparison.Ordinal)) constant[0] = true;
        if (call.Name.StartsWith("integrate_ode", StringComparison.Ordinal) && count > 3) constant[3] = true;
        // Arguments handed on stand at the end of both lists.
        for (int k = 0; k < count; k++)
        {
            int from = values.Length - 1 - k, to = count - 1 - k;
            if (from <= 0 || to < 2 || call.Name.StartsWith("integrate_ode", StringComparison.Ordinal)) break;
            if (values[from] is { } value && !MethodEmitter.DependsOnParameters(value)) constant[to] = true;
        }
        return constant;
    }
}
