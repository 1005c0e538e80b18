using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;
using Terrace.Stan.Syntax;
using Terrace.Stan.Types;

namespace Terrace.Stan.Lowering;

/// <summary>Resolves calls: the user's functions, the library's, and their old names.</summary>
internal sealed class CallLowering(LoweringContext context, ExpressionLowering expressions)
{
    private static readonly string[] DensitySuffixes = ["_lpdf", "_lpmf", "_log"];

    /// <summary>A call in an expression.</summary>
    public IrExpression Lower(CallSyntax e)
    {
        string name = e.Function.Name;
        if (name is "target" or "get_lp" && e.Arguments.Count == 0)
        {
            if (name == "get_lp") context.Diagnostics.Deprecate("old-name", "`get_lp()` is an old form", e.Span, "write `target()`");
            return new IrTargetValue(e.Span);
        }
        IrExpression[] arguments = new IrExpression[e.Arguments.Count];
        for (int i = 0; i < arguments.Length; i++) arguments[i] = FunctionArgument(e.Arguments[i]) ?? expressions.Lower(e.Arguments[i]);
        if (arguments.Any(argument => argument is IrFault)) return new IrFault(e.Span);
        if (name == "if_else" && arguments.Length == 3 && !context.Functions.ContainsKey(name))
        {
            context.Diagnostics.Deprecate("old-name", "`if_else` is an old form", e.Function.Span, "write `condition ? a : b`");
            return expressions.Choice(arguments[0], arguments[1], arguments[2], e.Span);
        }
        bool unnormalised = e.Function.Name.StartsWith("reduce_sum", StringComparison.Ordinal) && e.Arguments is [NameSyntax summed, ..] && (summed.Name.EndsWith("_lupdf", StringComparison.Ordinal) || summed.Name.EndsWith("_lupmf", StringComparison.Ordinal));
        return Resolve(e.Function, arguments, e.Bar, e.Span, unnormalised);
    }

    /// <summary>The name of a user's function where a solver takes one.</summary>
    private IrFunctionReference? FunctionArgument(ExpressionSyntax argument)
    {
        if (argument is not NameSyntax name || context.Scope.Find(name.Name) is not null) return null;
        string function = name.Name.Replace("_lupdf", "_lpdf", StringComparison.Ordinal).Replace("_lupmf", "_lpmf", StringComparison.Ordinal);
        return context.Functions.TryGetValue(function, out List<IrFunction>? overloads) ? new IrFunctionReference(overloads, name.Span) : null;
    }

    private IrExpression Resolve(NameSyntax function, IrExpression[] arguments, bool bar, Span span, bool unnormalised)
    {
        string name = function.Name;
        bool dropConstants = unnormalised || name.EndsWith("_lupdf", StringComparison.Ordinal) || name.EndsWith("_lupmf", StringComparison.Ordinal);
        if (dropConstants && !unnormalised && !context.Functions.ContainsKey(name)) name = name.Replace("_lupdf", "_lpdf", StringComparison.Ordinal).Replace("_lupmf", "_lpmf", StringComparison.Ordinal);
        if (User(name, arguments, span, dropConstants) is { } own) return own;
        string modern = OldNames.Modern(name);
        if (modern != name) context.Diagnostics.Deprecate("old-name", $"`{name}` is an old name", function.Span, $"write `{modern}`");
        if (modern.EndsWith("_rng", StringComparison.Ordinal) && !context.AllowsRandom)
            return context.Fault("random-place", $"`{modern}` draws random numbers, which is possible in `transformed data`, `generated quantities` and functions whose name ends in `_rng`", function.Span);
        if (IsDensity(modern) && !bar && arguments.Length > 1 && modern == name) context.Diagnostics.Deprecate("missing-bar", $"`{modern}` without `|` is an old form", span, $"write `{modern}({arguments[0].Span} | …)`");
        if (bar && !IsDensity(modern)) return context.Fault("misplaced-bar", $"`{modern}` is no density, so its arguments are separated by commas", function.Span);
        return Builtin(function, modern, arguments, dropConstants, span);
    }

    private static bool IsDensity(string name) => name.EndsWith("_lpdf", StringComparison.Ordinal) || name.EndsWith("_lpmf", StringComparison.Ordinal) || name.EndsWith("_cdf", StringComparison.Ordinal)
        || name.EndsWith("_lcdf", StringComparison.Ordinal) || name.EndsWith("_lccdf", StringComparison.Ordinal);

