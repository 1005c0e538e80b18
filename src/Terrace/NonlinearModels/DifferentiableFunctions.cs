using Terrace.Formulas;

namespace Terrace.NonlinearModels;

/// <summary>The value of a function of one number and its derivative, given the argument and the value.</summary>
internal sealed record DifferentiableFunction(Func<double, double> Value, Func<double, double, double> Derivative);

/// <summary>The functions that a mean function may apply to expressions with parameters.</summary>
/// <remarks>Derivatives as tabulated by Abramowitz and Stegun (1964), chapters 4 and 7. Check: NonlinearMeanTests, by differences.</remarks>
internal static class DifferentiableFunctions
{
    private static readonly Dictionary<string, DifferentiableFunction> ByName = new(StringComparer.Ordinal)
    {
        ["I"] = new(static x => x, static (_, _) => 1),
        ["identity"] = new(static x => x, static (_, _) => 1),
        ["exp"] = new(Math.Exp, static (_, f) => f),
        ["log"] = new(Math.Log, static (x, _) => 1 / x),
        ["log2"] = new(Math.Log2, static (x, _) => 1 / (x * Math.Log(2))),
        ["log10"] = new(Math.Log10, static (x, _) => 1 / (x * Math.Log(10))),
        ["log1p"] = new(FunctionEvaluation.Log1P, static (x, _) => 1 / (1 + x)),
        ["expm1"] = new(FunctionEvaluation.ExpM1, static (_, f) => f + 1),
        ["sqrt"] = new(Math.Sqrt, static (_, f) => 0.5 / f),
        ["abs"] = new(Math.Abs, static (x, _) => x < 0 ? -1 : 1),
        ["sin"] = new(Math.Sin, static (x, _) => Math.Cos(x)),
        ["cos"] = new(Math.Cos, static (x, _) => -Math.Sin(x)),
        ["tan"] = new(Math.Tan, static (_, f) => 1 + f * f),
        ["asin"] = new(Math.Asin, static (x, _) => 1 / Math.Sqrt(1 - x * x)),
        ["acos"] = new(Math.Acos, static (x, _) => -1 / Math.Sqrt(1 - x * x)),
        ["atan"] = new(Math.Atan, static (x, _) => 1 / (1 + x * x)),
        ["sinh"] = new(Math.Sinh, static (x, _) => Math.Cosh(x)),
        ["cosh"] = new(Math.Cosh, static (x, _) => Math.Sinh(x)),
        ["tanh"] = new(Math.Tanh, static (_, f) => 1 - f * f),
        ["plogis"] = new(static x => 1 / (1 + Math.Exp(-x)), static (_, f) => f * (1 - f)),
        ["qlogis"] = new(static p => Math.Log(p / (1 - p)), static (p, _) => 1 / (p * (1 - p))),
    };

    /// <summary>The names.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>The function of a name, or null.</summary>
    public static DifferentiableFunction? Find(string name) => ByName.GetValueOrDefault(name);
}
