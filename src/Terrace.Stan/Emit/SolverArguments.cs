using Terrace.Stan.Ir;

namespace Terrace.Stan.Emit;

/// <summary>Which arguments of a user's function a solver can differentiate by, and which overload it calls.</summary>
internal static class SolverArguments
{
    private const int Unknown = -1;
    private const int Constant = -2;

    /// <summary>The overload with as many arguments as the solver hands to it; the only one as a rule.</summary>
    public static IrFunction Choose(IrFunctionReference reference, IrBuiltinCall call)
    {
        foreach (IrFunction candidate in reference.Overloads)
        {
            int count = candidate.Arguments.Count;
            if (count > 0 && Source(call.Name, count - 1) == call.Arguments.Count - 1) return candidate;
        }
        return reference.Overloads[0];
    }

    /// <summary>The arguments that are constants whatever the solver does: the time, and data among those handed on.</summary>
    public static bool[] Constants(IrBuiltinCall call, Value?[] values, int count)
    {
        var constant = new bool[count];
        for (int k = 0; k < count; k++)
        {
            int source = Source(call.Name, k);
            constant[k] = source == Constant || (source >= 0 && source < values.Length && values[source] is { } value && !MethodEmitter.DependsOnParameters(value));
        }
        return constant;
    }

    /// <summary>Where argument <paramref name="k"/> of the function comes from: an argument of the solver's call, the unknowns, or a number that the solver makes.</summary>
    private static int Source(string name, int k)
    {
        bool tolerances = name.EndsWith("_tol", StringComparison.Ordinal);
        if (name.StartsWith("ode_", StringComparison.Ordinal)) return k == 0 ? Constant : k == 1 ? Unknown : (tolerances ? 7 : 4) + k - 2;
        if (name.StartsWith("integrate_ode", StringComparison.Ordinal)) return k switch { 0 => Constant, 1 => Unknown, 2 => 4, 3 => Constant, _ => 6 };
        if (name.StartsWith("solve_", StringComparison.Ordinal)) return k == 0 ? Unknown : (tolerances ? 5 : 2) + k - 1;
        if (name.StartsWith("algebra_solver", StringComparison.Ordinal)) return k switch { 0 => Unknown, 1 => 2, 2 => Constant, _ => 4 };
        if (name == "integrate_1d") return k switch { 0 or 1 => Constant, 2 => 3, 3 => Constant, _ => 5 };
        if (name.StartsWith("integrate_1d", StringComparison.Ordinal)) return k < 2 ? Constant : (tolerances ? 6 : 3) + k - 2;
        return k + 1;
    }
}