    private IrExpression Builtin(NameSyntax function, string name, IrExpression[] arguments, bool dropConstants, Span span)
    {
        StanType[] types = [.. arguments.Select(argument => argument.Type)];
        if (name is "reduce_sum" or "reduce_sum_static" && arguments is [IrFunctionReference summed, var slices, _, ..]) return ReducedSum(name, summed, slices, arguments[3..], dropConstants, span);
        if (Intrinsics.Result(name, types) is { } intrinsic) return new IrBuiltinCall(name, null, Settle(name, arguments, intrinsic), false, intrinsic, span);
        if (OperatorFunction(name, arguments, span) is { } operation) return operation;
        IReadOnlyList<BuiltinFunction> overloads = FunctionLibrary.Find(name);
        if (Best(overloads, types) is { } found)
            return new IrBuiltinCall(name, found, arguments, dropConstants, found.ResultFor(types), span);
        string given = string.Join(", ", types.Select(type => type.ToString()));
        if (overloads.Count > 0 || Intrinsics.Names.Contains(name))
        {
            string[] known = [.. overloads.Select(overload => overload.ToString()).Distinct().Take(6)];
            return context.Fault("argument-types", $"`{name}` does not take ({given})", span, known.Length == 0 ? null : "it takes: " + string.Join("; ", known));
        }
        if (Unsupported.Reason(name) is { } reason) return context.Fault("unsupported-function", $"`{name}` is a function of Stan that is not supported here", function.Span, reason);
        string? near = Nearest.Name(name, [.. FunctionLibrary.Names, .. Intrinsics.Names, .. context.Functions.Keys]);
        return context.Fault("unknown-function", $"there is no function `{name}`", function.Span, near is null ? null : $"did you mean `{near}`?");
    }

    /// <summary>reduce_sum, as the sum over the one slice that holds everything: f(x, 1, size(x), …); 0 without elements. The grain size tells how work could be shared, which changes no value.</summary>
    private IrExpression ReducedSum(string name, IrFunctionReference function, IrExpression slices, IrExpression[] shared, bool dropConstants, Span span)
    {
        if (slices.Type.Depth == 0) return context.Fault("argument-types", $"`{name}` sums over an array, and this is {slices.Type}", slices.Span);
        var size = new IrBuiltinCall("size", null, [slices], false, StanType.Int, span);
        IrExpression[] arguments = [slices, new IrInteger(1, span), size, .. shared];
        if (User(function.Overloads[0].Name, arguments, span, dropConstants) is not { } sum) return new IrFault(span);
        if (sum is IrUserCall && !sum.Type.Equals(StanType.Real)) return context.Fault("argument-types", $"`{name}` takes a function that returns a real, and `{function.Overloads[0].Name}` returns {sum.Type}", function.Span);
        if (sum is IrFault) return sum;
        var none = new IrOperator("==", [size, new IrInteger(0, span)], StanType.Int, span);
        return new IrConditional(none, new IrReal(0, span), sum, StanType.Real, span);
    }

    private IrExpression[] Settle(string name, IrExpression[] arguments, StanType result) =>
        name == "append_array" ? [.. arguments.Select(argument => context.Convert(argument, result, "an argument"))] : arguments;

    /// <summary>Functions that stand for an operator: <c>add(a, b)</c>, <c>transpose(x)</c>.</summary>
    private static IrOperator? OperatorFunction(string name, IrExpression[] arguments, Span span)
    {
        string? sign = name switch
        {
            "add" => "+",
            "subtract" => "-",
            "multiply" => "*",
            "divide" => "/",
            "elt_multiply" => ".*",
            "elt_divide" => "./",
            "modulus" => "%",
            "minus" => "neg",
            "transpose" => "'",
            "mdivide_left" => "\\",
            "mdivide_right" => "/",
            _ => null,
        };
        if (sign is null) return null;
        StanType? type = arguments.Length switch
        {
            1 when sign == "'" => OperatorTypes.Transpose(arguments[0].Type),
            1 when sign == "neg" => OperatorTypes.Prefix("-", arguments[0].Type),
            2 => OperatorTypes.Infix(sign, arguments[0].Type, arguments[1].Type),
            _ => null,
        };
        return type is null ? null : new IrOperator(sign, arguments, type, span);
    }

    private static BuiltinFunction? Best(IReadOnlyList<BuiltinFunction> overloads, StanType[] types)
    {
        BuiltinFunction? best = null;
        int least = int.MaxValue;
        foreach (BuiltinFunction candidate in overloads)
        {
            if (candidate.Kind == BuiltinKind.Vectorised) continue;
            int cost = candidate.Cost(types);
            if (cost < 0 || cost >= least) continue;
            best = candidate;
            least = cost;
        }
        return best;
    }

