using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;
using Terrace.Stan.Syntax;

namespace Terrace.Stan.Analysis;

/// <summary>Branches and loops that depend on parameters, where the log density may jump or bend; gradients know nothing of that.</summary>
internal static class ParameterDependentControl
{
    /// <summary>Warns at each condition in transformed parameters and the model.</summary>
    public static void Check(IrProgram program, ParameterDependence dependence, DiagnosticBag diagnostics)
    {
        foreach (IrStatement s in program.TransformedParameters.Concat(program.Model).SelectMany(IrWalk.All))
        {
            (string what, IrExpression[] conditions) = s switch
            {
                // Truncations are written out as conditions that point at the brackets of `T[…]`; they are meant.
                IrIf { Condition: not IrBuiltinCall { Name: "any_above" or "any_below" } } x => ("this branch", [x.Condition]),
                IrWhile x => ("the length of this loop", [x.Condition]),
                IrFor x => ("the length of this loop", [x.Lower, x.Upper]),
                _ => ("", System.Array.Empty<IrExpression>()),
            };
            foreach (IrExpression condition in conditions) Tell(what, condition);
            foreach (IrConditional choice in IrWalk.Expressions(s).SelectMany(IrWalk.All).OfType<IrConditional>()) Tell("this choice", choice.Condition);
        }

        void Tell(string what, IrExpression condition)
        {
            HashSet<IrSymbol> parameters = dependence.Parameters(condition);
            if (parameters.Count == 0) return;
            string names = string.Join(", ", parameters.OrderBy(parameter => parameter.Span.Start).Take(3).Select(parameter => $"`{parameter.Name}`"));
            Span span = condition.Span;
            diagnostics.Warn("parameter-dependent-control", $"{what} depends on the parameter{(parameters.Count > 1 ? "s" : "")} {names}, so the log density may jump where it changes", span,
                "the sampler follows gradients and cannot see a jump; use a smooth function, or sum over the cases with `log_mix`");
        }
    }
}