    /// <summary>A call of a user's function, or null if there is none of this name.</summary>
    private IrExpression? User(string name, IrExpression[] arguments, Span span, bool dropConstants)
    {
        if (!context.Functions.TryGetValue(name, out List<IrFunction>? overloads)) return null;
        IrFunction? best = null;
        int least = int.MaxValue;
        bool ambiguous = false;
        foreach (IrFunction candidate in overloads)
        {
            int cost = Cost(candidate, arguments);
            if (cost < 0 || cost > least) continue;
            ambiguous = cost == least && best is not null && !SameSignature(best, candidate);
            best = candidate;
            least = cost;
        }
        if (best is null)
        {
            if (FunctionLibrary.Find(name).Count > 0) return null;
            string given = string.Join(", ", arguments.Select(argument => argument.Type.ToString()));
            return context.Fault("argument-types", $"`{name}` does not take ({given})", span, "declared: " + string.Join("; ", overloads.Select(overload => overload.ToString()).Distinct().Take(6)));
        }
        if (ambiguous) return context.Fault("ambiguous-call", $"several functions `{name}` fit these arguments equally well", span);
        if (name.EndsWith("_rng", StringComparison.Ordinal) && !context.AllowsRandom)
            return context.Fault("random-place", $"`{name}` draws random numbers, which is possible in `transformed data`, `generated quantities` and functions whose name ends in `_rng`", span);
        if (name.EndsWith("_lp", StringComparison.Ordinal) && !context.AllowsTarget && context.Block != ProgramBlock.TransformedParameters)
            return context.Fault("target-place", $"`{name}` adds to the target, which is possible in `model`, `transformed parameters` and functions whose name ends in `_lp`", span);
        for (int i = 0; i < arguments.Length; i++) arguments[i] = context.Convert(arguments[i], best.Arguments[i].Type, $"argument {i + 1} of `{name}`");
        return new IrUserCall(best, arguments, dropConstants, span);
    }

    private static bool SameSignature(IrFunction a, IrFunction b) => a.Arguments.Select(argument => argument.Type).SequenceEqual(b.Arguments.Select(argument => argument.Type));

    private static int Cost(IrFunction function, IrExpression[] arguments)
    {
        if (function.Arguments.Count != arguments.Length) return -1;
        int cost = 0;
        for (int i = 0; i < arguments.Length; i++)
        {
            StanType given = arguments[i].Type, wanted = function.Arguments[i].Type;
            if (!given.ConvertsTo(wanted)) return -1;
            if (!given.Equals(wanted)) cost++;
        }
        return cost;
    }

    /// <summary>The density of <c>y ~ name(arguments)</c>, with constants dropped.</summary>
    public IrExpression Density(NameSyntax distribution, IrExpression[] arguments, Span span)
    {
        string name = distribution.Name;
        foreach (string suffix in DensitySuffixes)
        {
            if (context.Functions.ContainsKey(name + suffix) && User(name + suffix, arguments, span, true) is { } own) return own;
        }
        foreach (string suffix in (string[])["_lpdf", "_lpmf"])
        {
            if (FunctionLibrary.Find(name + suffix).Count > 0) return Builtin(distribution, name + suffix, arguments, true, span);
        }
        foreach (string suffix in DensitySuffixes)
        {
            if (!name.EndsWith(suffix, StringComparison.Ordinal)) continue;
            string stem = name[..^suffix.Length];
            return context.Fault("distribution-name", $"`~` takes the distribution's name without `{suffix}`", distribution.Span, $"write `~ {stem}(…)`");
        }
        string? near = Nearest.Name(name, FunctionLibrary.Names.Where(IsLogDensity).Select(known => known[..^"_lpdf".Length]).Concat(context.Functions.Keys.Where(IsLogDensity).Select(known => known[..^"_lpdf".Length])));
        return context.Fault("unknown-distribution", $"there is no distribution `{name}`", distribution.Span, near is null ? $"a function `{name}_lpdf` or `{name}_lpmf` would make one" : $"did you mean `{near}`?");
    }

    private static bool IsLogDensity(string name) => name.EndsWith("_lpdf", StringComparison.Ordinal) || name.EndsWith("_lpmf", StringComparison.Ordinal);

    /// <summary>A cumulative function of the distribution of <c>~</c>, for a truncation; null if there is none.</summary>
    public IrExpression? Cumulative(NameSyntax distribution, string suffix, IrExpression[] arguments, Span span)
    {
        string name = distribution.Name + suffix;
        if (context.Functions.ContainsKey(name)) return User(name, arguments, span, false);
        StanType[] types = [.. arguments.Select(argument => argument.Type)];
        return Best(FunctionLibrary.Find(name), types) is { } found ? new IrBuiltinCall(name, found, arguments, false, StanType.Real, span) : null;
    }
}
